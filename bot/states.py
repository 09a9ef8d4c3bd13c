"""Conversations that are open: what the next message in a chat will be taken for."""

from typing import Any

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup


class Asking(StatesGroup):
    """The bot asked for something; data holds what it is about."""

    request = State()  # `skill`: the name of the skill whose request is awaited
    brief = State()  # `workflow`: the name of the workflow whose brief is awaited
    step_revision = State()  # `walk`, `step`, `tries`: which step of which workflow is to change
    revision = State()  # `output`: the id of the piece that is to change
    client_answer = State()  # `draft`: the id of the interview, `question`: the message that asks
    rule = State()  # `proposal`: the id of the proposal whose new wording is awaited
    budget = State()  # `client`: the id of the client whose monthly limit is awaited
    deletion = State()  # `until`: as a Unix time, until when the word that deletes everything counts
    form_score = State()  # `form`: the judgement being made, `owner`: of the piece, `message`: the one that asks
    form_words = State()  # the same, while the open question is answered in words
    comment = State()  # `feedback`: whose comment is awaited, `until`: as a Unix time, since it soon is a new topic


async def open_once(state: FSMContext, asking: State, **about: Any) -> bool:
    """Await an answer to a question; False where it is awaited already, as after a second tap on a button."""
    if await state.get_state() == asking.state and await state.get_data() == about:
        return False
    await state.set_state(asking)
    await state.set_data(about)
    return True
