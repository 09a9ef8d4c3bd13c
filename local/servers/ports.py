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


class Reservations:
    """Ports that are promised to processes which do not listen yet, so that several stacks can start at once.

    A promise is a UDP socket with the port's number: TCP does not mind it, other stacks look for it, and the system
    takes it back however this process ends. Close it when the processes have ended.
    """

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []

    def take(self, port: int) -> bool:
        """Reserve this port, unless somebody listens on it or has reserved it."""
        promise = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            promise.bind((LOOPBACK, port))
        except (OSError, OverflowError):  # the latter above 65535
            promise.close()
            return False
        self._sockets.append(promise)
        return is_free(port)

    def next(self, port: int) -> int:
        """Reserve this port or the first of the hundred after it that can be had.

        Raises:
            OSError: When there is none.
        """
        for candidate in range(port, port + 100):
            if self.take(candidate):
                return candidate
        raise OSError(f"no port from {port} to {port + 99} is free")

    def any(self) -> int:
        """Reserve any port."""
        return self.next(free_ports(1)[0])

    def close(self) -> None:
        """Give all ports back."""
        for promise in self._sockets:
            promise.close()
