"""What people chose when the detector was unsure, as labelled cases for the next calibration."""

import json
from collections.abc import AsyncIterator

from core.runtime import Runtime
from storage.deliveries import PendingRepository


async def labelled_cases(runtime: Runtime) -> AsyncIterator[str]:
    """Each choice as a line of JSON, oldest first: `message`, `skill`, and the day it was made on. No names."""
    async with runtime.system_unit() as unit:
        for label in await PendingRepository(unit.session).labels():
            case = {
                "message": label.message,
                "skill": label.skill,
                "chosen_on": label.created_at.date().isoformat(),
            }
            yield json.dumps(case, ensure_ascii=False)
