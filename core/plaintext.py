"""Markdown as plain characters, for previews and where no rich message can be shown."""

from telegramify_markdown import RenderConfig, convert
from telegramify_markdown.entity import MessageEntity


def _config() -> RenderConfig:
    """Our own rendering: no emoji before headings, a plain bullet."""
    config = RenderConfig.isolated()
    symbols = config.markdown_symbol
    symbols.heading_level_1 = symbols.heading_level_2 = ""
    symbols.heading_level_3 = symbols.heading_level_4 = ""
    symbols.unordered_list_item = "•"
    return config


_CONFIG = _config()


def as_text(markdown: str) -> str:
    """The words, without any markup."""
    return as_entities(markdown)[0]


def as_entities(markdown: str) -> tuple[str, list[MessageEntity]]:
    """The words, and where they are bold, linked and so on: offsets in UTF-16 units, as Telegram counts."""
    return convert(markdown, config=_CONFIG)
