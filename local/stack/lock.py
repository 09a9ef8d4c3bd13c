"""One stack per folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.stack.part import StackError


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder; the system frees it when this process ends, however it ends.

    Raises:
        StackError: When another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise StackError(
                f"A stack runs in {folder} already, as process {holder}. "
                f"Stop it with Ctrl-C in its terminal, or with `kill {holder}`."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)
