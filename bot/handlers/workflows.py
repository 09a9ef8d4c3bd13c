"""Workflows: listed, offered, started, and decided about, step by step."""

from collections.abc import Mapping
from uuid import UUID

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot import messages
from bot.desk import Desk, request_from
from bot.filters import Member
from bot.keyboards.workflows import OfferButton, StartWorkflowButton, StepButton, StepDeed, WorkflowButton
from bot.places import is_private, place_of
from bot.states import Asking, open_once
from bot.view import View
from bot.views import questions, workflows
from bot.words import say
from core.accounts.service import Account
from core.channel import Place, StepCard
from core.errors import NotFoundError, StaleButtonError, StepDecidedError
from core.outputs.describe import shorten
from core.runs.plan import ChooseSkill
from core.runtime import Runtime
from core.workflows.bundle import bundle
from core.workflows.service import Choice
from storage.models.workflows import Decision

router = Router(name="workflows")
_DECISIONS: Mapping[StepDeed, tuple[Decision, str]] = {
    StepDeed.APPROVE: ("approve", "step-approved"),
    StepDeed.SKIP: ("skip", "step-skip-done"),
    StepDeed.RETRY: ("retry", "step-retried"),
}


@router.message(Command("workflows"))
async def list_workflows(message: Message, runtime: Runtime) -> None:
    """All workflows; the cards open by edits of this message."""
    view = workflows.workflows(list(runtime.catalogue.workflows.values()))
    await message.answer(view.text, reply_markup=view.keyboard)


@router.callback_query(WorkflowButton.filter())
async def open_workflow(
    callback: CallbackQuery, message: Message, callback_data: WorkflowButton, bot: Bot, runtime: Runtime
) -> None:
    """A workflow's card, or the list again."""
    if callback_data.name:
        view = workflows.workflow_card(runtime.catalogue.workflow(callback_data.name))
    else:
        view = workflows.workflows(list(runtime.catalogue.workflows.values()))
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, view)


@router.callback_query(StartWorkflowButton.filter(), Member())
async def ask_brief(
    callback: CallbackQuery,
    message: Message,
    callback_data: StartWorkflowButton,
    runtime: Runtime,
    state: FSMContext,
) -> None:
    """Ask what the workflow is about."""
    await callback.answer()
    await _ask_brief(message, runtime, state, callback_data.name)


@router.message(Command("workflow"), Member())
async def start_workflow(
    message: Message,
    runtime: Runtime,
    desk: Desk,
    state: FSMContext,
    command: CommandObject,
    member: Account,
    origin: str,
) -> None:
    """`/workflow email-campaign` asks for the brief; with a brief behind it, it starts."""
    name, _, brief = (command.args or "").strip().partition(" ")
    if not name:
        await message.answer(say("workflow-usage"))
    elif not brief.strip():
        await _ask_brief(message, runtime, state, name)
    else:
        await state.clear()
        await desk.take(request_from(message, member, brief.strip(), origin=origin, workflow=name))


@router.message(Asking.brief, F.text, ~F.text.startswith("/"), Member())
async def take_brief(message: Message, desk: Desk, state: FSMContext, member: Account, origin: str) -> None:
    """The brief for the workflow that was chosen before."""
    name = (await state.get_data()).get("workflow")
    await state.clear()
    await desk.take(request_from(message, member, message.text or "", origin=origin, workflow=name))


@router.callback_query(OfferButton.filter(F.whole), Member())
async def take_offer(
    callback: CallbackQuery,
    message: Message,
    callback_data: OfferButton,
    runtime: Runtime,
    desk: Desk,
    member: Account,
    place: Place,
) -> None:
    """Start the workflow that was offered."""
    async with runtime.unit(member.user_id) as unit:
        asked = await unit.pending.open(callback_data.pending, member, place)
        request = await unit.pending.choose_workflow(asked)
    await callback.answer()
    await desk.take(request, on=message)


@router.callback_query(OfferButton.filter(), Member())
async def decline_offer(
    callback: CallbackQuery,
    message: Message,
    callback_data: OfferButton,
    bot: Bot,
    runtime: Runtime,
    member: Account,
    place: Place,
) -> None:
    """Ask instead which single piece is wanted."""
    async with runtime.unit(member.user_id) as unit:
        asked = await unit.pending.open(callback_data.pending, member, place)
    await callback.answer()
    skills = tuple(runtime.catalogue.get(name) for name in asked.skills)
    view = questions.choose_skill(ChooseSkill(asked.request, skills), asked.id)
    await messages.edit(bot, message.chat.id, message.message_id, view)


