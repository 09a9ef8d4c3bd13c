"""`python -m core.accounts`, as an operator types it."""

import logging
from collections.abc import Awaitable, Callable, Iterator

import pytest

from core.accounts.__main__ import _do, _parser
from tests.conftest import Servers

Command = Callable[..., Awaitable[list[str]]]
EMAIL = ("--email", "maya@example.com")


@pytest.fixture
def accounts(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """The command on a database of its own; it gives the lines that it printed."""
    for name, value in servers.environment(servers.fresh_database()).items():
        monkeypatch.setenv(name, value)
    root = logging.getLogger()
    handlers, level = root.handlers, root.level

    async def run(*arguments: str, status: int = 0) -> list[str]:
        assert await _do(_parser().parse_args(arguments)) == status
        said = capsys.readouterr()
        return (said.out + said.err).splitlines()

    yield run
    root.handlers, root.level = handlers, level


async def test_keys_are_made_listed_replaced_and_revoked(accounts: Command) -> None:
    first = (await accounts("admin", "--name", "Maya", *EMAIL))[0]
    assert first.startswith("mk_live_")
    site = (await accounts("key", *EMAIL, "--name", "site"))[0]
    listed = await accounts("keys", *EMAIL)
    assert [line.rsplit("  ", 1)[1] for line in listed] == ["site", "first key"]
    assert first not in "".join(listed)
    assert "never used" in listed[0]

    fresh = (await accounts("rotate", *EMAIL, "--key", site[:14], "--grace-hours", "1"))[0]
    assert fresh not in {first, site}
    await accounts("revoke", *EMAIL, "--key", first[:14])
    states = {line[:14]: line for line in await accounts("keys", *EMAIL)}
    assert "ended" in states[first[:14]]
    assert "works until" in states[site[:14]]
    assert "works  " in states[fresh[:14]]


async def test_a_budget_is_set_shown_and_lifted(accounts: Command) -> None:
    await accounts("admin", "--name", "Maya", *EMAIL)
    (shown,) = await accounts("budget", *EMAIL)
    assert shown.endswith(": $0.00 no limit, 0 runs")
    assert (await accounts("budget", *EMAIL, "--set", "$20"))[0].endswith(": $0.00 of $20.00, 0 runs")
    assert (await accounts("budget", *EMAIL))[0].endswith(" of $20.00, 0 runs")
    assert "a number of dollars" in (await accounts("budget", *EMAIL, "--set", "much", status=1))[0]
    assert (await accounts("budget", *EMAIL, "--set", "none"))[0].endswith(" no limit, 0 runs")
    nobody = "01890a5d-ac96-774b-bcce-b302099a8057"
    assert "no such account" in (await accounts("budget", "--user", nobody, "--set", "5", status=1))[0]
    assert "no such account" in (await accounts("budget", "--email", "nobody@example.com", status=1))[0]


async def test_an_account_is_deleted_when_that_is_really_meant(accounts: Command) -> None:
    key = (await accounts("admin", "--name", "Maya", *EMAIL))[0]
    told = await accounts("delete", EMAIL[1], status=1)
    assert told[0].startswith("1 clients, 21 files, 0 pieces")
    assert "Nothing was deleted" in told[1]
    assert (await accounts("keys", *EMAIL))[0].startswith(key[:14])
    assert "The account is closed." in (await accounts("delete", EMAIL[1], "--yes"))[1]
    assert "no such account" in (await accounts("keys", *EMAIL, status=1))[0]
    assert "no such account" in (await accounts("delete", EMAIL[1], "--yes", status=1))[0]
    await accounts("admin", "--name", "Maya", *EMAIL)  # the address is free again


async def test_who_or_what_is_not_there_is_told_in_a_sentence(accounts: Command) -> None:
    assert "no such account" in (await accounts("keys", *EMAIL, status=1))[0]
    await accounts("admin", "--name", "Maya", *EMAIL)
    assert "no such key" in (await accounts("revoke", *EMAIL, "--key", "mk_live_nobody", status=1))[0]
    assert "already" in (await accounts("admin", "--name", "Maya", *EMAIL, status=1))[0]
