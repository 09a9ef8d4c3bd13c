"""What a crash left of learning: tests that go on by their row while nobody works on them."""

import time

from core.learning.proposals import trial_bell
from core.runtime import Runtime
from storage.replays import ReplayRepository

_BELL_EVERY_SECONDS = 5


async def sweep_tests(runtime: Runtime) -> None:
    """Ring for them."""
    suffix = f":{int(time.time() / _BELL_EVERY_SECONDS)}"
    async with runtime.system_unit() as unit:
        for proposal in await ReplayRepository(unit.session).left():
            await unit.tell(trial_bell(proposal, suffix))
