"""Telling the owner of a limit that it has come near: one message, and none is lost while the channel is away."""

import math
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from core.channel import BudgetNear, Channel, ChannelAwayError, Place
from core.logging import get_logger
from core.runtime import Runtime
from core.usage.budgets import warning_bell
from core.usage.months import Month
from storage.models import BudgetWarning
from storage.models.base import utc_now
from storage.usage import UsageRepository

_GIVE_UP_AFTER = timedelta(days=1)
_LEFT_AFTER = timedelta(minutes=5)
log = get_logger(__name__)


async def warn_of_budget(runtime: Runtime, channels: Mapping[str, Channel], warning_id: UUID) -> None:
    """Tell a warning in the first chat where its owner can be reached, unless that was done. Tries again later."""
    async with runtime.system_unit() as unit:
        taken = await UsageRepository(unit.session).take_warning(warning_id)
    if taken is None:
        return
    warning, client = taken
    news = BudgetNear(client, warning.spent_usd, warning.limit_usd, Month(warning.month).until)
    for name, channel in channels.items():
        async with runtime.system_unit() as unit:
            chats = await unit.accounts.chats_of(warning.user_id, name)
        if not chats:
            continue
        try:
            await channel.announce(Place(name, chats[0]), news)
        except ChannelAwayError as error:
            log.warning("owner_not_told", error=str(error))
            await _try_later(runtime, warning, error.retry_after)
        return


async def sweep_warnings(runtime: Runtime) -> None:
    """Ring for warnings whose bell was lost."""
    async with runtime.system_unit() as unit:
        left = await UsageRepository(unit.session).untold(older_than=_LEFT_AFTER, younger_than=_GIVE_UP_AFTER)
        for warning_id in left:
            await unit.tell(replace(warning_bell(warning_id), id=f"budget:{warning_id}:{int(time.time())}"))


async def _try_later(runtime: Runtime, warning: BudgetWarning, least_seconds: float) -> None:
    """Twice as long after the crossing as now, for up to two days: the owner may have blocked us."""
    age = utc_now() - warning.created_at
    if age > _GIVE_UP_AFTER:
        return
    async with runtime.system_unit() as unit:
        await UsageRepository(unit.session).put_back_warning(warning.id)
        wait = math.ceil(max(least_seconds, age.total_seconds()))
        await unit.tell(warning_bell(warning.id, after_seconds=wait))
