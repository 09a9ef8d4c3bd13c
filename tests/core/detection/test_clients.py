from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from core.detection import ClientName, text
from core.detection.clients import names_of


def client(name: str, *aliases: str, slug: str = "") -> ClientName:
    return ClientName(uuid5(NAMESPACE_URL, name), name, slug, aliases)


YAZ = client("Yaz Automate", "YA Ltd", slug="yaz-automate")
FJORD = client("Fjord & Finch")
FJORD_LINE = client("Fjord Line")
ACME = client("Acme")
ACME_FOODS = client("Acme Foods")
LAUNCH = client("Launch")
MARKETO = client("Marketo")
UNAL = client("Çağrı Ünal")
SHARED = client("Northwind", "the shop"), client("Southwind", "the shop")


def found(message: str, *clients: ClientName) -> set[UUID]:
    ids, _ = names_of(clients).find(text.tokens(text.fold(message)))
    return set(ids)


@pytest.mark.parametrize(
    "message",
    [
        "Write homepage copy for Yaz Automate",
        "yaz automate's homepage",
        "YAZ-AUTOMATE homepage",
        "homepage for yazautomate",
        "homepage for yaz automat",
        "homepage for Yaz Autmoate",
        "homepage for ya ltd",
        "homepage for Y\u200baz Automate",
    ],
)
def test_a_name_is_found_however_it_is_written(message: str) -> None:
    assert found(message, YAZ, ACME) == {YAZ.id}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("copy for Acme Foods", {ACME_FOODS}),
        ("copy for Acme", {ACME}),
        ("compare Acme and Fjord and Finch", {ACME, FJORD}),
        ("cagri unal için metin", {UNAL}),
    ],
)
def test_the_longest_name_wins(message: str, expected: set[ClientName]) -> None:
    assert found(message, ACME, ACME_FOODS, FJORD, UNAL) == {one.id for one in expected}


def test_two_that_fit_are_both_told() -> None:
    assert found("a page for the shop", *SHARED) == {one.id for one in SHARED}
    assert found("a page for fjord", FJORD, FJORD_LINE) == {FJORD.id, FJORD_LINE.id}


def test_the_first_word_of_a_name_stands_for_it_unless_it_is_a_common_one() -> None:
    assert found("new page for fjord", FJORD, YAZ) == {FJORD.id}
    assert not found("bana ana sayfa metni yaz", YAZ)  # Turkish: write


def test_an_everyday_word_is_a_name_only_where_a_name_stands() -> None:
    assert found("launch emails for acme", LAUNCH, ACME) == {ACME.id}
    assert found("emails for Launch", LAUNCH) == {LAUNCH.id}
    assert not found("a plan for our market", MARKETO)


def test_names_are_taken_out_of_what_is_ranked() -> None:
    _, rest = names_of((YAZ,)).find(text.tokens("homepage copy for yaz automate, please"))
    assert rest == ["homepage", "copy", "for", ",", "please"]


def test_nobody_is_named_where_nobody_is_known() -> None:
    assert names_of(()).find(["copy"]) == ((), ["copy"])
    assert not found("copy", client("&&&"), client(""))
