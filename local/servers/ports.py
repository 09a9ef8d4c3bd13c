"""Free ports on loopback, for servers that are told their ports before they start."""

import random
import socket

LOOPBACK = "127.0.0.1"

# Below the ports that Linux (32768) and macOS (49152) hand to outgoing connections, so that nobody's connection
# takes the port of a server while it restarts.
_PORTS = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of loopback now."""
    with socket.socket() as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as servers do: a closing connection is no owner
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Distinct ports that are free now. Another process may still be faster: be ready to try again.

    Raises:
        OSError: When a thousand random ports gave too few.
    """
    found: list[int] = []
    for port in random.sample(_PORTS, 1000):
        if len(found) == count:
            break
        if is_free(port):
            found.append(port)
    if len(found) < count:
        raise OSError(f"no {count} free ports between {_PORTS.start} and {_PORTS.stop}")
    return found
