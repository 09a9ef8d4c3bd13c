import asyncio
import os
import signal
import socket
import time
from pathlib import Path

import psutil
import pytest

from local.stack.command_parts import Service, Step
from local.stack.part import Place, StackError
from local.stack.process import Command
from tests.local.stack.conftest import Told

UP = "print('ERROR up', flush=True)"  # an error, so that it is shown, and a test can wait for it
STAY = f"import signal; {UP}; signal.pause()"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {UP}; signal.pause()"
SERVE = """
import http.server, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    answers = iter([503, 503])
    def do_GET(self):
        self.send_response(next(self.answers, 200))
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def command(script: str, *arguments: str, ready: str | None = None, stop_seconds: float = 5) -> Command:
    return Command("worker", ("-c", script, *arguments), ready=ready, stop_seconds=stop_seconds)


def environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"]}


def calm() -> asyncio.Event:
    return asyncio.Event()


async def test_a_step_waits_for_its_end_and_keeps_its_output(place: Place) -> None:
    await Step(command("print('done')"), environment, place).start()
    assert place.log("worker").read_text() == "done\n"


async def test_a_step_that_fails_ends_the_start_with_the_end_of_its_log(place: Place) -> None:
    step = Step(command("import sys; print('KEY: is not set'); sys.exit(2)"), environment, place)
    with pytest.raises(StackError, match=r"worker ended with code 2\. .*worker\.log ends with:\nKEY: is not set"):
        await step.start()


async def test_a_step_that_may_fail_is_told_of(place: Place, told: Told) -> None:
    await Step(command("import sys; sys.exit('bad.md: line 3')"), environment, place, required=False).start()
    assert "bad.md: line 3" in told.lines[0]


async def test_a_step_in_the_middle_can_be_stopped(place: Place, told: Told) -> None:
    step = Step(command(STAY), environment, place)
    starting = asyncio.create_task(step.start())
    await told.line("up")
    starting.cancel()
    await asyncio.wait({starting})
    await step.stop(calm())


async def test_a_process_gets_the_variables_that_it_was_given_and_no_others(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SHELL", "1")
    script = "import os; print(sorted(set(os.environ) - {'LC_CTYPE'}))"
    await Step(command(script), lambda: {"ONLY": "this"}, place).start()
    assert place.log("worker").read_text() == "['ONLY']\n"


async def test_ctrl_c_in_our_terminal_does_not_reach_a_process(place: Place) -> None:
    await Step(command("import os; print(os.getsid(0) == os.getpid())"), environment, place).start()
    assert place.log("worker").read_text() == "True\n"


async def test_errors_are_shown_at_once_with_the_name_in_front(place: Place, told: Told) -> None:
    await Step(command("print('fine'); print('[error    ] lost'); print('fine')"), environment, place).start()
    assert told.lines == ["worker: [error    ] lost"]


async def test_a_service_that_dies_is_started_again(place: Place, told: Told) -> None:
    service = Service(command(STAY), environment, place)
    await service.start()
    await told.line("up")
    os.kill(recorded(place), signal.SIGKILL)
    assert await told.line("ended") == "worker ended with code -9; starting it again in 0.5 s"
    told.lines.clear()
    await told.line("up")
    await service.stop(calm())
    assert not [line for line in told.lines if "ended" in line]


async def test_a_service_is_ready_when_it_answers_well(place: Place, unused_port: int) -> None:
    url = f"http://127.0.0.1:{unused_port}/readyz"
    service = Service(command(SERVE, str(unused_port), ready=url), environment, place)
    await service.start()
    await service.stop(calm())


async def test_a_service_that_ends_before_it_is_ready_ends_the_start(place: Place, unused_port: int) -> None:
    service = Service(command("print('port in use')", ready=f"http://127.0.0.1:{unused_port}/"), environment, place)
    with pytest.raises(StackError, match=r"(?s)worker ended with code 0.*port in use"):
        await service.start()
    await service.stop(calm())


async def test_a_service_that_does_not_stop_is_killed(place: Place, told: Told) -> None:
    service = Service(command(DEAF, stop_seconds=0.2), environment, place)
    await service.start()
    await told.line("up")
    await service.stop(calm())
    assert told.lines[-1] == "worker did not stop in 0.2 s; killing it"


async def test_hurry_does_not_wait(place: Place, told: Told) -> None:
    service = Service(command(DEAF, stop_seconds=60), environment, place)
    await service.start()
    await told.line("up")
    hurry = asyncio.Event()
    began = time.monotonic()
    stopping = asyncio.create_task(service.stop(hurry))
    hurry.set()
    await stopping
    assert time.monotonic() - began < 5


async def test_children_end_with_their_service(place: Place, told: Told) -> None:
    script = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {DEAF!r}]); {STAY}"
    service = Service(command(script), environment, place)
    await service.start()
    await told.line("up")
    children = psutil.Process(recorded(place)).children()
    assert children
    await service.stop(calm())
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def recorded(place: Place) -> int:
    found = [path for path in place.records.iterdir() if isinstance(path, Path)]
    return int(found[0].read_text().split('"pid": ')[1].split(",")[0])
