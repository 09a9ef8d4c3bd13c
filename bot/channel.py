"""Telegram as a channel: shows a run's states by editing its message, at Telegram's pace."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from bot import messages
from bot.telegram import CHANNEL
from bot.view import View
from bot.views.proposals import alert_view, proposal_view
from bot.views.runs import run_view
from bot.views.usage import budget_near
from bot.views.workflows import nudge, workflow_view
from bot.words import say
from core import metrics
from core.channel import (
    AccountDeleted,
    BudgetNear,
    ChannelAwayError,
    ChannelState,
    Finished,
    News,
    Place,
    Progress,
    ProposalCard,
    RulesAlert,
    WebhookSwitchedOff,
    WorkflowCard,
)
from core.logging import get_logger
from core.runtime import Runtime
from storage.deliveries import DeliveryRepository
from storage.models import Delivery

PRIVATE_PACE = 3.0
GROUP_PACE = 6.0
_LONGEST_WAIT = 30.0
_TRIES = 3
log = get_logger(__name__)


class TelegramChannel:
    """The `Channel` of Telegram. The worker's while a run is at work; each message has one writer at a time."""

    def __init__(self, bot: Bot, runtime: Runtime) -> None:
        self._bot = bot
        self._runtime = runtime

    def pace(self, delivery: Delivery) -> float:
        """Edits share the budget of sends: one every 3 s in a private chat, every 6 s in a group (negative id)."""
        return GROUP_PACE if delivery.chat_id.startswith("-") else PRIVATE_PACE

    async def show(self, delivery: Delivery, state: ChannelState) -> None:
        """Edit the message of a run, a workflow or a proposal.

        Progress that Telegram does not want now is left out; all else waits for its turn.

        Raises:
            ChannelAwayError: an end could not be shown now.
        """
        view = _view(state)
        if isinstance(state, Progress):
            with suppress(TelegramAPIError):
                await messages.edit(self._bot, int(delivery.chat_id), delivery.message_id, view)
            return
        await self._show_end(delivery, view)
        if isinstance(state, Finished) and state.notify:
            await self._notify(delivery, View(say("ready-notice", title=state.output.title)))
        elif isinstance(state, WorkflowCard) and state.nudge:
            await self._notify(delivery, nudge(state))

    async def announce(self, place: Place, news: News) -> int:
        """Say something in a new message; its id.

        Raises:
            ChannelAwayError: Telegram does not take it.
        """
        picture = news.chart if isinstance(news, RulesAlert) else None
        try:
            return (await messages.send(self._bot, place, _view(news), picture=picture)).message_id
        except TelegramAPIError as error:
            if isinstance(error, TelegramForbiddenError):
                await self._mark_dead(place.chat_id)
            raise ChannelAwayError(str(error)) from error

    async def _show_end(self, delivery: Delivery, view: View) -> None:
        wait = 1.0
        for _ in range(_TRIES):
            try:
                await self._edit_or_send(delivery, view)
            except TelegramRetryAfter as error:
                metrics.TELEGRAM_WAITS.inc()
                wait = float(error.retry_after)
                if wait > _LONGEST_WAIT:
                    break
                await asyncio.sleep(wait)
            except (TelegramNetworkError, TelegramServerError) as error:
                log.warning("telegram_away", error=str(error))
                await asyncio.sleep(wait)
            except TelegramForbiddenError:
                await self._mark_dead(delivery.chat_id)
                return
            except TelegramBadRequest as error:
                log.error("end_refused", error=str(error))  # noqa: TRY400 - the message says it all
                return
            else:
                return
        raise ChannelAwayError("Telegram does not take the message", wait)

    async def _edit_or_send(self, delivery: Delivery, view: View) -> None:
        """Edit; where the message was deleted send a new one; where the group got a new id use that."""
        try:
            await messages.edit(self._bot, int(delivery.chat_id), delivery.message_id, view)
        except TelegramMigrateToChat as error:
            await self._move(delivery, str(error.migrate_to_chat_id), delivery.message_id)
            await self._send_anew(delivery, view)
        except TelegramBadRequest as error:
            if not messages.is_gone(error):
                raise
            await self._send_anew(delivery, view)

    async def _send_anew(self, delivery: Delivery, view: View) -> None:
        sent = await messages.send(self._bot, _place(delivery), view)
        await self._move(delivery, delivery.chat_id, sent.message_id)

    async def _move(self, delivery: Delivery, chat_id: str, message_id: int) -> None:
        delivery.chat_id, delivery.message_id = chat_id, message_id
        async with self._runtime.system_unit() as unit:
            await DeliveryRepository(unit.session).move(delivery.id, chat_id, message_id)

    async def _mark_dead(self, chat_id: str) -> None:
        """The person blocked us: nothing more is sent until they write again."""
        async with self._runtime.system_unit() as unit:
            await unit.accounts.set_reachable(CHANNEL, chat_id, reachable=False)

    async def _notify(self, delivery: Delivery, notice: View) -> None:
        """An edit makes no sound, so what took long says that it is ready."""
        with suppress(TelegramAPIError):
            await messages.send(self._bot, _place(delivery), notice, reply_to=delivery.message_id)


def _place(delivery: Delivery) -> Place:
    return Place(CHANNEL, delivery.chat_id, delivery.thread_id)


def _view(news: News) -> View:
    return _VIEWS.get(type(news), run_view)(news)


def _switched_off(news: WebhookSwitchedOff) -> View:
    return View(say("webhook-switched-off", url=news.url, failures=news.failures))


def _account_deleted(_: AccountDeleted) -> View:
    return View(say("account-deleted"))


_VIEWS: Mapping[type, Callable[[Any], View]] = {
    WorkflowCard: workflow_view,
    ProposalCard: proposal_view,
    RulesAlert: alert_view,
    BudgetNear: budget_near,
    AccountDeleted: _account_deleted,
    WebhookSwitchedOff: _switched_off,
}
