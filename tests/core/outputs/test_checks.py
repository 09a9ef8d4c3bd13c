from core.outputs.checks import check, forbidden_words

VOICE = """# Voice

## Words we never use
- leverage, seamless
- "game changer": it is what everybody says
- synergy — empty

## Words we like
- calm
"""
PROOF = "Larkspur Dental went from 22 hours to 6 hours a week. “It gave us our evenings back,” says Dr. Lin."


def _found(text: str, *, request: str = "") -> dict[str, list[str]]:
    flags: dict[str, list[str]] = {}
    for flag in check(text, sources=[VOICE, PROOF], request=request):
        flags.setdefault(flag.kind, []).append(flag.found)
    return flags


def test_words_that_the_client_forbids_are_found_in_its_files() -> None:
    assert forbidden_words([VOICE]) == ["leverage", "seamless", "game changer", "synergy"]


def test_each_kind_of_doubt_is_flagged() -> None:
    found = _found(
        "A seamless start for [Company Name]. Save 40% and $1,200. "
        '"It changed everything about how we work with patients" — Anna Bell. See https://evil.example/x'
    )
    assert found["forbidden-word"] == ["seamless"]
    assert found["placeholder"] == ["[Company Name]"]
    assert found["unsupported-number"] == ["40%", "$1,200"]
    assert found["unsupported-quote"] == ["It changed everything about how we work with patients"]
    assert found["foreign-link"] == ["evil.example"]


def test_what_stands_in_the_files_or_the_request_is_not_flagged() -> None:
    assert (
        _found("From 22 hours to 6. Three steps, 5 emails. Try https://yaz.example", request="link yaz.example")
        == {}
    )


def test_json_is_checked_as_json() -> None:
    kinds = [flag.kind for flag in check("{broken", sources=[], request="", output_format="json")]
    assert kinds == ["bad-json"]
    assert check('{"@type": "Organization"}', sources=[], request="", output_format="json") == []
