"""Taking a request: plan it, then start it or put the one question that is open. Used by every way of asking."""

from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

import uuid_utils.compat as uuid
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message

from bot import messages
from bot.keyboards.outputs import result
from bot.places import place_of, shown_at
from bot.view import View
from bot.views import browse, questions, usage, workflows
from bot.views.runs import finished, progress, run_view
from bot.words import say
from core import metrics
from core.accounts.service import Account
from core.channel import Finished, Progress, Subject
from core.errors import NotLinkedError, StaleButtonError
from core.outputs.service import card, read_output
from core.runs.plan import (
    ChooseClient,
    ChooseSkill,
    ConfirmCost,
    OfferWorkflow,
    OffTopic,
    Ready,
    ReadyWorkflow,
    Request,
)
from core.runs.service import Shown
from core.runs.showing import end_state
from core.runtime import Runtime
from core.workflows.cards import first_card
from storage.deliveries import DeliveryRepository


@dataclass(frozen=True, slots=True)
class Desk:
    """One for each process; handlers are given it as `desk`."""

    bot: Bot
    runtime: Runtime

    async def take(self, request: Request, *, on: Message | None = None) -> None:
        """Answer a request with a new message, or by editing `on`, which asked the last question.

        Raises:
            MarketingAgentError: the request can't be taken, for a reason that people may read.
        """
        plan = await self.runtime.planner.plan(request)
        metrics.DETECTIONS.labels(type(plan).__name__, "plan").inc()
        match plan:
            case Ready():
                await self._start(plan, on)
            case ChooseSkill(skills=()):
                await self._show(request, browse.categories(self.runtime.catalogue.by_category()), on)
            case ChooseSkill():
                async with self.runtime.unit(request.account.user_id) as unit:
                    pending = await unit.pending.keep(plan)
                await self._show(request, questions.choose_skill(plan, pending), on)
            case ChooseClient():
                async with self.runtime.unit(request.account.user_id) as unit:
                    pending = await unit.pending.keep(plan)
                await self._show(request, questions.choose_client(plan, pending), on)
            case OfferWorkflow():
                async with self.runtime.unit(request.account.user_id) as unit:
                    pending = await unit.pending.keep(plan)
                await self._show(request, workflows.offer(plan, pending), on)
            case ReadyWorkflow():
                await self._start_workflow(plan, on)
            case ConfirmCost():
                await self._confirm_cost(plan, on)
            case OffTopic():
                await self._show(request, questions.off_topic(plan), on)

    async def go_on(self, request: Request, on: Message) -> None:
        """Go on with a request whose cost was agreed to, on the message that asked.

        Raises:
            MarketingAgentError: as `take`.
        """
        if request.parent_output_id is not None:
            await self.revise(request, request.parent_output_id, on=on)
        else:
            await self.take(request, on=on)

    def show_typing(self, message: Message) -> None:
        """Say that the bot is at it, beside the work; nobody waits for this."""
        self.runtime.in_background(self._show_typing(message))

    async def _show_typing(self, message: Message) -> None:
        with suppress(TelegramAPIError):
            thread = message.message_thread_id if message.is_topic_message else None
            await self.bot.send_chat_action(message.chat.id, "typing", message_thread_id=thread)

    async def _start(self, plan: Ready, on: Message | None) -> None:
        """Show the working message, then put the run in line. From its claim on the message is the worker's."""
        account, client = plan.request.account, plan.client.name if plan.client else None
        async with self.runtime.system_unit() as unit:
            ahead = await unit.runs.queue_length()
        subject = Subject(uuid.uuid7(), plan.label, client, plan.client_guessed)
        shown = await self._show(plan.request, progress(Progress(subject, "queued", ahead=ahead)), on)
        async with self.runtime.unit(account.user_id) as unit:
            started = await unit.runs.start(plan, shown, run_id=subject.run_id)
        if not started.fresh and on is None:
            await self.bot.delete_message(shown.place.chat_id, shown.message_id)

    async def _start_workflow(self, plan: ReadyWorkflow, on: Message | None) -> None:
        """Show the checklist, then begin. From then on the message is the worker's."""
        walk_id = uuid.uuid7()
        shown = await self._show(plan.request, workflows.workflow_view(first_card(plan, walk_id)), on)
        async with self.runtime.unit(plan.request.account.user_id) as unit:
            started = await unit.workflows.start(plan, shown, walk_id=walk_id)
        if not started.fresh and on is None:
            await self.bot.delete_message(shown.place.chat_id, shown.message_id)

    async def _confirm_cost(self, plan: ConfirmCost, on: Message | None) -> None:
        async with self.runtime.unit(plan.request.account.user_id) as unit:
            pending = await unit.pending.keep(plan)
        await self._show(plan.request, usage.confirm_cost(plan, pending), on)

    async def _show(self, request: Request, view: View, on: Message | None) -> Shown:
        if on is not None:
            await messages.edit(self.bot, on.chat.id, on.message_id, view)
            return Shown(request.place, on.message_id)
        sent = await messages.send(self.bot, request.place, view)
        return Shown(request.place, sent.message_id)

    async def revise(self, request: Request, output_id: UUID, *, on: Message | None = None) -> None:
        """Change a piece: the same skill, client, kind and material as the run that made it.

        Of a piece that waits at the gate of a workflow this is the decision to revise it.

        Raises:
            NotFoundError: this user has no such piece.
            BudgetReachedError: a monthly limit is reached.
        """
        owner = request.account.user_id
        async with self.runtime.unit(owner) as unit:
            run = await unit.runs.get((await unit.outputs.get(output_id)).run_id)
            in_workflow = await unit.workflows.revise_output(run, output_id, request.text, request.account.person)
            client = await unit.clients.get(owner, run.client_id) if run.client_id else None
        if in_workflow:
            await messages.send(self.bot, request.place, View(say("workflow-revising")))
            return
        skill = self.runtime.catalogue.by_id(run.skill_id)
        request = replace(
            request,
            skill=skill.name,
            parent_output_id=output_id,
            material=request.material or run.material_key,
        )
        plan = await self.runtime.planner.weigh(
            Ready(request, skill, client, client_guessed=False, output_type=run.output_type, label=run.output_label)
        )
        if isinstance(plan, ConfirmCost):
            await self._confirm_cost(plan, on)
        else:
            await self._start(plan, on)

    async def refresh(self, owner: UUID, run_id: UUID) -> None:
        """Make every message of an ended run say how it ended."""
        async with self.runtime.unit(owner) as unit:
            run = await unit.runs.get(run_id)
            deliveries = await DeliveryRepository(unit.session).of_run(run_id)
        view = run_view(await end_state(self.runtime, run))
        for delivery in deliveries:
            await messages.edit(self.bot, int(delivery.chat_id), delivery.message_id, view)

    async def show_stopped(self, owner: UUID, run_id: UUID) -> None:
        """Make the message of a run that was stopped while it waited say so: until a claim it is ours."""
        await self.refresh(owner, run_id)
        async with self.runtime.unit(owner) as unit:
            repository = DeliveryRepository(unit.session)
            for delivery in await repository.working(run_id):
                await repository.set_state(delivery.id, "final")

    async def result_view(self, owner: UUID, output_id: UUID, *, rater: str | None, whole: bool) -> View:
        """A piece as its message shows it: with its preview, or whole; without a `rater`, with a group's score."""
        async with self.runtime.unit(owner) as unit:
            output = await unit.outputs.get(output_id)
            run = await unit.runs.get(output.run_id)
            score = await unit.feedback.score_of(output_id, rater) if rater else None
            group = None if rater else await unit.feedback.rated(output_id)
        if whole:
            text = (await read_output(self.runtime.objects, output)).data.decode("utf-8", "replace")
            return View(output.preview, result(card(output), score=score, group=group, whole=True), rich=text)
        state = await end_state(self.runtime, run)
        if not isinstance(state, Finished):
            raise StaleButtonError
        return finished(state, score=score, group=group)

    async def text_view(self, short_id: str) -> View:
        """Anybody's piece, whole, for admins: to be read, not to be rated.

        Raises:
            NotFoundError: there is no such piece.
        """
        async with self.runtime.system_unit() as unit:
            output = await unit.outputs.find(short_id)
        text = (await read_output(self.runtime.objects, output)).data.decode("utf-8", "replace")
        return View(output.preview, rich=text)

    async def owner_of(self, message: Message, account: Account | None) -> UUID:
        """Whose run or piece a message shows: anybody in a group may rate it, not only its owner.

        Raises:
            NotLinkedError: it shows none, and who taps it is a stranger.
        """
        shown = shown_at(message)
        async with self.runtime.system_unit() as unit:
            delivery = await DeliveryRepository(unit.session).of_message(
                shown.place.channel, shown.place.chat_id, shown.message_id
            )
        if delivery is not None:
            return delivery.user_id
        if account is None:
            raise NotLinkedError
        return account.user_id


def request_from(
    message: Message,
    account: Account,
    text: str,
    *,
    origin: str,
    skill: str | None = None,
    parent_output_id: UUID | None = None,
    material: str | None = None,
    workflow: str | None = None,
) -> Request:
    """A message as a request."""
    return Request(
        account=account,
        place=place_of(message),
        text=text,
        origin_key=origin,
        skill=skill,
        parent_output_id=parent_output_id,
        material=material,
        workflow=workflow,
    )
