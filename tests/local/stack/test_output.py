import pytest

from local.stack.output import ErrorLines

TRACEBACK = """\
Traceback (most recent call last):
  File "a.py", line 1, in <module>
    1 / 0
ZeroDivisionError: division by zero"""


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-24T20:00:00Z [error    ] job_failed   run_id=1",
        "\x1b[2m2026-11-24\x1b[0m [\x1b[31mcritical \x1b[0m] gone",
        "ERROR:asyncio:Task exception was never retrieved",
    ],
)
def test_an_error_is_told(line: str) -> None:
    (told,) = ErrorLines().feed(f"[info     ] fine\n{line}\n".encode())
    assert "\x1b" not in told


@pytest.mark.parametrize("line", ["[info ] error_rate=0", "200 GET /errors", "[warning  ] retrying"])
def test_what_only_speaks_of_errors_is_not_told(line: str) -> None:
    assert ErrorLines().feed(f"{line}\n".encode()) == []


def test_a_traceback_is_told_whole_and_in_pieces() -> None:
    log = f"before\n{TRACEBACK}\nafter\n".encode()
    assert ErrorLines().feed(log) == TRACEBACK.splitlines()
    errors = ErrorLines()
    assert [line for i in range(len(log)) for line in errors.feed(log[i : i + 1])] == TRACEBACK.splitlines()
