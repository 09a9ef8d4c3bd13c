"""The whole stack, as `make run` starts it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core.settings import Settings

ROOT = Path(__file__).parents[3]
PARTS = {"postgres", "valkey", "seaweedfs", "telegram", "claude"}  # what starts at once


class Run:
    """One `python -m local`, with nothing set, whatever this machine's environment and `.env` say."""

    def __init__(self, folder: Path) -> None:
        unset = {name.upper(): "" for name in Settings.model_fields}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local", "--data", str(folder), "--chat-port", "0"],
            cwd=ROOT,
            env=unset | {"PATH": os.environ["PATH"], "HOME": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def says(self, part: str) -> bool:
        """Whether it says a line with this in it, now or later."""
        assert self.process.stdout
        seen = []
        for line in self.process.stdout:
            if part in line:
                return True
            seen.append(line)
        pytest.fail(f"never said {part!r}, but:\n{''.join(seen)}")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for process in running(tmp_path).values():
        process.kill()


def running(folder: Path) -> dict[str, psutil.Process]:
    """The processes that the stack in this folder has recorded and that live, by name."""
    records = {path.stem: path for path in folder.glob("run/*.json")}
    records |= {path.parent.name: path for path in folder.glob("data/*/process.json")}
    found = {}
    for name, record in records.items():
        try:
            process = psutil.Process(json.loads(record.read_text())["pid"])
            if process.status() != psutil.STATUS_ZOMBIE:
                found[name] = process
        except (OSError, ValueError, psutil.Error):
            continue
    return found


def lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.timeout(240)
@pytest.mark.long
def test_it_survives_a_kill_runs_once_serves_and_stops_on_ctrl_c(folder: Path) -> None:
    killed = Run(folder)
    while not running(folder).keys() >= PARTS:
        assert killed.process.poll() is None
        time.sleep(0.05)  # it says nothing between its first line and its last
    killed.process.kill()
    killed.process.communicate()
    left = running(folder)
    assert left.keys() >= PARTS

    run = Run(folder)
    assert run.says("that an earlier start had left behind")
    assert run.says("Marketing Agent runs")
    assert not [name for name, process in left.items() if lives(process)]

    second = Run(folder)
    assert second.says("runs in")
    assert second.process.wait(10) == 1
    second.process.communicate()

    urls = json.loads((folder / "urls.json").read_text())
    for url in (urls["chat"], urls["api"] + "/healthz", urls["api"] + "/readyz"):
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback
            assert answer.status == 200

    parts = running(folder)
    assert parts.keys() >= PARTS | {"web", "worker"}
    began = time.monotonic()
    run.process.send_signal(signal.SIGINT)
    run.process.communicate(timeout=30)
    assert run.process.returncode == 0
    assert time.monotonic() - began < 10
    assert not [name for name, process in parts.items() if lives(process)]
    assert not running(folder)
    assert not (folder / "urls.json").exists()
