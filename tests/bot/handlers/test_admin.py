"""/admin: who sees it, and every room of it, in one message."""

from decimal import Decimal

import pytest

from core.usage.months import Month
from local.telegram.client import Person
from storage.models import LearningCost
from tests.bot.handlers.conftest import Speaking
from tests.bot.handlers.desk import Admin, admin, let_pass, proposed, set_role


@pytest.fixture
async def maya(bot: Speaking) -> Admin:
    return await admin(bot)


async def _open(person: Person, *labels: str) -> str:
    """Tap through the desk's rooms; what the last one says."""
    await person.send("/admin")
    shown = await person.wait_for(lambda m: m.text.startswith("Hello, "))
    for label in labels:
        desk = shown.id
        await person.tap(shown, label)
        shown = await person.wait_for(lambda m, desk=desk: m.id == desk)  # type: ignore[misc]
    return shown.text


async def test_members_and_strangers_get_a_plain_no(bot: Speaking) -> None:
    member, stranger = await bot.member(), await bot.stranger()
    for person in (member.person, stranger):
        await person.send("/admin")
        assert (await person.wait_for()).text == "This is for those who run the bot."


async def test_not_in_a_group_where_others_read_along(bot: Speaking, maya: Admin) -> None:
    group = await bot.telegram.admin.add_group("Everybody", [maya.person.key])
    there = maya.person.within(group)
    await there.send("/admin")
    assert "Hello" not in (await there.wait_for()).text


async def test_who_is_no_admin_any_more_cannot_go_on(bot: Speaking, maya: Admin) -> None:
    await maya.person.send("/admin")
    desk = await maya.person.wait_for(lambda m: m.text.startswith("Hello, Maya."))
    await set_role(bot, maya.account.user_id, "member")
    tap = await maya.person.tap(desk, "Health")
    assert (await maya.person.answer_to(tap)).text == "This is for those who run the bot."


async def test_proposals_are_listed_opened_and_decided_in_the_same_message(bot: Speaking, maya: Admin) -> None:
    proposal = await proposed(bot, theme="Headings without a point")
    await let_pass(bot, proposal)
    await maya.person.send("/admin")
    desk = await maya.person.wait_for(lambda m: m.text.startswith("Hello, Maya."))
    await maya.person.tap(desk, "Proposals (")
    listed = await maya.person.wait_for(lambda m: m.id == desk.id)
    await maya.person.tap(listed, "🧪 Copywriting: Headings without a point")
    card = await maya.person.wait_for(lambda m: m.id == desk.id)
    assert card.labels[-1] == "‹ Back"
    await maya.person.tap(card, "Reject")
    card = await maya.person.wait_for(lambda m: m.id == desk.id and "✗ Rejected by Maya" in m.text)
    await maya.person.tap(card, "‹ Back")
    listed = await maya.person.wait_for(lambda m: m.id == desk.id)
    assert "✗ Copywriting: Headings without a point" in listed.labels
    await maya.person.tap(listed, "‹ Back")
    await maya.person.wait_for(lambda m: m.id == desk.id and m.text.startswith("Hello, Maya."))


async def test_skills_show_their_scores_their_chart_and_their_versions(bot: Speaking, maya: Admin) -> None:
    await proposed(bot)
    await maya.person.send("/admin")
    desk = await maya.person.wait_for(lambda m: m.text.startswith("Hello, Maya."))
    await maya.person.tap(desk, "Skills")
    shelf = await maya.person.wait_for(lambda m: m.id == desk.id)
    rated = next(label for label in shelf.labels if label.startswith("★"))
    assert rated.endswith("Copywriting")
    await maya.person.tap(shelf, rated)
    card = await maya.person.wait_for(lambda m: m.id == desk.id)
    assert "5 ★ ▰" in card.text
    await maya.person.tap(card, "Chart")
    chart = await maya.person.wait_for(lambda m: m.photo is not None)
    assert (await maya.person.download(chart)).startswith(b"\x89PNG")
    await maya.person.tap(card, "Versions")
    versions = await maya.person.wait_for(lambda m: m.id == desk.id)
    assert "v1 · shipped · " in versions.text
    await maya.person.tap(versions, "‹ Back")
    await maya.person.wait_for(lambda m: m.id == desk.id and m.text == card.text)


async def test_an_invite_link_lets_one_person_in(bot: Speaking, maya: Admin) -> None:
    text = await _open(maya.person, "Users & invites")
    assert "Maya · admin · nothing yet" in text
    users = await maya.person.last()
    await maya.person.tap(users, "Create an invite link")
    told = await maya.person.wait_for(lambda m: "https://t.me/" in m.text)
    guest = await bot.stranger("Noor")
    await guest.start(told.text.rsplit("?start=", 1)[1].strip())
    await guest.wait_for(lambda m: m.text.startswith("Welcome, Noor!"))


async def test_usage_adds_everybody_up(bot: Speaking, maya: Admin) -> None:
    await proposed(bot)
    text = await _open(maya.person, "Usage")
    assert "everybody together:" in text
    assert "Copywriting: " in text


async def test_usage_tells_what_learning_itself_has_cost(bot: Speaking, maya: Admin) -> None:
    month = Month.now()
    async with bot.runtime.system_unit() as unit:
        known = await unit.usage.of_learning(month.first, month.last)
        long_ago = LearningCost(day=month.before.last, purpose="replay", cost_usd=Decimal(70))
        unit.session.add_all([long_ago, LearningCost(day=month.last, purpose="walk", cost_usd=Decimal(30))])
    text = await _open(maya.person, "Usage")
    assert f"Learning from feedback: ${known + 30:.2f} besides" in text


async def test_health_tells_what_readyz_tells(bot: Speaking, maya: Admin) -> None:
    text = await _open(maya.person, "Health")
    assert "✓ Database\n✓ Queue (Redis)\n✓ Object store" in text
    assert "⚠ No worker was seen in the last 15 s" in text
    here = bot.runtime.redis
    await here.zadd("marketing-agent:workers", {"test:1": (await here.time())[0]})
    text = await _open(maya.person, "Health")
    assert "One worker is there." in text
    await here.zrem("marketing-agent:workers", "test:1")


async def test_the_menu_shows_the_desk_to_admins_only(bot: Speaking, maya: Admin) -> None:
    async with bot.runtime.system_unit() as unit:
        _, key = await unit.keys.create(maya.account.user_id, "first key", scopes=("runs:read",))
    await maya.person.send(f"/link {key}")
    await maya.person.wait_for(lambda m: m.text.startswith("Linked."))
    assert "admin" in await maya.person.commands()
    await maya.person.send("/unlink")
    await maya.person.wait_for(lambda m: "no longer linked" in m.text)
    assert "admin" not in await maya.person.commands()
