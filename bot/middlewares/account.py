"""Who is speaking: the account behind an update, found once and handed to the handler."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.places import is_private, message_of, place_of
from bot.telegram import CHANNEL
from bot.words import DEFAULT_LANGUAGE, speak
from core.accounts.service import Account
from core.errors import StaleButtonError
from core.runtime import Runtime
from storage.accounts import BindingRepository

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class AccountMiddleware(BaseMiddleware):
    """Puts `account` (None for a stranger) and `place` before every handler, and `message` before one of a button.

    In a group that is bound to a client, what is asked for belongs to that client's owner, who pays; `person` still
    names who asked.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Find the account, then go on."""
        message = message_of(event)
        user = event.from_user if isinstance(event, Message | CallbackQuery) else None
        if message is None or user is None:
            raise StaleButtonError  # the message is too old for Telegram to show it to us
        if isinstance(event, CallbackQuery):
            data["message"] = message  # a message's own handlers and filters are given it by aiogram
        data["place"] = place_of(message)
        account = data["account"] = await self._account(str(user.id), message)
        speak(account.language if account else DEFAULT_LANGUAGE)
        return await handler(event, data)

    async def _account(self, channel_user_id: str, message: Message) -> Account | None:
        async with self._runtime.system_unit() as unit:
            account = await unit.accounts.identify(CHANNEL, channel_user_id)
            if account is not None and not account.reachable:
                await unit.accounts.set_reachable(CHANNEL, channel_user_id, reachable=True)
            if is_private(message):
                return account
            place = place_of(message)
            binding = await BindingRepository(unit.session).get(place.channel, place.chat_id, place.thread_id)
            if binding is None or binding.client_id is None:
                return account
            if account is None and binding.who_may_run != "everyone":
                return None
            owner = await unit.accounts.by_id(binding.user_id)
        if owner is None:
            return account
        # the binding says for whom, so nobody is asked here
        settings = {**owner.settings, "confirm_client": False}
        return replace(owner, person=f"{CHANNEL}:{channel_user_id}", settings=settings)
