"""Does a message ask for a whole campaign, and not for one piece of it?"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.detection import text
from core.detection.document import WorkflowText
from core.detection.query import Query

_WHOLE = frozenset(
    " ".join(text.words(text.fold(phrase))) for line in text.lines("whole") for phrase in line.split(",")
)
_LONGEST_WHOLE = max(phrase.count(" ") + 1 for phrase in _WHOLE)
_WHOLE_STEMS = frozenset(text.stems(sorted(phrase for phrase in _WHOLE if " " not in phrase)))
_DEEDS = frozenset(text.stems(" ".join(text.sections("grammar")["deeds"]).split()))


@dataclass(frozen=True, slots=True)
class Offer:
    """A workflow that fits. `whole`: the message asks for all of it, so that it goes before any single skill."""

    workflow: str
    whole: bool


class Workflows:
    """The workflows of a library, found by what they are called."""

    def __init__(self, workflows: Sequence[WorkflowText]) -> None:
        """Read titles and triggers into what has to stand in a message."""
        self._called: list[tuple[frozenset[str], str]] = []
        self._phrases: list[tuple[str, str]] = []
        for workflow in workflows:
            for phrase in (workflow.name.replace("-", " "), workflow.title, *workflow.triggers):
                words = text.words(text.fold(phrase))
                topic = frozenset(text.content(words)) - _WHOLE_STEMS
                bare = topic - _DEEDS
                if topic:
                    self._called.append((topic, workflow.name))
                if bare != topic and len(bare) > 1:
                    self._called.append((bare, workflow.name))
                    self._phrases.append((f" {' '.join(text.stems(words))} ", workflow.name))
        self._called.sort(key=lambda one: -len(one[0]))
        self._phrases.sort(key=lambda one: -len(one[0]))

    def find(self, asked: Query) -> Offer | None:
        """The workflow that a message names; the longest name wins."""
        said = f" {' '.join(asked.stems)} "
        whole = _asks_for_all(asked.tokens)
        exact = next((name for phrase, name in self._phrases if phrase in said), None)
        named = exact or next((name for topic, name in self._called if topic <= asked.terms.keys()), None)
        return Offer(named, whole=whole or exact is not None) if named else None


def _asks_for_all(tokens: Sequence[str]) -> bool:
    return any(
        " ".join(tokens[at : at + length]) in _WHOLE
        for at in range(len(tokens))
        for length in range(1, _LONGEST_WHOLE + 1)
    )
