import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.servers import orphans

WAIT = "import signal, sys; print('up', flush=True); signal.pause()"
IGNORE = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAIT}"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {WAIT!r}]); {IGNORE}"


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


def start(started: list[subprocess.Popen[bytes]], script: str, *, ups: int = 1) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    started.append(process)
    assert process.stdout
    for _ in range(ups):
        assert process.stdout.readline() == b"up\n"
    return process


@pytest.mark.parametrize(("script", "end"), [(WAIT, signal.SIGTERM), (IGNORE, signal.SIGKILL)])
def test_a_remembered_process_is_asked_then_killed(
    script: str, end: signal.Signals, started: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    process, record = start(started, script), tmp_path / "record"
    orphans.remember(record, process.pid)
    assert orphans.find(record) == psutil.Process(process.pid)
    assert orphans.end(record, seconds=0.3)
    assert process.wait(5) == -end
    assert not record.exists()


def test_its_children_end_with_it(started: list[subprocess.Popen[bytes]], tmp_path: Path) -> None:
    process, record = start(started, PARENT, ups=2), tmp_path / "record"
    children = psutil.Process(process.pid).children()
    assert children
    orphans.remember(record, process.pid)
    orphans.end(record, seconds=0.1)
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("change", [{"arguments": ["another"]}, {"started": 0.0}])
def test_a_stranger_with_the_same_number_is_left_alone(
    change: dict[str, object], started: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    process, record = start(started, WAIT), tmp_path / "record"
    orphans.remember(record, process.pid)
    record.write_text(json.dumps(json.loads(record.read_text()) | change))
    assert not orphans.end(record)
    assert process.poll() is None
    assert not record.exists()


@pytest.mark.parametrize("text", ["", "{", "{}", '{"pid": 4194305, "started": 0, "arguments": []}'])
def test_a_record_of_nobody_ends_nobody(text: str, tmp_path: Path) -> None:
    record = tmp_path / "record"
    record.write_text(text)
    assert not orphans.end(record)
    assert not orphans.end(record)
