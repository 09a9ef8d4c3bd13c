"""A breaker for each model: after failures in a row nobody asks it for a while, then one does."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.agent.failures import AgentError, AgentOverloadedError

FAILURES_IN_A_ROW = 5
FIRST_WAIT_SECONDS = 15.0  # doubled each time that the try after a wait fails, too
LONGEST_WAIT_SECONDS = 240.0
_PROBE_SECONDS = 5.0  # what the others are told to wait while one tries


@dataclass(slots=True)
class _State:
    failures: int = 0
    wait: float = FIRST_WAIT_SECONDS
    closed_at: float = 0.0  # when it may be tried again
    probing: bool = False

    @property
    def open(self) -> bool:
        return self.failures >= FAILURES_IN_A_ROW


class Circuit:
    """Counts only failures that say the model is unwell (`AgentError.upstream`). Lives in one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._states: defaultdict[str, _State] = defaultdict(_State)

    @property
    def any_open(self) -> bool:
        """Whether any model must not be asked now."""
        return any(state.open for state in self._states.values())

    def allowed(self, model: str) -> float | None:
        """How many seconds to wait before asking this model; None if it may be asked now."""
        state = self._states[model]
        if not state.open:
            return None
        remaining = state.closed_at - self._clock()
        if remaining > 0:
            return remaining
        return _PROBE_SECONDS if state.probing else None

    @contextmanager
    def watch(self, model: str) -> Iterator[None]:
        """Learn from how a task ends.

        Raises:
            AgentOverloadedError: at once, while the circuit is open.
        """
        wait = self.allowed(model)
        if wait is not None:
            raise AgentOverloadedError(f"the circuit of {model} is open", retry_after=wait)
        state = self._states[model]
        probe = state.probing = state.open
        try:
            yield
        except AgentError as error:
            if error.upstream:
                self._failed(state, probe=probe)
            else:
                self._states[model] = _State()
            raise
        else:
            self._states[model] = _State()
        finally:
            if probe:
                state.probing = False

    def _failed(self, state: _State, *, probe: bool) -> None:
        state.failures += 1
        if not state.open:
            return
        if probe:
            state.wait = min(state.wait * 2, LONGEST_WAIT_SECONDS)
        state.closed_at = self._clock() + state.wait
