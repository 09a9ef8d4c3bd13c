"""A skill, read for the index: which words stand where, and which belong together."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core.detection import lexicon, text
from core.detection.document import OutputType, SkillText

_BODY_READ = 6_000
"""Characters of a body that are read: what a skill is about stands at its beginning."""

_QUOTED = re.compile(r"[\"“”]([^\"“”\n]{3,80})[\"“”]|(?<!\w)['‘]([^'‘’\n]{3,80}?)[,.]?['’](?!\w)")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")
_HYPHENATED = re.compile(r"(?<![\w-])[a-z0-9]+(?:-[a-z0-9]+)+(?![\w-])")
_MARKED = re.compile(r"[*`(][a-z0-9]+[*`)]")
_REFUSAL = re.compile(r"\W*(?:not (?:for|here|when|if)|do not use|don't use|never use)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a skill says.

    Attributes:
        fields: How often each stem stands in the name, the purpose, the phrases and the body.
        phrases: Triggers, quoted phrases and names, each as stems.
        passages: Stems that stand together in one phrase, example or sentence.
        pairs: Neighbouring stems.
        notions: Notions of the lexicon, with the share that each has in what the skill says of itself.
        name_notions: Notions of the name.
        words: All words but those of the body, unstemmed.
        outputs: What people call the kinds of text that it makes (stems, longest first), and which each is.
    """

    fields: tuple[Counter[str], Counter[str], Counter[str], Counter[str]]
    phrases: tuple[tuple[str, ...], ...]
    passages: tuple[frozenset[str], ...]
    pairs: frozenset[str]
    notions: dict[str, float]
    name_notions: frozenset[str]
    words: frozenset[str]
    outputs: tuple[tuple[str, OutputType], ...]


def read(skill: SkillText, names: frozenset[str]) -> Reading:
    """Read a skill in the company of the others, whose names tell which sentences are about them."""
    prose = f"{skill.description}\n{skill.body}"
    told = frozenset(_HYPHENATED.findall(prose)) | frozenset(_MARKED.findall(prose))
    return _read(skill, (told & {as_told for name in names for as_told in _as_told(name)}) - {skill.name})


def _as_told(name: str) -> tuple[str, ...]:
    """How other skills write a name to point to it: one of a single word is marked, for it is also a word."""
    return (name,) if "-" in name else (f"*{name}*", f"`{name}`", f"({name})")


@lru_cache(2_048)
def _read(skill: SkillText, others: frozenset[str]) -> Reading:
    description = _own_sentences(skill.description, others)
    quoted = [one or other for line in description for one, other in _QUOTED.findall(line)]
    labels = [skill.name.replace("-", " ").replace("_", " "), skill.title]
    made = [wording for kind in skill.output_types for wording in (kind.label, *kind.words)]
    name = _Part(labels)
    phrases = _Part([*skill.triggers, *quoted, *skill.examples, *made])
    purpose = _Part([*description, skill.category, skill.purpose, skill.output_label])
    found = Counter(text.tokens(text.fold("\n".join(_own_sentences(skill.body[:_BODY_READ], others)))))
    topical = [word for word in found if text.carries_topic(word)]
    body: Counter[str] = Counter()
    for word, stem in zip(topical, text.stems(topical), strict=True):
        body[stem] += found[word]
    said = (tuple(text.stems(text.words(text.fold(phrase)))) for phrase in (*skill.triggers, *quoted, *labels))
    return Reading(
        fields=(name.counts, purpose.counts, phrases.counts, body),
        phrases=tuple(dict.fromkeys(stems for stems in said if stems)),
        passages=(*name.passages, *phrases.passages, *purpose.passages),
        pairs=frozenset(name.pairs | phrases.pairs | purpose.pairs),
        notions=_shares(name.notions, purpose.notions, phrases.notions),
        name_notions=frozenset(name.notions),
        words=frozenset(name.words | phrases.words | purpose.words) - text.STOP_WORDS,
        outputs=_outputs(skill),
    )


def _shares(name: Counter[str], *others: Counter[str]) -> dict[str, float]:
    counts = sum(others, name)
    total = counts.total()
    return {notion: count / total for notion, count in counts.items()}


def _outputs(skill: SkillText) -> tuple[tuple[str, OutputType], ...]:
    called = {
        " ".join(text.stems(text.words(text.fold(wording)))): kind
        for kind in reversed(skill.output_types)
        for wording in (kind.label, kind.id.replace("-", " "), *kind.words)
    }
    return tuple(sorted(called.items(), key=lambda one: -len(one[0])))


class _Part:
    """The words of some pieces of text that belong to one field."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self.counts: Counter[str] = Counter()
        self.passages: list[frozenset[str]] = []
        self.pairs: set[str] = set()
        self.notions: Counter[str] = Counter()
        self.words: set[str] = set()
        for piece in pieces:
            found = text.tokens(text.fold(piece))
            stems = text.stems(found)
            content = [stem for word, stem in zip(found, stems, strict=True) if text.carries_topic(word)]
            self.counts.update(content)
            self.pairs.update(pairs(found, stems))
            self.notions.update(notion for _, _, notion in lexicon.shipped().notions(stems))
            self.words.update(found)
            if content:
                self.passages.append(frozenset(content))


def pairs(tokens: list[str], stems: list[str]) -> set[str]:
    """Neighbours among stems, as written and with the words between that carry no topic left out."""
    kept = [stem for token, stem in zip(tokens, stems, strict=True) if token not in text.STOP_WORDS]
    return {f"{a} {b}" for a, b in pairwise(stems)} | {f"{a} {b}" for a, b in pairwise(kept)}


def _own_sentences(prose: str, others: frozenset[str]) -> list[str]:
    """The sentences that tell what the skill does; those that refuse or point to another skill are left out."""
    names = "|".join(map(re.escape, sorted(others)))
    pointing = re.compile(rf"(?<![\w-])(?:{names})(?![\w-])") if others else None
    return [
        sentence
        for sentence in _SENTENCE_END.split(prose)
        if not _REFUSAL.match(sentence) and not (pointing and pointing.search(sentence))
    ]
