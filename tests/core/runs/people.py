"""Somebody with an account, the example client, and a plan: what tests of runs begin with."""

from dataclasses import dataclass
from uuid import UUID

import uuid_utils.compat as uuid

from core.accounts.service import Account
from core.channel import Place
from core.clients.example import give_example_client
from core.runs.plan import Ready, Request
from core.runtime import Runtime
from storage.models import Run


@dataclass(frozen=True)
class Somebody:
    """An account, and the place it speaks from."""

    account: Account
    place: Place

    def request(self, text: str = "Write homepage copy for Yaz Automate", **settled: object) -> Request:
        """A request that nobody made before."""
        return Request(self.account, self.place, text, f"test:{uuid.uuid7()}", **settled)  # type: ignore[arg-type]


async def somebody(runtime: Runtime, *, clients: tuple[str, ...] = ("yaz-automate",)) -> Somebody:
    """A new account with these example clients."""
    identity = uuid.uuid7().hex
    async with runtime.system_unit() as unit:
        account = await unit.accounts.register("Maya", "telegram", identity)
    for slug in clients:
        await give_example_client(runtime, account.user_id, slug)
    return Somebody(account, Place("telegram", identity))


async def queued(runtime: Runtime, who: Somebody) -> Run:
    """A run in line."""
    plan = await runtime.planner.plan(who.request())
    assert isinstance(plan, Ready)
    async with runtime.unit(who.account.user_id) as unit:
        return (await unit.runs.start(plan, None)).run


async def status_of(runtime: Runtime, run_id: UUID) -> str:
    """The state of a run now."""
    async with runtime.system_unit() as unit:
        return (await unit.runs.get(run_id)).status
