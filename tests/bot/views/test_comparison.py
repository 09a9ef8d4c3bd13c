"""Two versions of a piece, compared in the words that people read."""

import uuid_utils.compat as uuid

from bot.views.comparison import comparison
from storage.models import Output


def _version(number: int, output_format: str = "md") -> Output:
    return Output(
        run_id=uuid.uuid7(), user_id=uuid.uuid7(), skill_id=uuid.uuid7(), s3_key="k", title="A page",
        preview="", short_id="abcd2345", bytes=1, version=number, format=output_format,
    )  # fmt: skip


V1, V2 = _version(1), _version(2)


def test_what_went_is_struck_and_no_markup_is_shown() -> None:
    before = "# Page\n\n**Button:** Book a call\n\n- One workflow first\n\n## The next step\n"
    after = "# Page\n\n**Button:** Book a 🦉 call\n\n- One workflow first\n"
    view = comparison(V1, V2, before, after)
    changes = "− Button: Book a call\n+ Button: Book a 🦉 call\n− The next step"
    assert view.text == f"What changed from v1 to v2:\n\n{changes}"
    units = view.text.encode("utf-16-le")
    struck = [units[2 * it.offset : 2 * (it.offset + it.length)].decode("utf-16-le") for it in view.entities]
    assert struck == ["Button: Book a call", "The next step"]


def test_what_is_no_markdown_is_compared_as_it_is() -> None:
    old, new = _version(1, "json"), _version(2, "json")
    assert '− {"a": "*1*"}\n+ {"a": "*2*"}' in comparison(old, new, '{"a": "*1*"}', '{"a": "*2*"}').text


def test_the_same_words_are_told_so() -> None:
    assert comparison(V1, V2, "One  \n\nTwo", "One\n\n\nTwo").text == "Nothing changed between v1 and v2."


def test_many_changes_fit_into_a_message_and_say_that_there_are_more() -> None:
    before, after = (
        "\n\n".join(f"{word} {'🦉' * 40} {number}" for number in range(100)) for word in ("old", "new")
    )
    text = comparison(V1, V2, before, after).text
    assert len(text.encode("utf-16-le")) // 2 <= 4096
    assert text.endswith("The file has all of it.")
