"""What a crash left of learning: tests that go on by their row while nobody works on them."""

import time

from core.learning.proposals import trial_bell
from core.runtime import Unit
from storage.replays import ReplayRepository

_BELL_EVERY_SECONDS = 5


async def sweep_tests(unit: Unit) -> None:
    """Ring for them."""
    suffix = f":{int(time.time() / _BELL_EVERY_SECONDS)}"
    for proposal in await ReplayRepository(unit.session).left():
        await unit.tell(trial_bell(proposal, suffix))
