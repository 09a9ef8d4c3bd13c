from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.outputs.describe import file_stem, preview_of, shorten, slugify, title_of


def test_the_title_is_the_first_heading_in_plain_characters() -> None:
    assert title_of("Intro\n\n## **Stop** copying `names`\n\ntext", "Copy") == "Stop copying names"
    assert title_of("no heading", "Homepage copy") == "Homepage copy"


def test_the_preview_is_what_a_person_reads_without_the_title() -> None:
    preview = preview_of("# Title\n\nYour **front desk** types [names](https://a.example).\n\n- one\n- two")
    assert preview.startswith("Your front desk types names")
    assert "**" not in preview
    assert "Title" not in preview


def test_a_table_reads_row_by_row_in_a_preview() -> None:
    table = "| Mail | Day | Aim |\n|---|---|---|\n| 1 | 0 | **Hello** 🎉 |\n| 12 | a \\| b | |"
    code = "```\na | b\n```"
    preview = preview_of(f"🎉 Plan\n\n{table}\n\n{code}\n\nEnd")
    assert preview == "🎉 Plan\n\nMail · Day · Aim\n1 · 0 · Hello 🎉\n12 · a | b\n\na | b\n\nEnd"


def test_a_long_preview_is_cut_at_a_word() -> None:
    preview = preview_of("word " * 300)
    assert len(preview) <= 500
    assert preview.endswith("word…")


def test_characters_that_hide_are_left_out() -> None:
    assert shorten("pay\u202epal\u200b", 20) == "paypal"


def test_a_name_says_client_kind_and_day() -> None:
    assert file_stem("yaz-automate", "homepage", date(2026, 1, 25)) == "yaz-automate-homepage-2026-01-25"
    assert file_stem(None, "Pricing Page", date(2026, 1, 25)) == "no-client-pricing-page-2026-01-25"


@given(st.text())
def test_any_text_gives_a_slug_and_a_preview(text: str) -> None:
    slug = slugify(text)
    assert slug
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(preview_of(text)) <= 500
