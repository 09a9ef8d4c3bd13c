"""The stand-in put together: one object that every route and method works on."""

from dataclasses import dataclass, field, fields
from pathlib import Path

from .callbacks import Callbacks
from .faults import CallLog, Faults
from .feed import Feed
from .limits import FloodControl, Limits
from .store import Store
from .updates import UpdateQueue
from .webhook import Webhook
from .wire import Json
from .world import World


@dataclass
class StandIn:
    """Everything that lives as long as the server."""

    token: str
    store: Store
    feed: Feed
    world: World
    updates: UpdateQueue
    webhook: Webhook
    callbacks: Callbacks
    flood: FloodControl
    faults: Faults = field(default_factory=Faults)
    calls: CallLog = field(default_factory=CallLog)

    @classmethod
    def open(cls, folder: Path, token: str, bot_username: str) -> "StandIn":
        """Open or begin the world kept in `folder`.

        Args:
            folder: where everything is kept; made if it is not there.
            token: the bot's token, `<bot id>:<secret>`.
            bot_username: the bot's name after `@`, without it.

        Raises:
            ValueError: for a token that does not begin with a number and a colon.
        """
        number, colon, secret = token.partition(":")
        if not (number.isdigit() and colon and secret):
            raise ValueError("a token is written as <number>:<secret>, for example 4242:local-secret")
        bot: Json = {
            "id": int(number),
            "is_bot": True,
            "first_name": bot_username.removesuffix("_bot").replace("_", " ").title(),
            "username": bot_username,
        }
        store = Store(folder)
        feed, updates = Feed(), UpdateQueue(store)
        limits = Limits()
        return cls(
            token=token,
            store=store,
            feed=feed,
            world=World(store, feed, updates, bot),
            updates=updates,
            webhook=Webhook(store, updates),
            callbacks=Callbacks(store, limits),
            flood=FloodControl(limits),
        )

    @property
    def limits(self) -> Limits:
        """Give the limits in force."""
        return self.flood.limits

    def reset(self) -> None:
        """Begin anew, but for the webhook and the commands: a running bot goes on working."""
        self.updates.clear()
        self.callbacks.clear()
        self.flood.clear()
        self.faults.active.clear()
        self.calls.clear()
        for limit in fields(Limits):
            setattr(self.limits, limit.name, limit.default)
        self.world.clear()

    async def close(self) -> None:
        """Stop delivering and close the files."""
        await self.webhook.close()
        self.store.close()
