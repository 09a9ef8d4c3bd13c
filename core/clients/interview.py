"""The interview that makes a client's profile: six questions, and the files that their answers fill. Pure.

A file says what was answered and nothing else; a question that was skipped leaves no file behind.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, Literal, Self

from core.detection.text import fold
from core.errors import ConflictError, MarketingAgentError, NothingToRunError, StaleButtonError
from core.outputs.describe import slugify, without_controls

Question = Literal["name", "offer", "voice", "difference", "proof", "never"]
QUESTIONS: tuple[Question, ...] = ("name", "offer", "voice", "difference", "proof", "never")
LONGEST_NAME = 80
_LONGEST_WORDS = 60
_LISTED = re.compile(r"[,;\n•]+")
_MARKUP = re.compile(r"^( {0,3})(#{1,6}\s|-{3,}\s*$|={3,}\s*$)", re.MULTILINE)
_LEAD = re.compile(r"^(?:[-*–]\s+|(?:and|or)\s+)+", re.IGNORECASE)
_VOICE_LEAD = re.compile(r"(?<=\w)(?:\s+and\s+|\s*&\s*)", re.IGNORECASE)


class ClientNameTooLongError(MarketingAgentError):
    """No message could show this name."""

    code = "client-name-too-long"
    status = 422


class ClientNameUnreadableError(MarketingAgentError):
    """The name holds neither a letter nor a digit."""

    code = "client-name-unreadable"
    status = 422


class ClientNameTakenError(ConflictError):
    """The person has a client of this name already; `name` is how that one is written."""

    code = "client-name-taken"


@dataclass(frozen=True, slots=True)
class Interview:
    """What was answered so far, and which question is open. A skipped question has no answer."""

    answers: Mapping[Question, str] = field(default_factory=dict)
    step: int = 0
    LENGTH: ClassVar[int] = len(QUESTIONS)

    @property
    def question(self) -> Question | None:
        """The question that is open, or None at the end."""
        return QUESTIONS[self.step] if self.step < len(QUESTIONS) else None

    @property
    def name(self) -> str:
        """The client's name, or '' while that is open."""
        return self.answers.get("name", "")

    def answered(self, text: str, *, known: Iterable[str] = ()) -> Self:
        """Keep the answer to the open question, and go on. `known` are the names that are taken.

        Raises:
            NothingToRunError: there is no text.
            ClientNameTooLongError, ClientNameUnreadableError, ClientNameTakenError: it is no name for a client.
            StaleButtonError: no question is open.
        """
        if self.question is None:
            raise StaleButtonError
        text = clean_name(text, known) if self.question == "name" else clean_text(text)
        return replace(self, answers={**self.answers, self.question: text}, step=self.step + 1)

    def skipped(self) -> Self:
        """Go on without an answer; one that was given before is kept.

        Raises:
            StaleButtonError: it is the name, without which there is no client.
        """
        if self.question is None or (self.question == "name" and not self.name):
            raise StaleButtonError
        return replace(self, step=self.step + 1)

    def back(self) -> Self:
        """Open the question before."""
        return replace(self, step=max(self.step - 1, 0))


def clean_name(text: str, known: Iterable[str] = ()) -> str:
    """A name as it is kept: one line, without characters that are not seen.

    Raises:
        NothingToRunError, ClientNameTooLongError, ClientNameUnreadableError, ClientNameTakenError: it is none.
    """
    name = " ".join(clean_text(text).split())
    if len(name) > LONGEST_NAME:
        raise ClientNameTooLongError(limit=LONGEST_NAME, length=len(name))
    if not any(letter.isalnum() for letter in name):
        raise ClientNameUnreadableError
    for taken in known:
        if fold(taken) == fold(name):
            raise ClientNameTakenError(name=taken)
    return name


def clean_text(text: str) -> str:
    """An answer as it is kept.

    Raises:
        NothingToRunError: nothing of it can be seen.
    """
    text = without_controls(text).strip()
    if not text:
        raise NothingToRunError
    return text


def free_slug(name: str, taken: Collection[str]) -> str:
    """A slug for a client of this name that none of theirs has; a name without Latin letters gives `client`."""
    base = slugify(name)
    if base == "x" and fold(name) != "x":
        base = "client"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def profile_files(answers: Mapping[Question, str], day: date) -> dict[str, str]:
    """The files of a profile, by path, in Markdown: each answer in the client's words, where skills look for it."""
    name = answers["name"]
    source = f"*In the words of the interview of {day.isoformat()}.*"

    def page(title: str, *parts: str) -> str:
        return "\n\n".join((f"# {title}", source, *filter(None, parts))) + "\n"

    sells = _section("What they sell, and to whom", answers.get("offer"))
    apart = _section("What sets them apart", answers.get("difference"))
    proof = _section("Proof they can show", answers.get("proof"))
    words = _section("The voice in three words", _voice(answers.get("voice")))
    never = _section("Words never to use", _bullets(answers.get("never")))
    about = page(name, sells, words, apart, proof, never)
    files = {"profile.md": f"---\nname: {json.dumps(name, ensure_ascii=False)}\n---\n{about}"}
    if words or never:
        files["brand/voice.md"] = page(f"Voice: {name}", words, never)
    if sells or apart:
        files["brand/messaging.md"] = page(f"Messaging: {name}", sells, apart, proof)
    if sells:
        files["audience/primary-icp.md"] = page(f"Primary customer: {name}", sells)
        files["product/overview.md"] = page(f"What {name} sells", sells)
    if apart:
        files["product/differentiators.md"] = page(f"What sets {name} apart", apart)
    if proof:
        files["market/proof.md"] = page(f"Proof: {name}", proof)
    return files


def listed(answer: str) -> list[str]:
    """The items of an answer that lists words: by commas, semicolons, or lines."""
    items = (_LEAD.sub("", item.strip()).strip(" .\"“”'*") for item in _LISTED.split(answer))
    return list(dict.fromkeys(item for item in items if item))


def _voice(answer: str | None) -> str | None:
    """Three words stand out; a whole sentence is left as it is."""
    if answer is None:
        return None
    items = listed(_VOICE_LEAD.sub(", ", answer)) if len(answer) <= _LONGEST_WORDS else []
    return "**" + ". ".join(item[:1].upper() + item[1:] for item in items) + ".**" if items else answer


def _bullets(answer: str | None) -> str | None:
    return "\n".join(f"- {item}" for item in listed(answer)) or answer if answer else None


def _section(heading: str, text: str | None) -> str:
    """A heading and what was said. A line of an answer never becomes a heading of ours."""
    if not text:
        return ""
    return f"## {heading}\n" + _MARKUP.sub(r"\1\\\2", text)
