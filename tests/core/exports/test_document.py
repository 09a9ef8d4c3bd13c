"""A text becomes a tree, and only that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exports.document import (
    Code,
    Heading,
    Item,
    Listing,
    Paragraph,
    Quote,
    Span,
    Table,
    is_rtl,
    parse_document,
    plain,
    runs_rtl,
)


def test_the_first_heading_is_the_title_and_leaves_the_text() -> None:
    document = parse_document("# A *new* page\n\nText.", "Fallback")
    assert plain(document.title) == "A new page"
    assert document.blocks == (Paragraph((Span("Text."),)),)


@pytest.mark.parametrize("text", ["## Second level\n\nText.", "Text.\n\n# Later", "", "#\n\nText."])
def test_without_a_heading_at_its_head_the_given_title_stands(text: str) -> None:
    assert plain(parse_document(text, "Fallback").title) == "Fallback"


def test_looks_add_up_and_neighbours_join() -> None:
    (block,) = parse_document("**bold *both* `code`** ~~gone~~ plain\nnext", "x").blocks
    assert isinstance(block, Paragraph)
    assert block.line == (
        Span("bold ", bold=True),
        Span("both", bold=True, italic=True),
        Span(" ", bold=True),
        Span("code", bold=True, code=True),
        Span(" "),
        Span("gone", strike=True),
        Span(" plain\nnext"),
    )


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("[a](https://example.com/x?y=1&z=2)", "https://example.com/x?y=1&z=2"),
        ("[a](mailto:maya@example.com)", "mailto:maya@example.com"),
        ("[a](javascript:alert(1))", None),
        ("[a](file:///etc/passwd)", None),
        ("[a](data:text/html,x)", None),
        ("[a](../secret)", None),
        ("![a](https://example.com/x.png)", "https://example.com/x.png"),
        ("![a](data:image/png;base64,AAAA)", None),
        ("[![a](https://example.com/i.png)](javascript:x)", None),
    ],
)
def test_a_link_leads_to_the_web_to_mail_or_nowhere(written: str, link: str | None) -> None:
    blocks = parse_document(written, "x").blocks
    links = {span.link for block in blocks if isinstance(block, Paragraph) for span in block.line}
    assert links <= {link, None, "https://example.com/i.png"}
    assert link is None or link in links


def test_lists_nest_number_and_tick() -> None:
    (listing,) = parse_document("3. three\n   - [x] done\n   - [ ] open\n   - `[x] code`\n4. four", "x").blocks
    assert isinstance(listing, Listing)
    assert (listing.start, listing.tight, len(listing.items)) == (3, True, 2)
    inner = listing.items[0].blocks[1]
    assert isinstance(inner, Listing)
    assert [item.done for item in inner.items] == [True, False, None]
    assert inner.items[0] == Item((Paragraph((Span("done"),)),), done=True)


def test_a_table_keeps_its_sides_and_shares_its_width() -> None:
    (table,) = parse_document("| A | B |\n|:--|--:|\n| x<br>y | " + "long " * 20 + "|", "x").blocks
    assert isinstance(table, Table)
    assert table.align == ("left", "right")
    assert plain(table.rows[1][0]) == "x\ny"
    assert table.widths == (5, 87)


def test_what_is_nested_too_deep_to_show_is_lifted_not_lost() -> None:
    text = "> " * 40 + "the bottom"
    block = parse_document(text, "x").blocks[0]
    depth = 0
    while isinstance(block, Quote):
        depth, block = depth + 1, block.blocks[0]
    assert depth == 6
    assert block == Paragraph((Span("the bottom"),))


def test_html_is_text() -> None:
    blocks = parse_document("<script>alert(1)</script>\n\na <b>b</b>", "x").blocks
    assert blocks[0] == Paragraph((Span("<script>alert(1)</script>"),))
    assert blocks[1] == Paragraph((Span("a <b>b</b>"),))


def test_characters_that_deceive_are_dropped_and_joiners_stay() -> None:
    (block,) = parse_document("a\u202eb\x00c\x1bd می\u200cخواهم 👩\u200d💻", "x").blocks
    assert block == Paragraph((Span("abcd می\u200cخواهم 👩\u200d💻"),))


def test_direction_is_that_of_the_first_letter() -> None:
    assert is_rtl("123 שלום abc")
    assert not is_rtl("- Yaz, שלום")
    assert not is_rtl("")
    quote, listing = parse_document("> שלום\n\n- السلام", "x").blocks
    assert runs_rtl(quote)
    assert runs_rtl(listing)
    assert not runs_rtl(Code("שלום"))
    assert not runs_rtl(Heading(1, ()))


@given(st.text(alphabet=st.sampled_from(list("#*_`~>|-[]()!<>&\n\t 1.:x\\\u202e\x00")), max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    parse_document(text, "x")
