"""Ending what a worker that died left behind: processes where the system did not end them, and folders."""

import fcntl
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from core.agent.workspace import base_folder, lock_file

MARK = "MARKETING_AGENT_WORKER"  # in the environment of each agent process: the folder of its worker


def reap_orphans(base: Path | None = None) -> int:
    """End the agents of dead workers, and remove their folders. Called when a worker starts.

    A worker is dead if nobody holds the lock of its folder. Only processes that carry the mark of such a folder in
    their environment are ended.

    Returns:
        How many dead workers there were.
    """
    dead = 0
    for folder in (base or base_folder()).resolve().glob("worker-*"):
        with suppress(OSError), lock_file(folder).open() as lock:  # held by a living worker: not ours to touch
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _end_processes_of(folder)
            shutil.rmtree(folder, ignore_errors=True)
            dead += 1
    return dead


def _end_processes_of(folder: Path) -> None:
    mark = f"{MARK}={folder}".encode()
    for pid, environment in _environments():
        if mark in environment and pid != os.getpid():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _environments() -> Iterator[tuple[int, list[bytes]]]:
    """Our user's processes and their environments."""
    if Path("/proc/self/environ").exists():
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # ended meanwhile, or somebody else's
                yield int(entry.name), (entry / "environ").read_bytes().split(b"\0")
        return
    listed = subprocess.run(["/bin/ps", "-xEww", "-o", "pid=,command="], capture_output=True, check=False)
    for line in listed.stdout.splitlines():
        pid, *words = line.split()
        yield int(pid), words
