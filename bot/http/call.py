"""One call of a route, as its endpoint sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel

from bot.http.errors import RateLimitedError
from bot.http.keys import FRAME, RUNTIME, Frame
from bot.http.problems import ANSWER_HEADERS
from bot.http.schemas.common import PageOf, PageQuery
from core.accounts.authentication import Caller
from core.accounts.service import Account
from core.errors import NotLinkedError, ScopeMissingError
from core.limits import WINDOW_SECONDS
from core.runtime import Runtime

T = TypeVar("T", bound=BaseModel)


@dataclass(slots=True)
class Call:
    """The request, who makes it, and the headers that its answer gets."""

    request: web.Request
    caller: Caller | None
    idempotency_key: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    status: int | None = None

    @property
    def runtime(self) -> Runtime:
        """The process's."""
        return self.request.app[RUNTIME]

    @property
    def frame(self) -> Frame:
        """The HTTP surface's own."""
        return self.request.app[FRAME]

    @property
    def account(self) -> Account:
        """Whose key it is."""
        return self._known().account

    @property
    def user_id(self) -> UUID:
        """Whose key it is, by id."""
        return self._known().account.user_id

    @property
    def scopes(self) -> frozenset[str]:
        """What the key may do."""
        return self._known().scopes

    def require_admin(self) -> None:
        """Go on for an admin only, whose key may do what admins do.

        Raises:
            ScopeMissingError: it is somebody else's, or may not.
        """
        if self.account.role != "admin" or "admin" not in self.scopes:
            raise ScopeMissingError(scope="admin")

    def after(self, query: PageQuery) -> UUID | None:
        """The id that a page begins behind.

        Raises:
            CursorInvalidError: the cursor is none of this list's.
        """
        if query.cursor is None:
            return None
        return self.frame.cursors.read(self.user_id, self.request.path, query.cursor)

    def page(self, items: Sequence[T], next_after: UUID | None) -> PageOf[T]:
        """A page as an answer, with its `Link` header."""
        cursor = None
        if next_after is not None:
            cursor = self.frame.cursors.write(self.user_id, self.request.path, next_after)
            url = self.request.rel_url.update_query(cursor=cursor)
            self.headers["Link"] = f'<{url}>; rel="next"'
        return PageOf.model_construct(data=list(items), next_cursor=cursor)

    async def limit(self, who: str, *names: str) -> None:
        """Count this call, and say in its answer what is left.

        Raises:
            RateLimitedError: there have been too many this minute.
        """
        left = await self.frame.limiter.take(who, names)
        self.request[ANSWER_HEADERS].update(
            {
                "RateLimit-Policy": f'"{left.name}";q={left.limit};w={WINDOW_SECONDS}',
                "RateLimit": f'"{left.name}";r={max(left.remaining, 0)};t={left.reset_seconds}',
            }
        )
        if left.is_used_up:
            raise RateLimitedError(limit=left.limit, retry_after=left.reset_seconds)

    def _known(self) -> Caller:
        if self.caller is None:
            raise NotLinkedError("a route without a key asked whose it is")
        return self.caller
