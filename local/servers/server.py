"""What the three servers have in common: a folder, ports, secrets, and one process in a session of its own."""

import json
import os
import secrets
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

import psutil

from local.servers import orphans
from local.servers.ports import free_ports, is_free

_ATTEMPTS = 3  # another process may take a port between our look and the server's bind
_POLL_SECONDS = 0.02


class ServerError(Exception):
    """A server could not be started, or did not do what it was told."""


class Server(ABC):
    """One server that keeps all it has in one folder, and its ports and passwords from start to start.

    The process runs in a session of its own, so that Ctrl-C in the terminal reaches whoever started it, not the
    server. It lives on if its parent is killed; the next `start()` in the same folder ends it first.

    Args:
        folder: Where everything is kept; made when missing, private to this account.
    """

    name: ClassVar[str]
    port_names: ClassVar[tuple[str, ...]]
    secret_names: ClassVar[tuple[str, ...]]
    _variables: ClassVar[dict[str, str]] = {}
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    stop_seconds: ClassVar[float] = 5.0
    start_seconds: ClassVar[float] = 60.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.log = self.folder / f"{self.name}.log"
        self.ports: dict[str, int] = {}
        self.secrets: dict[str, str] = {}
        self._record = self.folder / "process.json"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The settings of the product that name this server, as environment variables. Known after `start()`."""

    @abstractmethod
    def _command(self) -> list[str]:
        """The command that runs the server in the foreground. It must name the folder, and so be unique."""

    @abstractmethod
    def _is_ready(self) -> bool:
        """Whether the server that was just started answers."""

    @abstractmethod
    def _prepare(self) -> None:
        """Make what must exist before the process starts."""

    def _set_up(self) -> None:  # noqa: B027 - not every server needs it
        """Make what must exist inside the server; run after each start, so it must not mind repetition."""

    def _clean(self) -> None:  # noqa: B027 - not every server needs it
        """Remove what a process that was killed left behind."""

    @property
    def _user(self) -> str | None:
        """The account that the process runs under, if not ours."""
        return None

    @property
    def process_id(self) -> int | None:
        """The number of the process that we started, until it is stopped."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether the process that we started is running."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the server, unless it runs, and return when it answers and is set up.

        Raises:
            ServerError: When it does not; the message ends with the last lines of its log.
        """
        if self.alive:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        orphans.end(self._record, stop_signal=self.stop_signal, seconds=self.stop_seconds)
        self._load_state()
        self._clean()
        for attempt in range(1, _ATTEMPTS + 1):
            self._choose_ports(fresh=attempt > 1)
            self._save_state()
            self._prepare()
            self._spawn()
            if self._wait_until_ready():
                break
            exited = not self.alive
            self.kill()
            if attempt == _ATTEMPTS or not exited:
                raise ServerError(f"{self.name} did not start. {self.log} ends with:\n{self._last_lines()}")
        self._set_up()

    def stop(self) -> None:
        """Stop the server: ask, wait `stop_seconds`, kill. Does nothing when it is not running."""
        if self._process is None:
            return
        if self.alive:
            process = psutil.Process(self._process.pid)
            family = orphans.descendants(process)
            process.send_signal(self.stop_signal)
            try:
                self._process.wait(self.stop_seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
            orphans.kill_after(family, seconds=1)
        self._ended()

    def kill(self) -> None:
        """End the server and its children at once (SIGKILL), as a crash would."""
        if self._process is None:
            return
        if self.alive:
            family = orphans.descendants(psutil.Process(self._process.pid))
            self._process.kill()
            orphans.kill_after(family, seconds=0)
        self._ended()

    def restart(self) -> None:
        """Stop the server if it runs, and start it on the same ports with the same data.

        Raises:
            ServerError: As for `start`.
        """
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _spawn(self) -> None:
        variables = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TMPDIR": tempfile.gettempdir()}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self.folder,
                env=variables | self._variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
            )
        orphans.remember(self._record, self._process.pid)

    def _wait_until_ready(self) -> bool:
        deadline = time.monotonic() + self.start_seconds
        while self.alive and time.monotonic() < deadline:
            if self._is_ready():
                return True
            time.sleep(_POLL_SECONDS)
        return False

    def _ended(self) -> None:
        if self._process is not None:
            self._process.wait(5)
        self._process = None
        orphans.forget(self._record)
        self._clean()

    def _choose_ports(self, *, fresh: bool) -> None:
        if fresh or set(self.ports) != set(self.port_names) or not all(map(is_free, self.ports.values())):
            self.ports = dict(zip(self.port_names, free_ports(len(self.port_names)), strict=True))

    @property
    def _state(self) -> Path:
        return self.folder / "state.json"

    def _load_state(self) -> None:
        try:
            state = json.loads(self._state.read_text())
        except FileNotFoundError:
            state = {"ports": {}, "secrets": {}}
        self.ports = state["ports"]
        self.secrets = {name: state["secrets"].get(name) or secrets.token_hex(20) for name in self.secret_names}

    def _save_state(self) -> None:
        write_private(self._state, json.dumps({"ports": self.ports, "secrets": self.secrets}))

    def _last_lines(self, count: int = 15) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
        except OSError:
            return "(nothing)"


def write_private(path: Path, text: str) -> None:
    """Write a file whole or not at all, readable by this account only."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    new.replace(path)
