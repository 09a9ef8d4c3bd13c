"""The product's processes as forks of one that has imported everything: a start takes no five seconds of CPU.

A fork does what `python -m …` would, with its own settings, output and working folder, and ends as any process
does, by `kill -9` too. The commands as the Procfile has them are started by `tests/local/stack/test_whole.py`.
"""

import asyncio
import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Self

from local.harness import ROOT

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.forks.parent"])


class Fork:
    """One of them, with what the harness uses of `asyncio.subprocess.Process`."""

    def __init__(self, process: ForkServerProcess, pid: int, stdout: asyncio.StreamReader) -> None:
        self.pid = pid
        self.stdout = stdout
        self._process = process
        self._loop = asyncio.get_running_loop()
        self._end: asyncio.Future[int] = self._loop.create_future()
        self._loop.add_reader(process.sentinel, self._ended)

    @classmethod
    async def start(cls, arguments: Sequence[str], environment: Mapping[str, str]) -> Self:
        """Do what `python -m` with these arguments does, with exactly these settings."""
        ours, theirs = _context.Pipe(duplex=False)
        process = _context.Process(target=_become, args=(theirs, arguments, dict(environment)), daemon=True)
        await asyncio.to_thread(process.start)  # the first waits for the imports
        theirs.close()
        stdout = asyncio.StreamReader(limit=2**20)
        pipe = os.fdopen(os.dup(ours.fileno()), "rb", 0)
        ours.close()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdout), pipe)
        if process.pid is None:
            raise RuntimeError("a process that was started has a number")
        return cls(process, process.pid, stdout)

    @property
    def returncode(self) -> int | None:
        """Its exit status, when it has ended."""
        return self._end.result() if self._end.done() else None

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self._process.kill()

    def terminate(self) -> None:
        """Ask it to stop."""
        self._process.terminate()

    async def wait(self) -> int:
        """Wait for its end; its exit status."""
        return await asyncio.shield(self._end)

    def _ended(self) -> None:
        self._loop.remove_reader(self._process.sentinel)
        self._end.set_result(self._process.exitcode or 0)


def _become(output: Connection, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    for stream in (sys.stdout, sys.stderr):
        os.dup2(output.fileno(), stream.fileno())
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(line_buffering=True)
    output.close()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = arguments[1:]
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
