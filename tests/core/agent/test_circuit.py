from contextlib import suppress

import pytest

from core.agent.circuit import FAILURES_IN_A_ROW, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, Circuit
from core.agent.failures import AgentError, AgentNetworkError, AgentOverloadedError, AgentRefusedError

MODEL = "claude-sonnet-5"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuit(clock: Clock) -> Circuit:
    return Circuit(clock)


def end_with(circuit: Circuit, error: AgentError | None = None, times: int = 1) -> None:
    for _ in range(times):
        with suppress(AgentError), circuit.watch(MODEL):
            if error is not None:
                raise error


def test_opens_after_failures_in_a_row(circuit: Circuit) -> None:
    end_with(circuit, AgentOverloadedError(), FAILURES_IN_A_ROW - 1)
    assert circuit.allowed(MODEL) is None

    end_with(circuit, AgentNetworkError())
    assert circuit.allowed(MODEL) == FIRST_WAIT_SECONDS
    assert circuit.allowed("claude-haiku-4-5") is None
    with pytest.raises(AgentOverloadedError) as refused, circuit.watch(MODEL):
        pytest.fail("it was asked")
    assert refused.value.retry_after == FIRST_WAIT_SECONDS


@pytest.mark.parametrize("end", [None, AgentRefusedError()])
def test_any_answer_of_the_model_begins_the_count_anew(circuit: Circuit, end: AgentError | None) -> None:
    end_with(circuit, AgentOverloadedError(), FAILURES_IN_A_ROW - 1)
    end_with(circuit, end)
    end_with(circuit, AgentOverloadedError(), FAILURES_IN_A_ROW - 1)

    assert circuit.allowed(MODEL) is None


def test_one_tries_after_the_wait_while_the_others_go_on_waiting(circuit: Circuit, clock: Clock) -> None:
    end_with(circuit, AgentOverloadedError(), FAILURES_IN_A_ROW)
    clock.now += FIRST_WAIT_SECONDS

    assert circuit.allowed(MODEL) is None
    with circuit.watch(MODEL):
        assert circuit.allowed(MODEL) is not None
    assert circuit.allowed(MODEL) is None


def test_waits_longer_each_time_that_the_one_fails(circuit: Circuit, clock: Clock) -> None:
    end_with(circuit, AgentOverloadedError(), FAILURES_IN_A_ROW)
    waits = []
    for _ in range(6):
        clock.now += circuit.allowed(MODEL) or 0
        end_with(circuit, AgentOverloadedError())
        waits.append(circuit.allowed(MODEL))

    assert waits == [30, 60, 120, LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS]


def test_a_try_that_is_cancelled_leaves_its_place_to_another(circuit: Circuit, clock: Clock) -> None:
    end_with(circuit, AgentOverloadedError(), FAILURES_IN_A_ROW)
    clock.now += FIRST_WAIT_SECONDS
    with suppress(KeyboardInterrupt), circuit.watch(MODEL):
        raise KeyboardInterrupt

    assert circuit.allowed(MODEL) is None
