"""Which skill, which client, which output? A cascade in which each stage says how sure it is."""

import gc
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.detection import focus, language, lexicon, model, small_talk, text
from core.detection.clients import names_of
from core.detection.document import ClientName, OutputType, SkillText, WorkflowText
from core.detection.index import Entry, Index, Match
from core.detection.judge import NONE_OF_THESE, OFF_TOPIC, Judge, Option
from core.detection.query import Query, read_query
from core.detection.result import Candidate, Detection, Method
from core.detection.workflows import Workflows

_COMMAND = re.compile(r"\s*/([a-zA-Z0-9_-]+)(?:@\w+)?(?:\s+|$)")
_LONGEST_COMMAND = 32
"""Characters of a command that Telegram allows (https://core.telegram.org/bots/api#botcommand)."""

_BEST = 5
_MOST_OPTIONS = 50
"""Skills shown to the judge when words found none at all."""

_BELIEVED = 0.8
"""Confidence from which the judge's word is enough to act on."""

_LIKELIER = 0.5
"""Where nobody can be asked, small talk is what is likelier than not to be small talk."""


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that the in-memory stages saw; `python -m core.detection explain` prints it."""

    detection: Detection
    query: Query
    matches: tuple[Match, ...] = ()
    message: tuple[float, ...] = ()
    judgement: model.Judgement | None = None


@dataclass(frozen=True, slots=True)
class _Library:
    """What is known of one state of the library; replaced as a whole, so that no message sees half of two."""

    index: Index
    workflows: Workflows
    entries: dict[str, Entry]
    commands: dict[str, Entry]


class Detector:
    """Finds what a message asks for. `rebuild` swaps the library in one step; everything else only reads."""

    def __init__(self, *, judge: Judge | None, weights: model.Model | None = None) -> None:
        """Decide in memory, by the shipped weights or others, and ask `judge` about what stays open."""
        self._judge = judge
        self._model = weights or model.shipped()
        self._off_topic_at = self._model.off_topic_at if judge else _LIKELIER
        self._library = _library((), ())

    def rebuild(self, skills: Sequence[SkillText], workflows: Sequence[WorkflowText] = ()) -> None:
        """Know these skills and workflows from now on, and no others.

        The garbage collector waits meanwhile: an index is many small objects that all stay, and going through the
        heap because of them would triple the pause.
        """
        collecting = gc.isenabled()
        gc.disable()
        try:
            self._library = _library(skills, workflows)
        finally:
            if collecting:
                gc.enable()

    async def detect(self, message: str, *, clients: Sequence[ClientName] = ()) -> Detection:
        """What a message asks for; asks the judge when words leave it open."""
        library = self._library
        seen = self._look(library, message, clients)
        if self._judge is None or seen.detection.kind != "unsure":
            return seen.detection
        return await _ask(self._judge, library, message[: text.LONGEST_MESSAGE], seen)

    def look(self, message: str, *, clients: Sequence[ClientName] = ()) -> Detection:
        """What a message asks for, by the in-memory stages alone."""
        return self._look(self._library, message, clients).detection

    def orders(self, message: str) -> bool:
        """Whether a message asks for a new piece in so many words, or in a language whose grammar we do not know.

        Where a comment is awaited this tells `write five posts` from `the posts are clear`: both name a skill.
        """
        tokens = text.tokens(text.fold(message[: text.LONGEST_MESSAGE]))
        return focus.orders(tokens) or language.detect(message, tokens, lexicon.shipped()) != "en"

    def explain(self, message: str, *, clients: Sequence[ClientName] = ()) -> tuple[Look, Index]:
        """What the in-memory stages saw, and the index that they saw it in."""
        library = self._library
        return self._look(library, message, clients), library.index

    def _look(self, library: _Library, message: str, clients: Sequence[ClientName]) -> Look:
        message = message[: text.LONGEST_MESSAGE]
        command = _COMMAND.match(message)
        commanded = library.commands.get(command[1].lower().replace("_", "-")) if command else None
        said = message[command.end() :] if command and commanded else message
        client_ids, tokens = names_of(tuple(clients)).find(text.tokens(text.fold(said)))
        talk = small_talk.look(tokens, said)
        asked = read_query(said, tokens, talk, library.index)
        base = Detection("unsure", client_ids=client_ids, language=asked.language)
        if commanded:
            return Look(_run(base, commanded, asked, confidence=1.0, method="command"), asked)
        matches = tuple(library.index.match(asked))
        features = model.message_features(asked, matches, talk, library.index)
        judgement = self._model.judge(matches, features)
        decided = self._decide(library, base, asked, judgement, talk)
        return Look(decided, asked, matches, features, judgement)

    def _decide(
        self,
        library: _Library,
        base: Detection,
        asked: Query,
        judgement: model.Judgement,
        talk: small_talk.SmallTalk,
    ) -> Detection:
        entries = library.index.entries
        best = tuple(Candidate(entries[place].skill.name, p) for place, p in judgement.skills[:_BEST])
        offer = library.workflows.find(asked)
        base = replace(base, alternatives=best, workflow=offer.workflow if offer else None)
        if offer and offer.whole:
            return replace(base, kind="workflow", confidence=self._model.workflow, method="keyword")
        if not lexicon.shipped().speaks(asked.language) and (talk.left or not talk.kind):
            return base  # none of our words are in it, which tells nothing
        if judgement.off_topic >= self._off_topic_at:
            kind = talk.kind or "other"
            return replace(
                base, kind="off_topic", confidence=judgement.off_topic, method="keyword", off_topic_kind=kind
            )
        if not best:
            return base
        first = entries[judgement.skills[0][0]]
        if best[0].probability >= self._model.run_at:
            return _run(base, first, asked, confidence=best[0].probability, method="keyword")
        return replace(base, confidence=best[0].probability, output_type=_output_type(first, asked))


async def _ask(judge: Judge, library: _Library, message: str, seen: Look) -> Detection:
    """Let the judge decide; without an answer that can be believed, the person will."""
    found = seen.detection
    names = [one.skill for one in found.alternatives] or list(library.entries)[:_MOST_OPTIONS]
    options = [Option(name, library.entries[name].skill.description) for name in names]
    verdict = await judge.choose(message, options)
    if verdict is None or verdict.choice == NONE_OF_THESE or verdict.confidence < _BELIEVED:
        return found
    if verdict.choice == OFF_TOPIC:
        kind = small_talk.look(seen.query.tokens, message).kind or "other"
        return replace(
            found,
            kind="off_topic",
            confidence=verdict.confidence,
            method="claude",
            off_topic_kind=kind,
            output_type=None,
        )
    chosen = library.entries[verdict.choice]
    return _run(found, chosen, seen.query, confidence=verdict.confidence, method="claude")


def _run(base: Detection, entry: Entry, asked: Query, *, confidence: float, method: Method) -> Detection:
    return replace(
        base,
        kind="skill",
        skill=entry.skill.name,
        confidence=confidence,
        method=method,
        output_type=_output_type(entry, asked),
    )


def _output_type(entry: Entry, asked: Query) -> OutputType | None:
    """The kind of text, of those that the skill makes, whose longest name stands in the message."""
    said = f" {' '.join(asked.wanted)} "
    return next((kind for stems, kind in entry.reading.outputs if stems and f" {stems} " in said), None)


def _library(skills: Sequence[SkillText], workflows: Sequence[WorkflowText]) -> _Library:
    index = Index(skills)
    entries = {entry.skill.name: entry for entry in index.entries}
    cut = {name[:_LONGEST_COMMAND]: entry for name, entry in entries.items()}
    return _Library(index, Workflows(workflows), entries, cut | entries)
