"""The way in: people, groups and the admin of one stand-in."""

from typing import Self

from .admin import Admin
from .connection import Connection, Refused
from .models import Group
from .person import Person


class Telegram:
    """The stand-in at `url`, as an asynchronous context."""

    def __init__(self, url: str) -> None:
        self.connection = Connection(url)
        self.admin = Admin(self.connection)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.connection.close()

    async def person(self, key: str = "maya") -> Person:
        """Give somebody who is there already, in their private chat with the bot.

        Raises:
            Refused: when there is nobody of that key.
        """
        world = await self.connection.request("GET", "/_people")
        for user in world["people"]:
            if user["key"] == key:
                return Person(self.connection, key, user["id"], mark=world["seq"])
        raise Refused(f"there is no person {key!r}")

    async def group(self, title: str | None = None) -> Group:
        """Give a group by its title, or the one that is there from the start.

        Raises:
            Refused: when there is none.
        """
        world = await self.connection.request("GET", "/_people")
        for chat in world["chats"]:
            if chat["type"] != "private" and title in {None, chat["title"]}:
                return Group.of(chat)
        raise Refused(f"there is no group {title!r}")
