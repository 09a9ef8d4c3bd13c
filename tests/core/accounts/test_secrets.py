from hypothesis import given
from hypothesis import strategies as st

from core.accounts.secrets import HIDDEN, hash_secret, hide_secrets, looks_right, make_secret

PEPPER = "pepper for tests"


def test_a_key_has_its_form_and_a_typing_error_is_seen() -> None:
    key = make_secret("key")
    assert key.startswith("mk_live_")
    assert len(key) == 46
    assert looks_right(key)
    wrong = key[:-8] + ("a" if key[-8] != "a" else "b") + key[-7:]
    assert not looks_right(wrong)
    assert not looks_right("mk_live_short")


def test_an_invite_fits_into_a_start_link() -> None:
    invite = make_secret("invite")
    assert looks_right(invite)
    assert len(invite) <= 64


def test_the_hash_depends_on_the_pepper() -> None:
    assert hash_secret("mk_live_x", PEPPER) != hash_secret("mk_live_x", PEPPER + "!")


def test_secrets_are_hidden_wherever_they_stand_and_their_hashes_told_in_order() -> None:
    key, invite = make_secret("key"), make_secret("invite")
    found: list[str] = []
    hidden = hide_secrets(
        {"message": {"text": f"/link {key}", "entities": [{"offset": 0}], "quote": [f"start={invite}"]}, "n": 1},
        PEPPER,
        found,
    )
    assert hidden == {
        "message": {"text": f"/link {HIDDEN}", "entities": [{"offset": 0}], "quote": [f"start={HIDDEN}"]},
        "n": 1,
    }
    assert found == [hash_secret(key, PEPPER), hash_secret(invite, PEPPER)]


def test_a_hash_that_somebody_writes_opens_nothing() -> None:
    found: list[str] = []
    written = hash_secret(make_secret("key"), PEPPER)
    assert hide_secrets(f"/link {written}", PEPPER, found) == f"/link {written}"
    assert found == []


@given(st.text())
def test_text_without_a_secret_is_left_as_it_is(text: str) -> None:
    if "mk_live_" not in text and "inv_" not in text:
        assert hide_secrets(text, PEPPER, []) == text
