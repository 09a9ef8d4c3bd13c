"""Taps on buttons, until the bot has answered them.

Source: https://core.telegram.org/bots/api#answercallbackquery
"""

import secrets
import time
from dataclasses import dataclass

from .limits import Limits
from .records import Record
from .store import Store
from .wire import bad_request


@dataclass
class Query(Record):
    """One tap: who tapped what, and when (Unix time)."""

    kind = "query"
    id: str
    user_id: int
    chat_id: int
    message_id: int
    at: float


class Callbacks:
    """The queries that wait for an answer."""

    def __init__(self, store: Store, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._open = {query.id: query for query in map(Query.of, store.load("query"))}

    def begin(self, user_id: int, chat_id: int, message_id: int) -> Query:
        """Note a tap."""
        query = Query(str(secrets.randbits(62)), user_id, chat_id, message_id, time.time())
        self._open[query.id] = query
        self._store.put("query", query.id, query.document())
        return query

    def answer(self, query_id: str) -> Query:
        """Take the query that is being answered.

        Raises:
            ApiError: 400 when it is unknown, already answered, or too old.
        """
        query = self._open.pop(query_id, None)
        self._store.drop("query", query_id)
        if query is None or time.time() - query.at > self._limits.query_seconds:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return query

    def clear(self) -> None:
        """Forget all taps."""
        self._open.clear()
        self._store.clear("query")
