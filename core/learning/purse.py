"""The dollars of a test: set aside before work begins, so that what goes on at once can't pass the cap together."""

import asyncio
from decimal import Decimal


class Purse:
    """Holds `usd` US dollars."""

    def __init__(self, usd: Decimal) -> None:
        self._left = usd
        self._set_aside = Decimal(0)
        self._changed = asyncio.Condition()

    async def set_aside(self, usd: Decimal) -> bool:
        """Take `usd` for something, waiting for what others may bring back; False if it will never be there."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._left >= usd or not self._set_aside)
            if self._left < usd:
                return False
            self._left -= usd
            self._set_aside += usd
            return True

    async def settle(self, set_aside: Decimal, spent: Decimal) -> None:
        """Bring back what was set aside and not spent."""
        async with self._changed:
            self._set_aside -= set_aside
            self._left += set_aside - spent
            self._changed.notify_all()
