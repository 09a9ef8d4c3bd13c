"""Processes that outlived the one that started them, and how to end them without hurting a stranger.

Whoever starts a process writes a record of it; whoever starts the same thing again reads the record first. A
process id alone proves nothing, since ids are used again: the command line must match too, and so must the
time of the start.
"""

import contextlib
import json
import signal
import time
from pathlib import Path

import psutil

CLOCK_SKEW = 60.0
"""Seconds by which a start time may move, since it is counted from a boot time that clock changes move."""


def remember(record: Path, pid: int) -> None:
    """Record the running process `pid` in the file `record`."""
    try:
        process = psutil.Process(pid)
        known = {"pid": pid, "started": process.create_time(), "arguments": _arguments(process)}
    except psutil.Error:
        return  # gone already: nothing to remember
    record.write_text(json.dumps(known))


def _arguments(process: psutil.Process) -> list[str]:
    """What it was started with; for a moment after its start the system knows of no command line."""
    deadline = time.monotonic() + 1
    while not (line := process.cmdline()) and _lives(process) and time.monotonic() < deadline:
        time.sleep(0.001)
    return line[1:]


def forget(record: Path) -> None:
    """Remove the record of a process that has ended."""
    record.unlink(missing_ok=True)


def find(record: Path) -> psutil.Process | None:
    """The recorded process if it still runs, and never another one that was given its id."""
    try:
        known = json.loads(record.read_text())
        process = psutil.Process(known["pid"])
        with process.oneshot():
            same = (
                _lives(process)
                and process.cmdline()[1:] == known["arguments"]
                and abs(process.create_time() - known["started"]) < CLOCK_SKEW
            )
    except (OSError, ValueError, KeyError, psutil.Error):
        return None
    return process if same else None


def end(record: Path, *, stop_signal: signal.Signals = signal.SIGTERM, seconds: float = 5.0) -> bool:
    """End the recorded process and all its descendants, if it still runs.

    Args:
        record: The file that `remember` wrote. It is removed.
        stop_signal: What asks the process to stop.
        seconds: How long it may take before it is killed.

    Returns:
        Whether there was one.
    """
    process = find(record)
    if process is not None:
        family = [process, *descendants(process)]
        process.send_signal(stop_signal)
        kill_after(family, seconds=seconds)
    forget(record)
    return process is not None


def descendants(process: psutil.Process) -> list[psutil.Process]:
    """All children of a process and theirs; none if it is gone."""
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def kill_after(processes: list[psutil.Process], *, seconds: float) -> None:
    """Wait until all have ended, and kill those that have not within `seconds`."""
    for process in _alive_after(processes, seconds=seconds):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    _alive_after(processes, seconds=5)


def _alive_after(processes: list[psutil.Process], *, seconds: float) -> list[psutil.Process]:
    """Those that live after at most `seconds`. A zombie has ended, whenever its parent cares to look."""
    deadline = time.monotonic() + seconds
    while (alive := [process for process in processes if _lives(process)]) and time.monotonic() < deadline:
        time.sleep(0.01)
    return alive


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
