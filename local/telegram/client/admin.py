"""The admin: breaks things, and looks at what the bot did."""

from collections.abc import Callable
from typing import Any

from local.telegram.faults import Kind
from local.telegram.wire import Json

from .connection import Connection, first_event
from .models import Call, Group
from .person import Person


class Admin:
    """Faults, limits, calls, people and groups to order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def fault(
        self, kind: Kind, method: str = "*", *, times: int = 1, retry_after: int = 1, code: int = 500,
        seconds: float = 0.0, chat_id: int | None = None,
    ) -> None:  # fmt: skip
        """Let the next `times` calls of `method` go wrong.

        Args:
            kind: `flood` (429 with `retry_after`), `error` (status `code`), `lost` (takes effect, but no answer
                comes: the connection is cut after `seconds`), `blocked` (403), `slow` (waits `seconds` first).
            method: a Bot API method; `*` for all.
            times: how many calls.
            retry_after: seconds, for `flood`.
            code: HTTP status, for `error`.
            seconds: how long `lost` and `slow` take.
            chat_id: only calls about this chat.
        """
        body = {"kind": kind, "method": method, "times": times, "retry_after": retry_after, "code": code}
        body |= {"seconds": seconds} | ({"chat_id": chat_id} if chat_id is not None else {})
        await self._connection.request("POST", "/_admin/faults", json=body)

    async def clear_faults(self) -> None:
        """Let everything go right again."""
        await self._connection.request("DELETE", "/_admin/faults")

    async def limits(self, **changes: float) -> Json:
        """Change limits (see `local.telegram.limits.Limits`), refill every budget, and give all limits."""
        return await self._connection.request("PATCH", "/_admin/limits", json=changes)

    async def calls(self, method: str | None = None, *, after: int = 0) -> list[Call]:
        """Give the calls that the bot made, oldest first; of one method, or after a call's number."""
        params: dict[str, str] = {"after": str(after)} | ({"method": method} if method else {})
        body = await self._connection.request("GET", "/_admin/calls", params=params)
        return [Call(**call) for call in body["calls"]]

    async def forget_calls(self) -> None:
        """Forget the calls so far."""
        await self._connection.request("DELETE", "/_admin/calls")

    async def wait_for_call(
        self, method: str, fits: Callable[[Call], bool] = lambda _: True, timeout: float = 10  # noqa: ASYNC109
    ) -> Call:  # fmt: skip
        """Give the first call of a method that fits; one that was made before counts too.

        Raises:
            TimeoutError: after `timeout` seconds.
        """
        mark = (await self._connection.request("GET", "/_people"))["seq"]
        for call in await self.calls(method):
            if fits(call):
                return call

        def wanted(event: Json) -> bool:
            same = event["type"] == "call" and event["call"]["method"].lower() == method.lower()
            return same and fits(Call(**event["call"]))

        event = await first_event(self._connection, wanted, timeout, after=mark)
        return Call(**event["call"])

    async def pending_updates(self) -> list[Json]:
        """Give the updates that the bot has not taken yet."""
        updates: list[Json] = (await self._connection.request("GET", "/_admin/updates"))["updates"]
        return updates

    async def add_person(self, key: str, first_name: str = "", last_name: str = "") -> Person:
        """Add somebody new, who has never written to the bot."""
        body = {"key": key, "first_name": first_name or key.title(), "last_name": last_name}
        user = await self._connection.request("POST", "/_admin/people", json=body)
        return Person(self._connection, key, user["id"], mark=user["seq"])

    async def add_group(
        self, title: str, members: list[str], *, topics: list[str] | None = None, supergroup: bool = True
    ) -> Group:
        """Add a group with the bot in it. `members` are keys, the first one owns it; `topics` make it a forum."""
        body: dict[str, Any] = {
            "title": title,
            "members": members,
            "topics": topics or [],
            "supergroup": supergroup,
        }
        return Group.of(await self._connection.request("POST", "/_admin/groups", json=body))

    async def migrate(self, group: Group) -> Group:
        """Turn a basic group into a supergroup; give the new one."""
        return Group.of(await self._connection.request("POST", f"/_admin/groups/{group.id}/migrate"))

    async def set_bot_status(self, group: Group, status: str) -> None:
        """Say what the bot is in a group: `member`, `administrator`, `left` or `kicked`."""
        await self._connection.request("POST", f"/_admin/groups/{group.id}/bot", json={"status": status})

    async def reset(self) -> None:
        """Begin anew with the first people and group; the webhook and the commands stay, ids go on rising."""
        await self._connection.request("POST", "/_admin/reset")
