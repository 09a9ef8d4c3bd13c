import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.agent.parser import complete_output, parse_output

PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="<>`~")).filter(str.strip)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<output>\n# Page\n</output>", "# Page"),
        ("Notes.\n<output># Page</output>\nDone!", "# Page"),
        ("<output>first</output> better: <output>second</output>", "second"),
        ("<output>whole</output>\n<output>half", "whole"),
        ("<OUTPUT>\n# Page\n< / output >", "# Page"),
        ("<output>lost <output># Page</output>", "# Page"),
        ("<output>use <output>tags</output> well</output>", "use <output>tags</output> well"),
        ("<output>good</output><output>  </output>", "good"),
        ("I use ``` `<output>x</output>` ```\n\n<output>y</output>", "y"),
        ("```html\n<output>x</output>\n```\n<output>y</output>", "y"),
        ("<output>y</output>\n```html\n<output>x</output>\n```", "y"),
        ("<output>\n```html\n</output>\n```\nrest</output>", "```html\n</output>\n```\nrest"),
        ("```\n<output># Page</output>\n```", "# Page"),
        ("<output>\n```markdown\n# Page\n\ntext\n```\n</output>", "# Page\n\ntext"),
        ('<output>\n```json\n{"a": 1}\n```\n</output>', '{"a": 1}'),
        ("<output>\n```sh\nls\n```\n</output>", "```sh\nls\n```"),
        ("<output>\n```md\nA\n```\nand\n```md\nB\n```\n</output>", "```md\nA\n```\nand\n```md\nB\n```"),
    ],
)
def test_takes_the_last_complete_output(text: str, expected: str) -> None:
    assert parse_output(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Page\n\nText.", "# Page\n\nText."),
        ("Sure! Here is the page.\n\n# Page\n\nText.", "# Page\n\nText."),
        ("Bien sûr, voici la page :\n\n# Page\n\nTexte.", "# Page\n\nTexte."),
        ("Here's your email:\n\nHi Ann,\n\nI am Bo.", "Hi Ann,\n\nI am Bo."),
        ("Hi Ann,\n\nI am Bo.\n\nLet me know if you'd like changes!", "Hi Ann,\n\nI am Bo."),
        ("---\n\nHi Ann.\n\n---\n\nWould you like a shorter one?", "Hi Ann."),
        ("<output># Page\n\nhalf", "# Page\n\nhalf"),
        ("Run this:\n\n```sh\n# install\nmake\n```", "Run this:\n\n```sh\n# install\nmake\n```"),
        ("## Why\n\nBecause.\n\n# Page", "## Why\n\nBecause.\n\n# Page"),
        ("Sure!", "Sure!"),
        ("", ""),
    ],
)
def test_without_one_takes_the_text_less_what_was_said_around_it(text: str, expected: str) -> None:
    assert parse_output(text) == expected


@given(PLAIN, PLAIN, PLAIN)
def test_what_stands_around_an_output_never_matters(before: str, inside: str, after: str) -> None:
    assert complete_output(f"{before}<output>{inside}</output>{after}") == inside.strip()


@given(st.text(alphabet="<>/output `~\n#-ab"))
def test_any_text_is_read_and_reading_twice_changes_nothing(text: str) -> None:
    found = complete_output(text)
    assert found is None or (found and found == found.strip() and found in text)
    assert parse_output(text) == parse_output(text).strip()


@given(st.text(alphabet="<>/out #-ab\n"), PLAIN)
def test_an_output_at_the_end_counts_whatever_came_before(before: str, inside: str) -> None:
    assert complete_output(f"{before}\n<output>{inside}</output>") is not None
