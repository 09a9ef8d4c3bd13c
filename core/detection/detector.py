"""Which skill, which client, which output? A cascade in which each stage says how sure it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.detection import clients as client_names
from core.detection import model, small_talk, text
from core.detection.document import ClientName, OutputType, SkillText, WorkflowText
from core.detection.index import Index, Match
from core.detection.judge import NONE_OF_THESE, OFF_TOPIC, Judge, Option
from core.detection.query import Query, read_query
from core.detection.result import Candidate, Detection

_COMMAND = re.compile(r"\s*/([a-zA-Z0-9_-]+)(?:@\w+)?(?:\s+|$)")
_LONGEST_COMMAND = 32
_BEST = 5
_BELIEVED = 0.8
"""Confidence from which the judge's word is enough to run."""


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that the in-memory stages saw; `explain` prints it."""

    detection: Detection
    query: Query | None = None
    matches: tuple[Match, ...] = ()
    message_features: tuple[float, ...] = ()
    judgement: model.Judgement | None = None


@dataclass(frozen=True, slots=True)
class _Library:
    """What is known of one state of the library; replaced as a whole, so that no message sees half of two."""

    index: Index
    commands: dict[str, SkillText]
    workflows: Index
    workflow_names: tuple[str, ...]


class Detector:
    """Finds what a message asks for. `rebuild` swaps the library in one step; the rest only reads."""

    def __init__(self, *, judge: Judge | None, weights: model.Model | None = None) -> None:
        """Decide in memory, and ask `judge` (None: nobody) about what stays open."""
        self._judge = judge
        self._model = weights or model.shipped()
        self._library = _library((), ())

    def rebuild(self, skills: Sequence[SkillText], workflows: Sequence[WorkflowText] = ()) -> None:
        """Know these skills and workflows from now on, and no others."""
        self._library = _library(skills, workflows)

    async def detect(self, message: str, *, clients: Sequence[ClientName] = ()) -> Detection:
        """What a message asks for; asks the judge when words leave it open."""
        seen = self._look(self._library, message, clients)
        if self._judge is None or seen.detection.kind != "unsure" or not seen.detection.alternatives:
            return seen.detection
        return await self._ask(self._judge, message, seen.detection)

    def look(self, message: str, *, clients: Sequence[ClientName] = ()) -> Detection:
        """What a message asks for, by the in-memory stages alone."""
        return self._look(self._library, message, clients).detection

    def explain(self, message: str, *, clients: Sequence[ClientName] = ()) -> tuple[Look, Index]:
        """What the in-memory stages saw, and the index that they saw it in."""
        library = self._library
        return self._look(library, message, clients), library.index

    def _look(self, library: _Library, message: str, clients: Sequence[ClientName]) -> Look:
        message = message[: text.LONGEST_MESSAGE]
        command = _COMMAND.match(message)
        commanded = library.commands.get(_command_name(command[1])) if command else None
        said = message[command.end() :] if command and commanded else message
        words = text.words(text.fold(said))
        client_ids, rest = client_names.names_of(tuple(clients)).find(words)
        asked = read_query(said, rest)
        base = Detection("unsure", client_ids=client_ids, language=asked.language)
        if commanded:
            output = _output_type(commanded, asked)
            return Look(
                replace(
                    base,
                    kind="skill",
                    skill=commanded.name,
                    confidence=1.0,
                    method="command",
                    output_type=output,
                ),
                asked,
            )
        matches = library.index.match(asked)
        talk = small_talk.look(rest, said)
        features = _message_features(asked, matches, talk, library.index)
        judgement = self._model.judge(matches, features)
        decided = self._decide(library, base, asked, judgement, talk)
        return Look(decided, asked, tuple(matches), features, judgement)

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
        base = replace(base, alternatives=best)
        if judgement.off_topic >= self._model.off_topic_at or not best:
            return replace(
                base,
                kind="off_topic",
                confidence=judgement.off_topic,
                method="keyword",
                off_topic_kind=talk.kind or "other",
            )
        first = entries[judgement.skills[0][0]].skill
        base = replace(base, confidence=best[0].probability, output_type=_output_type(first, asked))
        if best[0].probability >= self._model.run_at:
            return replace(base, kind="skill", skill=first.name, method="keyword")
        return base

    async def _ask(self, judge: Judge, message: str, seen: Detection) -> Detection:
        skills = {entry.skill.name: entry.skill for entry in self._library.index.entries}
        options = [Option(c.skill, skills[c.skill].description) for c in seen.alternatives if c.skill in skills]
        verdict = await judge.choose(message[: text.LONGEST_MESSAGE], options)
        if verdict is None or verdict.choice == NONE_OF_THESE or verdict.confidence < _BELIEVED:
            return seen
        if verdict.choice == OFF_TOPIC:
            kind = small_talk.look(text.words(text.fold(message)), message).kind or "other"
            return replace(
                seen,
                kind="off_topic",
                confidence=verdict.confidence,
                method="claude",
                off_topic_kind=kind,
                output_type=None,
            )
        output = _output_type(skills[verdict.choice], read_query(message, text.words(text.fold(message))))
        return replace(
            seen,
            kind="skill",
            skill=verdict.choice,
            confidence=verdict.confidence,
            method="claude",
            output_type=output,
        )


def _library(skills: Sequence[SkillText], workflows: Sequence[WorkflowText]) -> _Library:
    commands: dict[str, SkillText] = {}
    for skill in skills:
        commands[skill.name] = skill
        commands.setdefault(skill.name[:_LONGEST_COMMAND], skill)
    as_skills = [SkillText(w.name, w.description, title=w.title, triggers=w.triggers) for w in workflows]
    return _Library(Index(skills), commands, Index(as_skills), tuple(w.name for w in workflows))


def _command_name(typed: str) -> str:
    return typed.lower().replace("_", "-")


def _message_features(
    asked: Query, matches: Sequence[Match], talk: small_talk.SmallTalk, index: Index
) -> tuple[float, ...]:
    terms = asked.terms
    mass = sum(index.idf(term) for term in terms) or 1.0
    known = sum(index.idf(term) for term in terms if index.knows(term))
    covered = max((sum(match.features[2:5]) for match in matches), default=0.0)
    return (
        1.0,
        1 / (1 + len(terms)),
        1 - known / mass,
        min(covered, 1.0),
        1.0 if talk.kind else 0.0,
        1 / (1 + talk.left) ** 2 if talk.kind else 0.0,
        len(asked.notions) / (1 + len(terms)),
    )


def _output_type(skill: SkillText, asked: Query) -> OutputType | None:
    """The longest wording of one of the skill's output types that stands in the message."""
    said = " " + " ".join(asked.stems) + " "
    best: tuple[int, OutputType] | None = None
    for kind in skill.output_types:
        for wording in (*kind.words, kind.id.replace("-", " "), kind.label):
            stems = " ".join(text.stems(text.words(text.fold(wording))))
            if stems and f" {stems} " in said and (best is None or len(stems) > best[0]):
                best = (len(stems), kind)
    return best[1] if best else None
