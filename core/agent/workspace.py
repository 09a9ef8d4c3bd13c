"""The folders that agents work in: one for each worker, and in it a new one for each run, closed to others."""

import asyncio
import fcntl
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from uuid import UUID

MAX_FILES = 50
MAX_FILE_BYTES = 1024 * 1024
MAX_TOTAL_BYTES = 5 * 1024 * 1024


class Workspace:
    """One run's folder. The agent sees `work`, and may write below `work/out`; the rest serves its process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.out = self.work / "out"
        self.home = folder / "home"
        self.system_prompt = folder / "system.md"
        self.pid_file = folder / "pid"

    def lay_out(self, system_prompt: str, files: Mapping[str, bytes]) -> None:
        """Put everything in place. The agent's files are read-only.

        Raises:
            ValueError: a path leads out of the folder, or into `out/`.
        """
        for directory in (self.work, self.out, self.home):
            directory.mkdir(mode=0o700)
        self.system_prompt.write_text(system_prompt, encoding="utf-8")
        for name, data in files.items():
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or path.parts[:1] in ((), ("out",)):
                raise ValueError(f"a skill can't have a file {name!r}")
            target = self.work / path
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.write_bytes(data)
            target.chmod(0o400)

    def written(self) -> Iterator[tuple[Path, os.stat_result]]:
        """The regular files below `out/`, in order of their paths. Links are not followed, and not given."""
        for directory, names, files in os.walk(self.out):
            names.sort()
            for name in sorted(files):
                path = Path(directory, name)
                facts = path.lstat()
                if stat.S_ISREG(facts.st_mode):
                    yield path, facts

    def collect(self) -> dict[str, bytes]:
        """What the agent wrote, by path below `out/`, as far as the limits go."""
        files: dict[str, bytes] = {}
        total = 0
        for path, facts in self.written():
            total += facts.st_size
            if len(files) < MAX_FILES and facts.st_size <= MAX_FILE_BYTES and total <= MAX_TOTAL_BYTES:
                files[path.relative_to(self.out).as_posix()] = path.read_bytes()
        return files


class WorkerFolder:
    """A worker's folder. While the worker lives, it holds a lock on it; its death, however it comes, lets go."""

    def __init__(self, base: Path | None = None) -> None:
        base = (base or base_folder()).resolve()
        token = secrets.token_hex(4)
        unborn = base / f".{token}"
        unborn.mkdir(mode=0o700)
        self._lock = lock_file(unborn).open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.path = unborn.rename(base / f"worker-{token}")  # only now can a reaper find it, and it is locked

    @asynccontextmanager
    async def workspace(
        self, run_id: UUID, system_prompt: str, files: Mapping[str, bytes]
    ) -> AsyncIterator[Workspace]:
        """A new folder for a run, removed with all that is in it in the end."""
        folder = Path(tempfile.mkdtemp(prefix=f"{run_id.hex[-8:]}-", dir=self.path))
        space = Workspace(folder)
        try:
            await asyncio.to_thread(space.lay_out, system_prompt, files)
            yield space
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    def close(self) -> None:
        """Remove the folder and let go of it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def base_folder() -> Path:
    """Where the workers' folders lie: in the temporary folder, ours alone.

    Raises:
        PermissionError: somebody else made a folder of this name.
    """
    base = Path(tempfile.gettempdir(), f"marketing-agent-{os.getuid()}")
    base.mkdir(mode=0o700, exist_ok=True)
    facts = base.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid() or facts.st_mode & 0o077:
        raise PermissionError(f"{base} is not ours alone")
    return base


def lock_file(worker: Path) -> Path:
    """The file whose lock says that a worker lives."""
    return worker / "lock"