@router.callback_query(StepButton.filter(F.deed.in_(set(_DECISIONS))), Member())
async def decide(callback: CallbackQuery, callback_data: StepButton, runtime: Runtime, member: Account) -> None:
    """Approve, Skip, Try again. The checklist is edited by the worker, which is its one writer."""
    decision, words = _DECISIONS[callback_data.deed]
    step = await _step(callback_data, runtime, member)
    choice = Choice(decision, member.person, step.id, tries=callback_data.tries)
    async with runtime.unit(member.user_id) as unit:
        await unit.workflows.decide(callback_data.walk, choice)
    await callback.answer(say(words))


@router.callback_query(StepButton.filter(F.deed == StepDeed.STOP), Member())
async def stop(callback: CallbackQuery, callback_data: StepButton, runtime: Runtime, member: Account) -> None:
    """Stop everything: what is at work ends within two seconds, what was made is kept."""
    async with runtime.unit(member.user_id) as unit:
        await unit.workflows.decide(callback_data.walk, Choice("stop", member.person))
    await callback.answer(say("stopping"))


@router.callback_query(StepButton.filter(F.deed == StepDeed.REVISE), Member())
async def ask_revision(
    callback: CallbackQuery,
    message: Message,
    callback_data: StepButton,
    runtime: Runtime,
    state: FSMContext,
    member: Account,
) -> None:
    """Ask what should change in a step's piece; a second tap only reminds of the question."""
    step = await _step(callback_data, runtime, member)
    if "revise" not in step.allowed or step.tries != callback_data.tries:
        raise StepDecidedError
    walk, words = str(callback_data.walk), say("workflow-revise-ask", title=step.title)
    fresh = await open_once(state, Asking.step_revision, walk=walk, step=step.id, tries=step.tries)
    await callback.answer(None if fresh else shorten(words, 200))
    if fresh:
        await message.reply(words)


@router.message(Asking.step_revision, F.text, ~F.text.startswith("/"), Member())
async def take_revision(message: Message, runtime: Runtime, state: FSMContext, member: Account) -> None:
    """What should change: the step goes round again."""
    data = await state.get_data()
    await state.clear()
    choice = Choice("revise", member.person, data["step"], message.text, data["tries"])
    async with runtime.unit(member.user_id) as unit:
        await unit.workflows.decide(UUID(data["walk"]), choice)
    await message.answer(say("workflow-revising"))


@router.callback_query(StepButton.filter(F.deed == StepDeed.READ), Member())
async def read_step(
    callback: CallbackQuery,
    message: Message,
    callback_data: StepButton,
    bot: Bot,
    runtime: Runtime,
    desk: Desk,
    member: Account,
) -> None:
    """A step's piece, whole, in a message of its own."""
    step = await _step(callback_data, runtime, member)
    if step.output is None:
        raise StaleButtonError
    await callback.answer()
    rater = member.person if is_private(message) else None
    whole = await desk.result_view(member.user_id, step.output.output_id, rater=rater, whole=True)
    sent = await messages.send(bot, place_of(message), View(step.output.preview), reply_to=message.message_id)
    await messages.edit(bot, message.chat.id, sent.message_id, whole)


@router.callback_query(StepButton.filter(F.deed == StepDeed.ALL), Member())
async def send_all(
    callback: CallbackQuery, message: Message, callback_data: StepButton, runtime: Runtime, member: Account
) -> None:
    """All pieces in one file."""
    file = await bundle(runtime, member.user_id, callback_data.walk)
    await callback.answer()
    await message.answer_document(BufferedInputFile(file.data, file.filename))


async def _step(data: StepButton, runtime: Runtime, member: Account) -> StepCard:
    async with runtime.unit(member.user_id) as unit:
        try:
            return (await unit.workflows.card(data.walk)).steps[data.number]
        except (NotFoundError, IndexError):
            raise StaleButtonError from None


async def _ask_brief(message: Message, runtime: Runtime, state: FSMContext, name: str) -> None:
    workflow = runtime.catalogue.workflow(name)
    await state.set_state(Asking.brief)
    await state.set_data({"workflow": workflow.name})
    await message.answer(say("workflow-ask", title=workflow.title))
