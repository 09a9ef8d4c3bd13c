"""The product as it really runs, for tests and benchmarks: its processes, and the stand-ins they talk to."""

import asyncio
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

ROOT = Path(__file__).parents[1]
START_SECONDS = 60


class Started(Protocol):
    """What is used here of `asyncio.subprocess.Process`."""

    @property
    def pid(self) -> int:
        """Its number."""

    @property
    def stdout(self) -> asyncio.StreamReader | None:
        """What it says."""

    @property
    def returncode(self) -> int | None:
        """Its exit status, when it has ended."""

    def kill(self) -> None:
        """End it as `kill -9` does."""

    def terminate(self) -> None:
        """Ask it to stop."""

    async def wait(self) -> int:
        """Wait for its end; its exit status."""


Start = Callable[[Sequence[str], Mapping[str, str]], Awaitable[Started]]


async def command(arguments: Sequence[str], environment: Mapping[str, str]) -> Started:
    """Start `python -m` with these arguments, as the Procfile does."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *arguments,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=2**20,
    )


class Process:
    """A process whose output is read, so that a test can wait for a line and show what was said."""

    def __init__(self, name: str, process: Started) -> None:
        self.name = name
        self.lines: list[str] = []
        self._process = process
        self._news = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(
        cls, name: str, *arguments: str, environment: Mapping[str, str], start: Start = command
    ) -> Self:
        """Start `python -m …` with exactly these settings."""
        system = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
        return cls(name, await start(arguments, {**system, **environment}))

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    async def line(self, part: str, seconds: float = START_SECONDS) -> str:
        """The first line that contains `part`, said already or yet to come."""

        def said() -> str | None:
            return next((line for line in self.lines if part in line), None)

        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: said() is not None or self._process.returncode is not None)
        except TimeoutError:
            pass
        found = said()
        if found is None:
            raise AssertionError(f"{self.name} never said {part!r}, but:\n" + "\n".join(self.lines[-40:]))
        return found

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self._process.kill()

    async def stop(self, seconds: float = 30) -> int:
        """Ask it to stop; its exit status."""
        with suppress(ProcessLookupError):
            self._process.terminate()
        return await self.ended(seconds)

    async def ended(self, seconds: float = 30) -> int:
        """Wait for its end; its exit status."""
        try:
            async with asyncio.timeout(seconds):
                status = await self._process.wait()
        except TimeoutError:
            self._process.kill()
            status = await self._process.wait()
        await self._reader
        return status

    async def _read(self) -> None:
        stream = self._process.stdout
        if stream is None:
            raise RuntimeError("the process has no output")
        async for raw in stream:
            async with self._news:
                self.lines.append(raw.decode("utf-8", "replace").rstrip())
                self._news.notify_all()
        await self._process.wait()
        async with self._news:
            self._news.notify_all()


@dataclass
class Stack:
    """Stand-ins, and as many web and worker processes as a test starts on one set of stores."""

    environment: dict[str, str]
    telegram_url: str
    claude_url: str
    start: Start = command
    processes: list[Process] = field(default_factory=list)

    async def start_web(self, *, webhook: bool = False, **settings: str) -> Process:
        """A web process that takes updates in: by long polling, or by a webhook."""
        port = _free_port()
        environment = {**self.environment, "PORT": str(port), **settings}
        if webhook:
            environment |= {
                "PUBLIC_URL": f"http://127.0.0.1:{port}",
                "TELEGRAM_WEBHOOK_SECRET": "a-secret_for-tests",
            }
        process = await Process.start("web", "bot", environment=environment, start=self.start)
        self.processes.append(process)
        await process.line("web_started")
        return process

    async def start_worker(self, **settings: str) -> Process:
        """A worker that takes jobs."""
        environment = {**self.environment, **settings}
        process = await Process.start("worker", "jobs", environment=environment, start=self.start)
        self.processes.append(process)
        await process.line("worker_started")
        return process

    async def close(self) -> None:
        """Stop everything that was started, the latest first."""
        await asyncio.gather(*(process.stop() for process in reversed(self.processes)))

    def said(self) -> str:
        """What the processes said, for the report of a failure."""
        return "\n".join(f"--- {it.name} {it.pid}\n" + "\n".join(it.lines[-60:]) for it in self.processes)


async def open_stack(environment: dict[str, str], folder: Path, *, start: Start = command) -> Stack:
    """Start the stand-ins, and point the settings at them.

    Args:
        environment: The settings of the product.
        folder: Where the stand-in for Telegram keeps everything.
        start: How `python -m …` becomes a process.
    """
    token = environment["TELEGRAM_BOT_TOKEN"]
    plain = {"PYTHONUNBUFFERED": "1"}
    telegram, claude = await asyncio.gather(
        Process.start(
            "telegram",
            *("local.telegram", "--port", "0", "--data", str(folder / "telegram"), "--token", token),
            environment=plain,
            start=start,
        ),
        Process.start("claude", "local.claude", "--port", "0", "--pace", "0", environment=plain, start=start),
    )
    telegram_url, claude_url = [_url(await process.line("http://")) for process in (telegram, claude)]
    settings = {
        "TELEGRAM_API_URL": telegram_url,
        "ANTHROPIC_BASE_URL": claude_url,
        "ANTHROPIC_API_KEY": "sk-ant-for-tests-only",
        "REGISTRATION": "open",
    }
    stack = Stack({**environment, **settings}, telegram_url, claude_url, start)
    stack.processes += [telegram, claude]
    return stack


def _url(line: str) -> str:
    return next(word for word in line.split() if word.startswith("http://")).rstrip(".,/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
