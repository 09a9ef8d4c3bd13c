"""A file is kept where its owner says, once, and nowhere that anybody else says."""

from dataclasses import replace

import pytest

from core.accounts.service import Account
from core.channel import Place
from core.clients.example import give_example_client
from core.clients.files import read_file
from core.errors import StaleButtonError
from core.runtime import Runtime
from core.uploads.service import ask_client, drop_upload, file_upload, keep_upload

HERE = Place("telegram", "100")


@pytest.fixture
async def account(runtime: Runtime) -> Account:
    async with runtime.system_unit() as unit:
        account = await unit.accounts.register("Maya", "telegram", "100")
    await give_example_client(runtime, account.user_id)
    return account


async def test_it_is_filed_once(runtime: Runtime, account: Account) -> None:
    upload = await keep_upload(runtime, account.user_id, "Größe & Preis.md", b"# Prices")
    assert upload == await keep_upload(runtime, account.user_id, "Größe & Preis.md", b"# Prices")
    question = await ask_client(runtime, account, HERE, upload, "telegram:1:0")
    filed = await file_upload(runtime, account, HERE, question.pending, 0)
    assert filed.path == "research/groe-preis.md"
    assert (await read_file(runtime, filed.client, filed.path))[0] == b"# Prices"
    async with runtime.unit(account.user_id) as unit:
        assert filed.path in {file.path for file in await unit.clients.files(filed.client.id)}
    with pytest.raises(StaleButtonError):
        await file_upload(runtime, account, HERE, question.pending, 0)

    again = await ask_client(runtime, account, HERE, upload, "telegram:2:0")
    assert (await file_upload(runtime, account, HERE, again.pending, 0)).path == filed.path
    other = await keep_upload(runtime, account.user_id, "Größe & Preis.md", b"# Newer prices")
    third = await ask_client(runtime, account, HERE, other, "telegram:3:0")
    assert (await file_upload(runtime, account, HERE, third.pending, 0)).path == "research/groe-preis-2.md"


async def test_only_who_was_asked_may_answer_and_only_here(runtime: Runtime, account: Account) -> None:
    upload = await keep_upload(runtime, account.user_id, "a.md", b"# A")
    pending = (await ask_client(runtime, account, HERE, upload, "telegram:1:0")).pending
    async with runtime.system_unit() as unit:
        stranger = await unit.accounts.register("Ruth", "telegram", "200")
    for who, where, number in (
        (stranger, HERE, 0),
        (replace(account, person="telegram:999"), HERE, 0),
        (account, Place("telegram", "-5"), 0),
        (account, HERE, 7),
        (account, HERE, -2),
    ):
        with pytest.raises(StaleButtonError):
            await file_upload(runtime, who, where, pending, number)
    with pytest.raises(StaleButtonError):
        await drop_upload(runtime, stranger, HERE, pending)
    await drop_upload(runtime, account, HERE, pending)
    with pytest.raises(StaleButtonError):
        await file_upload(runtime, account, HERE, pending, 0)


async def test_without_a_client_there_is_nothing_to_choose(runtime: Runtime) -> None:
    async with runtime.system_unit() as unit:
        lonely = await unit.accounts.register("Ines", "telegram", "300")
    upload = await keep_upload(runtime, lonely.user_id, "a.md", b"# A")
    assert (await ask_client(runtime, lonely, HERE, upload, "telegram:1:0")).clients == ()
