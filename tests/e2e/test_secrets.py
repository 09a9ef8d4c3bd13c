"""A key or an invite that was used stands nowhere: not in the tables, not in the logs, not in the chat."""

from sqlalchemy import text
from sqlmodel import SQLModel

from local.harness import Process, Stack
from local.telegram.client import Person, Telegram
from storage.database import make_engine, system_transaction
from tests.forks import Fork


async def said_by(stack: Stack, *arguments: str) -> str:
    command = await Process.start(
        "accounts", "core.accounts", *arguments, environment=stack.environment, start=Fork.start
    )
    assert await command.ended() == 0, command.lines
    return "\n".join(command.lines)


async def every_row(url: str) -> str:
    engine = make_engine(url, pool_size=0)
    try:
        async with system_transaction(engine) as session:
            found = [
                row
                for table in SQLModel.metadata.sorted_tables
                for row in await session.scalars(text(f"SELECT t::text FROM {table.name} t"))  # noqa: S608 - ours
            ]
    finally:
        await engine.dispose()
    return "\n".join(found)


async def test_a_dump_after_use_holds_no_key_and_no_invite(
    stack: Stack, stranger: Person, telegram: Telegram
) -> None:
    printed = await said_by(stack, "admin", "--name", "Ada", "--email", "ada@example.com")
    key = next(word for word in printed.split() if word.startswith("mk_live_"))
    code = (await said_by(stack, "invite", "--bot", "a_bot")).strip().split("start=")[1]

    shown = await stranger.send(f"/link {key}")
    linked = await stranger.wait_for(lambda m: "Linked" in m.text, timeout=20)
    assert "I deleted your message" in linked.text
    await stranger.wait_until_deleted(shown)

    guest = await telegram.admin.add_person("guest-with-invite", "Guest")
    await guest.start(code)
    await guest.wait_for(lambda m: "Welcome" in m.text, timeout=20)
    await guest.send(f"Somebody gave me {key} and {code}, what are these?")
    await guest.wait_for(lambda m: m.id > 2 and "Welcome" not in m.text, timeout=20)

    rows, logs = await every_row(stack.environment["DATABASE_URL"]), stack.said()
    assert "Ada" in rows
    for secret in (key, key.removeprefix("mk_live_"), code):
        assert secret not in rows
        assert secret not in logs
