"""Buttons of the long form of a judgement."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.keyboards.button import button, rows
from bot.words import say
from core.feedback.form import Aspect, Form

_ASPECTS: tuple[Aspect, ...] = ("accuracy", "quality", "usefulness", "rule_compliance", "overall")


class FormDeed(StrEnum):
    """What leads through the form, beside its answers."""

    SKIP = "skip"
    DONE = "done"
    BACK = "back"
    CANCEL = "cancel"
    KEEP = "keep"
    DISCARD = "drop"
    STAY = "stay"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class FormButton(CallbackData, prefix="ff"):
    """A way through the form."""

    deed: FormDeed


class FormScoreButton(CallbackData, prefix="ffs"):
    """A score from 1 to 5 for one of the `_ASPECTS`, by its number."""

    aspect: int
    score: int

    @property
    def of(self) -> Aspect:
        """What is scored."""
        return _ASPECTS[self.aspect]


def form(state: Form) -> InlineKeyboardMarkup:
    """The answers to the open question, and the ways on, back and out."""
    back = [] if state.step == "accuracy" else [_way(FormDeed.BACK, "button-back")]
    cancel = _way(FormDeed.CANCEL, "button-cancel")
    if state.step == "severity":
        severe = [_way(deed, f"severity-{deed}") for deed in (FormDeed.HIGH, FormDeed.MEDIUM, FormDeed.LOW)]
        return rows(severe, [*back, cancel])
    if state.step == "issues":
        return rows([*back, _way(FormDeed.DONE, "button-done"), cancel])
    if state.step == "rule":
        return rows([*back, _way(FormDeed.SKIP, "button-skip"), cancel])
    skip = [] if state.step == "overall" else [_way(FormDeed.SKIP, "button-skip")]
    return rows(_scores(state), [*back, *skip, cancel])


def leaving() -> InlineKeyboardMarkup:
    """Keep what was answered, discard it, or go on."""
    ways = ((FormDeed.KEEP, "button-keep"), (FormDeed.DISCARD, "button-discard"), (FormDeed.STAY, "button-go-on"))
    return rows([_way(deed, name) for deed, name in ways])


def _scores(state: Form) -> list[InlineKeyboardButton]:
    """One to five for the open question, what was chosen before marked."""
    aspect = next((number for number, aspect in enumerate(_ASPECTS) if aspect == state.step), None)
    if aspect is None:
        return []
    chosen = state.scores.get(_ASPECTS[aspect])
    return [
        button(f"✓ {score}" if score == chosen else str(score), FormScoreButton(aspect=aspect, score=score))
        for score in range(1, 6)
    ]


def _way(deed: FormDeed, name: str) -> InlineKeyboardButton:
    return button(say(name), FormButton(deed=deed))
