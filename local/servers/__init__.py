"""The real PostgreSQL, Valkey and SeaweedFS, from wheels, for one machine.

Each server is a class with the same small interface (`Server`): made with a folder that holds all it keeps,
`start()`, `stop()`, and for tests of faults `kill()` and `restart()`. All of it blocks; from a coroutine use
`asyncio.to_thread`. Each is a context manager too:

    with Postgres(folder) as postgres, Valkey(other) as valkey: ...

`start_all` starts several at once, which takes as long as the slowest (SeaweedFS, three seconds).
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from local.servers.postgres import Database, Postgres
from local.servers.seaweedfs import SeaweedFS
from local.servers.server import Server, ServerError
from local.servers.valkey import Valkey

__all__ = ["Database", "Postgres", "SeaweedFS", "Server", "ServerError", "Valkey", "start_all", "stop_all"]


def start_all(servers: Iterable[Server]) -> None:
    """Start the servers at once; if one can't start, stop the others.

    Raises:
        ServerError: The first failure, after everything is stopped again.
    """
    servers = list(servers)
    with ThreadPoolExecutor(max(len(servers), 1)) as pool:
        starts = [pool.submit(server.start) for server in servers]
    try:
        for start in starts:
            start.result()
    except BaseException:
        stop_all(servers)
        raise


def stop_all(servers: Iterable[Server]) -> None:
    """Stop the servers at once, also those that are not running."""
    servers = list(servers)
    with ThreadPoolExecutor(max(len(servers), 1)) as pool:
        for stop in [pool.submit(server.stop) for server in servers]:
            stop.result()
