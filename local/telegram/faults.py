"""Faults that tests switch on, and the record of what the bot called."""

import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from .wire import ApiError, Json, forbidden, too_many_requests

Kind = Literal["flood", "error", "lost", "blocked", "slow"]


@dataclass
class Fault:
    """What goes wrong with the next calls.

    Kinds:
        flood: 429 with `retry_after`, and no effect.
        error: the status `code` (500 and up, usually), and no effect.
        lost: the call takes effect, but no answer ever comes; the connection is cut after `seconds`.
        blocked: 403, as if the person had blocked the bot, and no effect.
        slow: the call waits for `seconds`, then goes on as usual.
    """

    kind: Kind
    method: str = "*"
    times: int = 1
    retry_after: int = 1
    code: int = 500
    seconds: float = 0.0
    chat_id: int | None = None

    def error(self) -> ApiError | None:
        """Give the error to answer with, if this kind has one."""
        match self.kind:
            case "flood":
                return too_many_requests(self.retry_after)
            case "error":
                return ApiError(self.code, _STATUS.get(self.code, "Internal Server Error"))
            case "blocked":
                return forbidden("bot was blocked by the user")
            case _:
                return None


_STATUS = {502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


@dataclass
class Faults:
    """The faults that are switched on, oldest first."""

    active: list[Fault] = field(default_factory=list)

    def take(self, method: str, chat_id: Any) -> Fault | None:
        """Give the fault that this call meets, and count it down."""
        for fault in self.active:
            if fault.method.lower() not in {"*", method.lower()}:
                continue
            if fault.chat_id is not None and str(chat_id) != str(fault.chat_id):
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.active.remove(fault)
            return fault
        return None

    def described(self) -> list[Json]:
        """Give what is still on."""
        return [asdict(fault) for fault in self.active]


@dataclass
class Call:
    """One call of a method by the bot. `at` is Unix time; `answered` stays None when no answer was given."""

    number: int
    method: str
    params: Json
    at: float
    status: int | None = None
    description: str | None = None
    seconds: float | None = None
    via: str = "http"  # or "webhook", for a method in the reply to an update


class CallLog:
    """The calls that the bot made, newest last; the oldest are forgotten."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=10_000)
        self._number = 0

    def begin(self, method: str, params: Json, via: str) -> Call:
        """Note that a call came."""
        self._number += 1
        call = Call(self._number, method, params, time.time(), via=via)
        self._calls.append(call)
        return call

    def listed(self, method: str | None = None, after: int = 0) -> list[Json]:
        """Give calls after a number, of one method or all."""
        return [
            asdict(call)
            for call in self._calls
            if call.number > after and (method is None or call.method.lower() == method.lower())
        ]

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()
