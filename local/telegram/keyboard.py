"""Reply markup: what Telegram accepts under a message.

Source: https://core.telegram.org/bots/api#inlinekeyboardmarkup
"""

from typing import Any

from .wire import Json, bad_request

CALLBACK_DATA_LIMIT = 64  # bytes
BUTTONS_LIMIT = 100
COPY_TEXT_LIMIT = 256
_ACTIONS = {
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay", "disabled",
}  # fmt: skip


def checked_markup(markup: Any) -> Json | None:
    """Give the markup as a message will carry it; None when there is none, or an inline keyboard is empty.

    Raises:
        ApiError: 400 with Telegram's words for what is wrong.
    """
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return markup  # a reply keyboard, its removal, or a forced reply
    rows = [[_checked_button(button) for button in row] for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > BUTTONS_LIMIT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": rows} if rows else None


def inline_only(markup: Json | None) -> Json | None:
    """Give the markup if it is an inline keyboard: an edit takes no other.

    Raises:
        ApiError: 400 `inline keyboard expected`.
    """
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _checked_button(button: Any) -> Json:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    actions = _ACTIONS & {key for key, value in button.items() if value is not None}
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= CALLBACK_DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not str(url).startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    copied = button.get("copy_text")
    if copied is not None and not 1 <= len(str(copied.get("text", ""))) <= COPY_TEXT_LIMIT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return {key: value for key, value in button.items() if value is not None}
