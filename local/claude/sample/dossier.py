"""The client's own facts, as far as the prompt holds them. What is not there is left out, never invented."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from local.claude.sample.markdown import Section, first_sentence, lead, plain, sections

FILE = re.compile(r"<client_file\b[^>]*?\bpath=\"([^\"]+)\"[^>]*>\n?(.*?)</client_file>", re.DOTALL)
CLIENT = re.compile(r"^# Client: (.+)$|<client\b[^>]*\bname=\"([^\"]+)\"", re.MULTILINE)
FOR_CLIENT = re.compile(r"\bfor ((?:[A-ZÄÖÜ0-9][\w&'’.-]*\s?)+)")
REMARK = re.compile(  # what an agency notes for itself, and what must not be printed
    r"\b(do not|don't|never|not usable|out of date|see|internal|guess|confidential|nda|to do|todo|draft|unproven|"
    r"open question)\b|\b(market|research|product|audience|projects|brand|operations)/",
    re.IGNORECASE,
)
MONEY = re.compile(r"[$€£]\s?\d|\d\s?(?:€|EUR|USD|TL|₺)")
SHORT = 6  # words; a shorter statement needs its heading to be understood
Point = tuple[str, str]
"""A heading and what it says; the heading may be empty."""


@dataclass(frozen=True)
class Dossier:
    """What the prompt says about the client. All texts are plain, one sentence or a few."""

    text: str
    request: str

    @cached_property
    def name(self) -> str:
        """The client's name; what the request calls it when there is no file; else empty."""
        if match := CLIENT.search(self.text):
            return plain(match[1] or match[2])
        titles = (section.heading for section in self._sections if section.path.startswith("profile"))
        asked = FOR_CLIENT.search(self.request)
        return next(filter(None, titles), "") or (asked[1].strip(" .") if asked else "")

    @property
    def who(self) -> str:
        """The client in a sentence about it."""
        return self.name or "the business"

    @cached_property
    def what(self) -> str:
        """What the client does, in one sentence."""
        for section in self._under(r"one-liner|in one paragraph|plain words|what .*(do|sell|does)|overview|^about"):
            for text in (*section.paragraphs, *section.items):
                if self._printable(text):
                    return first_sentence(lead(text)[1])
        texts = (text for section in self._sections for text in section.paragraphs if self._printable(text))
        topic = re.split(r"\b(?:for|about|on|of)\b", self.request.strip().split("\n")[0], maxsplit=1)[-1]
        return first_sentence(next(texts, "")) or _sentence(topic.strip() if "?" not in topic else "")

    @cached_property
    def audience(self) -> str:
        """Whom it is for, as the object of a sentence."""
        headings = r"position|audience|to whom|primary customer|the (person|business)$|who .*(for|buys)|icp"
        for section in self._under(headings):
            for text in section.paragraphs:
                if match := re.match(r"For (.+?),", plain(text)):
                    return match[1]
        for section in self._under(headings):
            for text in (*section.paragraphs, *section.items):
                if self._printable(text):
                    return _as_object(first_sentence(lead(text)[1]))
        return ""

    @cached_property
    def problems(self) -> list[str]:
        """What hurts those people, in sentences."""
        found = self._points(r"week before|problem|pain|frustrat|struggl|in .*(her|his|their) words")
        return [text.strip('"') for _, text in found][:4]

    @cached_property
    def points(self) -> list[Point]:
        """What sets the client apart, each with its explanation."""
        found = self._points(r"pillar|differ|sets .* apart|why .*(us|choose)|comes with|benefit|value|promise")
        return ([point for point in found if point[0]] or found)[:4]

    @cached_property
    def steps(self) -> list[Point]:
        """How working with the client goes."""
        lists = (
            self._points(headings) for headings in (r"\bsteps?$", r"how .*works?|process", r"what is sold|offer")
        )
        named = ([(head, _sentence(rest)) for head, rest in points if head] for points in lists)
        return next(filter(None, named), [])[:5]

    @cached_property
    def proof(self) -> list[str]:
        """Statements with numbers that the files offer as proof."""
        given = [m for s in self._sections for text in s.items for m in re.findall(r"\*Proof:\*\s*(.+)", text)]
        listed = [text for _, text in self._points(r"proof|numbers|figures|results|track record|references")]
        numbers = (first_sentence(text) for text in (*given, *listed))
        return list(dict.fromkeys(text for text in numbers if re.search(r"\d", text) and self._printable(text)))[:4]

    @cached_property
    def quotes(self) -> list[Point]:
        """Released quotations: the words, and who said them."""
        quoted = (re.match(r'\*\*Quote:\*\*\s*"(.+?)"\s*(.*)', text) for s in self._sections for text in s.items)
        return [(match[1], plain(match[2]).rstrip(".")) for match in quoted if match and self._printable(match[1])]

    @cached_property
    def price(self) -> str:
        """One statement about money."""
        priced = ((head, first_sentence(text)) for head, text in (*self.points, *self.steps))
        found = next(((head, text) for head, text in priced if MONEY.search(text)), ("", ""))
        return ": ".join(filter(None, found)) if len(found[1].split()) < SHORT else found[1]

    @cached_property
    def action(self) -> Point:
        """What readers are to do, and what happens then."""
        for section in self._under(r"call.* to action|cta|next step"):
            for text in section.items:
                head, rest = lead(text)
                asked = rest if head.lower() in ("primary", "main", "first") else head or rest
                button, _, detail = asked.partition(". ")
                if button and self._printable(button):
                    return button.rstrip("."), detail
        first = self.steps[0] if self.steps else ("", "")
        return (f"Start with the {first[0]}", first[1]) if first[0] else (f"Talk to {self.name or 'us'}", "")

    @cached_property
    def voice(self) -> str:
        """The voice in a few words."""
        texts = (text for section in self._sections if "voice" in section.path for text in section.paragraphs)
        bold = (re.match(r"\*\*(.+?)\*\*", text) for text in texts)
        return next((match[1].rstrip(".").replace(". ", ", ").lower() for match in bold if match), "")

    @cached_property
    def forbidden(self) -> list[str]:
        """Words that the client never uses."""
        items = [
            item for section in self._under(r"never|avoid|forbidden|banned|words not") for item in section.items
        ]
        bold = [word for item in items for word in re.findall(r"\*\*(.+?)\*\*", item)]
        bare = [word.strip() for item in items if "**" not in item for word in item.split(",")]
        return [word.lower() for word in bold or bare if 0 < len(word.split()) <= 4]  # noqa: PLR2004 - words, no prose

    def about(self, words: set[str]) -> list[str]:
        """Return sentences from the files in which any of these words (in lower case) stands."""
        texts = (text for s in self._sections for text in (*s.paragraphs, *s.items) if self._printable(text))
        return [
            sentence
            for text in texts
            for sentence in re.split(r"(?<=[.!?])\s+", lead(text)[1])
            if words & set(re.findall(r"\w+", sentence.lower())) and self._printable(sentence)
        ]

    @cached_property
    def _sections(self) -> list[Section]:
        return [section for path, text in FILE.findall(self.text) for section in sections(path, text)]

    def _under(self, headings: str) -> Iterator[Section]:
        wanted = re.compile(headings, re.IGNORECASE)
        return (section for section in self._sections if wanted.search(section.heading))

    def _points(self, headings: str) -> list[Point]:
        found: list[Point] = []
        for section in self._under(headings):
            texts = [*section.items, *(f"**{row[0]}** {row[-1]}" for row in section.rows[1:])]
            points = (lead(re.sub(r"\*Proof:\*.*", "", text)) for text in texts or section.paragraphs)
            found += [point for point in points if point[1] and self._printable(" ".join(point))]
        return found

    def _printable(self, text: str) -> bool:
        words = (rf"\b{re.escape(word)}\b" for word in self.forbidden)
        return not REMARK.search(text) and not any(re.search(word, text, re.IGNORECASE) for word in words)


def _sentence(text: str) -> str:
    """Return text as whole sentences: one that leads to a list is left out."""
    text = re.sub(r"(?:(?<=[.!?])|^)[^.!?]*:$", "", text).strip()
    return text and text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _as_object(sentence: str) -> str:
    text = sentence.rstrip(".")
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
