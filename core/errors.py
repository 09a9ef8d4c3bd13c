"""Errors that people may see. Each knows its code, its HTTP status and the words' name; edges render them."""

from typing import Any, ClassVar


class MarketingAgentError(Exception):
    """An expected failure.

    `code` names the message in `bot/locales` (`error-<code>`) and the `code` of a problem document; `params`
    are values for the words, safe to show. `str(error)` is for logs only.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, detail: str = "", **params: Any) -> None:
        """Keep `detail` for the logs and `params` for the words people read."""
        super().__init__(detail or self.code)
        self.detail = detail
        self.params = params
