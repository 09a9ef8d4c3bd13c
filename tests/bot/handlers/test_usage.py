"""Money in the chat: /usage, Go before what costs much, limits that are reached, and a client's budget."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from core.channel import BudgetNear, Finished, Place, Subject
from core.outputs.service import card
from core.runtime import Runtime
from core.usage.months import Month
from local.telegram.client import Message, Person
from storage.models import Output
from tests.bot.handlers.conftest import Member, Speaking
from tests.core.usage.money import cost

MODEL = "claude-sonnet-5"


async def _limit(runtime: Runtime, member: Member, dollars: str | None) -> None:
    async with runtime.system_unit() as unit:
        await unit.usage.set_limit(member.user_id, Decimal(dollars) if dollars else None)


async def _runs(runtime: Runtime, member: Member) -> list[tuple[str, str]]:
    async with runtime.unit(member.user_id) as unit:
        rows = await unit.session.execute(
            text("SELECT s.name, r.output_label FROM runs r JOIN skills s ON s.id = r.skill_id ORDER BY r.id")
        )
        return [(name, label) for name, label in rows]


async def _dear(runtime: Runtime, member: Member, skill: str) -> None:
    """Let runs of a skill have cost 0.62 dollars lately."""
    for _ in range(20):
        await cost(runtime, member.user_id, "0.62", skill=skill, model=MODEL)
    runtime.estimator._known.clear()


async def _price(person: Person) -> Message:
    return await person.wait_for(lambda m: "will cost about $0.62" in m.text)


async def test_usage_shows_the_month_and_only_in_private(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member()
    await _limit(runtime, member, "20")
    await cost(runtime, member.user_id, "1.25")
    await member.person.send("/usage")
    shown = await member.person.wait_for(lambda m: "so far" in m.text)
    month = Month.now()
    assert shown.text == (
        f"{month.first:%B %Y} so far:\n"
        "One run, 1,000 tokens, $1.25\n"
        f"Your monthly limit: $1.25 of $20.00. It begins anew on {month.until:%-d %B}.\n"
        "\n"
        "By client:\n"
        "• Without a client: one run, $1.25\n"
        "\n"
        f"{month.before.first:%B %Y}: nothing"
    )
    group = await bot.telegram.admin.add_group("All", [member.person.key])
    there = member.person.within(group)
    await there.send("/usage")
    assert "$" not in (await there.wait_for(lambda m: "for your eyes only" in m.text)).text


async def test_what_costs_much_begins_with_a_yes_once(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member("yaz-automate")
    person = member.person
    await _dear(runtime, member, "onboarding-cro")
    before = len(await _runs(runtime, member))
    await person.send("/onboarding_cro Plan the first week for Yaz Automate")
    question = await _price(person)
    assert " for Yaz Automate will cost about $0.62. Shall I begin?" in question.text
    assert question.labels == ["Go", "Cancel"]
    assert len(await _runs(runtime, member)) == before
    await person.tap(question, "Go")
    working = await person.wait_for(lambda m: m.text.startswith("Working on"))
    assert working.id == question.id
    stale = await person.answer_to(await person.tap(question, 0))
    assert stale.text is not None
    assert len(await _runs(runtime, member)) == before + 1


async def test_what_is_left_costs_nothing_and_stays_left(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member()
    person = member.person
    await _dear(runtime, member, "referral-program")
    before = len(await _runs(runtime, member))
    await person.send("/referral_program Something for regulars")
    await person.tap(await person.wait_for(lambda m: "no client on file" in m.text), "Without a client")
    question = await _price(person)
    await person.tap(question, "Cancel")
    left = await person.wait_for(lambda m: m.text == "Left. Nothing was started, and nothing was spent.")
    assert (left.id, left.labels) == (question.id, [])
    assert len(await _runs(runtime, member)) == before


async def test_a_revision_goes_on_as_what_it_revises(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member("yaz-automate")
    person = member.person
    made = await cost(
        runtime, member.user_id, "0.1", skill="retention-strategy", output_label="spring plan", model=MODEL
    )
    output = Output(
        run_id=made.id, user_id=made.user_id, skill_id=made.skill_id, s3_key=f"outputs/t/{made.id}.md",
        title="The plan", preview="Words.", short_id=made.id.hex[-8:], bytes=6,
    )  # fmt: skip
    async with runtime.system_unit() as unit:
        unit.session.add(output)
    await runtime.objects.put(output.s3_key, b"Words.")
    await _dear(runtime, member, "retention-strategy")
    subject = Subject(made.id, made.output_label, None)
    await bot.channel.announce(Place("telegram", str(person.id)), Finished(subject, card(output)))
    await person.reply(await person.wait_for(lambda m: "is ready!" in m.text), "Shorter")
    question = await _price(person)
    assert question.text.startswith("Spring plan will cost about $0.62.")
    await person.tap(question, "Go")
    await person.wait_for(lambda m: m.text.startswith("Working on your spring plan"))
    await bot.handled()
    assert (await _runs(runtime, member))[-1] == ("retention-strategy", "spring plan")
    async with runtime.unit(member.user_id) as unit:
        parents = (await unit.session.scalars(text("SELECT parent_output_id FROM runs ORDER BY id"))).all()
    assert parents[-1] == output.id


@pytest.mark.parametrize("who", ["user", "client"])
async def test_at_a_limit_the_chat_says_which_and_who_can_raise_it(
    bot: Speaking, runtime: Runtime, who: str
) -> None:
    member = await bot.member("yaz-automate")
    person = member.person
    async with runtime.unit(member.user_id) as unit:
        client = await unit.clients.by_reference(member.user_id, "yaz-automate")
        if who == "client":
            await unit.clients.change(client, {"monthly_budget_usd": Decimal(2)})
    if who == "user":
        await _limit(runtime, member, "2")
    await cost(runtime, member.user_id, "2.01", client_id=client.id)
    await person.send("Write homepage copy for Yaz Automate")
    said = await person.wait_for(lambda m: "is reached" in m.text)
    resets = f"{Month.now().until:%-d %B}"
    assert said.text == (
        f"Your monthly limit is reached: $2.01 of $2.00. Nothing was started. It begins anew on {resets}; "
        "whoever runs this bot can raise it. /usage shows more."
        if who == "user"
        else "The limit for Yaz Automate is reached: $2.01 of $2.00 this month. Nothing was started. "
        f"It begins anew on {resets}; raise it on the client's card: /clients"
    )
    assert len(said.text) <= 200  # it also has to fit the answer to a tap
    group = await bot.telegram.admin.add_group("All", [person.key])
    there = person.within(group)
    await there.send("@marketing_agent_bot Write homepage copy for Yaz Automate")
    said = await there.wait_for(lambda m: "has reached a monthly limit" in m.text)
    assert "$" not in said.text
    assert len(await _runs(runtime, member)) == 1


async def test_a_stopped_run_is_not_started_again_at_the_limit(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member("yaz-automate")
    person = member.person
    await person.send("Write homepage copy for Yaz Automate")
    working = await person.wait_for(lambda m: m.text.startswith("Working on"))
    await person.tap(working, "Stop")
    stopped = await person.wait_for(lambda m: m.text.startswith("Stopped"))
    await _limit(runtime, member, "1")
    await cost(runtime, member.user_id, "1")
    answer = await person.answer_to(await person.tap(stopped, "Start again"))
    assert answer.text is not None
    assert answer.text.startswith("Your monthly limit is reached: $1.00 of $1.00.")
    await _limit(runtime, member, "2")
    await person.tap(stopped, "Start again")
    await person.wait_for(lambda m: m.text.startswith("Working on"))


async def test_a_client_is_given_a_budget_on_its_card(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member("yaz-automate")
    person = member.person
    async with runtime.unit(member.user_id) as unit:
        client = await unit.clients.by_reference(member.user_id, "yaz-automate")
    await cost(runtime, member.user_id, "0.40", client_id=client.id)
    card = await _card(person)
    assert "Budget: no monthly limit, $0.40 spent this month" in card.text
    await person.tap(card, "Budget")
    await person.wait_for(lambda m: m.text.startswith("How many dollars may pieces for Yaz Automate cost"))
    await person.send("a lot")
    await person.wait_for(lambda m: m.text.startswith("I can't read that as dollars."))
    await person.send("$12.50")
    kept = await person.wait_for(lambda m: m.text.startswith("Pieces for"))
    assert kept.text == "Pieces for Yaz Automate may cost $12.50 a month. $0.40 is spent so far."
    card = await _card(person)
    assert "Budget: $0.40 of $12.50 this month" in card.text
    await person.tap(card, "Budget")
    await person.wait_for(lambda m: m.text.startswith("How many dollars"))
    await person.send("none")
    await person.wait_for(lambda m: m.text == "Pieces for Yaz Automate have no monthly limit now.")

    group = await bot.telegram.admin.add_group("All", [person.key])
    assert "Budget" not in "".join((await _card(person.within(group))).labels)


async def _card(person: Person) -> Message:
    await person.send("/clients")
    await person.tap(await person.wait_for(lambda m: m.text.startswith("Your clients")), "Yaz Automate")
    return await person.wait_for(lambda m: m.text.startswith("Yaz Automate\n"))


async def test_a_warning_says_what_follows(bot: Speaking) -> None:
    member = await bot.member()
    month = Month.now()
    place, resets = Place("telegram", str(member.person.id)), f"{month.until:%-d %B}"
    await bot.channel.announce(place, BudgetNear(None, Decimal("16.04"), Decimal(20), month.until))
    near = await member.person.wait_for(lambda m: "You have spent" in m.text)
    assert near.text == (
        "You have spent $16.04 of your monthly limit of $20.00. When it is reached I start nothing new until "
        f"{resets}. What is under way goes on. Whoever runs this bot can raise it. /usage shows what it went to."
    )
    await bot.channel.announce(place, BudgetNear("Yaz Automate", Decimal("5.5"), Decimal(5), month.until))
    full = await member.person.wait_for(lambda m: "Yaz Automate" in m.text)
    assert full.text.startswith(
        "Pieces for Yaz Automate have cost $5.50 of their monthly limit of $5.00. "
        f"I start nothing new until {resets}."
    )
