"""A finished piece in a chat, as the worker leaves it."""

from dataclasses import dataclass
from uuid import UUID

import uuid_utils.compat as uuid

from core.channel import Place
from core.runs.showing import end_state
from local.telegram.client import Message, Person
from storage.deliveries import DeliveryRepository
from storage.models import Delivery, Output, Run
from tests.bot.handlers.conftest import Member, Speaking


@dataclass(frozen=True)
class Piece:
    """An output, and the message that shows it."""

    output: Output
    shown: Message


async def piece(bot: Speaking, owner: Member, person: Person | None = None) -> Piece:
    """A page of `owner` that the chat of `person` shows: their own, unless another is given."""
    there = person or owner.person
    skill = bot.runtime.catalogue.get("copywriting")
    run = Run(
        user_id=owner.user_id, requested_by=owner.account.person, origin_key=f"test:{uuid.uuid7()}",
        skill_id=skill.id, source="telegram", status="completed", user_message="Write a page",
        output_type="homepage", output_label="homepage copy",
    )  # fmt: skip
    output = Output(
        run_id=run.id, user_id=owner.user_id, skill_id=skill.id, s3_key=f"outputs/test/{run.id}.md",
        title="A page about harbors", preview="Ships come in.", short_id=run.id.hex[-10:], bytes=20,
    )  # fmt: skip
    await bot.runtime.objects.put(output.s3_key, b"# A page about harbors\n\nShips come in. All of them.")
    place = Place("telegram", str(there.chat_id))
    async with bot.runtime.system_unit() as unit:
        for row in (run, output):
            unit.session.add(row)
            await unit.session.flush()
    message_id = await bot.channel.announce(place, await end_state(bot.runtime, run))
    await _deliver(bot, run.id, owner.user_id, place, message_id)
    shown = next(message for message in await there.messages() if message.id == message_id)
    return Piece(output, shown)


async def _deliver(bot: Speaking, run_id: UUID, user_id: UUID, place: Place, message_id: int) -> None:
    delivery = Delivery(
        user_id=user_id, run_id=run_id, channel=place.channel, chat_id=place.chat_id, message_id=message_id,
        state="final",
    )  # fmt: skip
    async with bot.runtime.system_unit() as unit:
        await DeliveryRepository(unit.session).add(delivery)
