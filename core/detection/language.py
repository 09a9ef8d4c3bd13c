"""Which language is a message in? By script, then by the small words and letters that only one language has.

Messages are short and full of brand names, where statistical detectors guess wildly; small words do not lie.
Languages outside the table come out as English, which the output then follows.
"""

import re
import unicodedata
from collections.abc import Sequence

from core.detection import text
from core.detection.lexicon import Lexicon

_LETTERS = {"ñ": "es", "¿": "es", "¡": "es", "ß": "de", "ğ": "tr", "ş": "tr", "ı": "tr", "ã": "pt", "õ": "pt"}
_SCRIPTS = {
    "CYRILLIC": "ru", "GREEK": "el", "HEBREW": "he", "ARABIC": "ar", "HANGUL": "ko", "HIRAGANA": "ja",
    "KATAKANA": "ja", "CJK": "zh", "THAI": "th", "DEVANAGARI": "hi", "ARMENIAN": "hy", "GEORGIAN": "ka",
}  # fmt: skip
_SCRIPT_LETTERS = {"і": "uk", "ї": "uk", "є": "uk", "پ": "fa", "چ": "fa", "گ": "fa", "ک": "fa"}
_SPECIAL = re.compile("[" + "".join(_LETTERS) + "]")

_languages_of: dict[str, list[str]] = {}
for _line in text.lines("languages"):
    _code, _, _small_words = _line.partition(": ")
    for _word in _small_words.split():
        _languages_of.setdefault(_word, []).append(_code)


def detect(message: str, words: Sequence[str], trade: Lexicon) -> str:
    """The language (ISO 639-1) of a message and its folded words; `en` when nothing speaks for another."""
    if not message.isascii():
        script = _script(message)
        if script:
            return script
    scores: dict[str, float] = {}
    for word in words[:200]:
        codes = _languages_of.get(word)
        if codes:
            for code in codes:
                scores[code] = scores.get(code, 0.0) + 1 / len(codes)
    if not message.isascii():
        for letter in _SPECIAL.findall(message.lower()):
            code = _LETTERS[letter]
            scores[code] = scores.get(code, 0.0) + 1.0
    if not scores:
        return trade.language([word for word in words if word.isalnum()])
    best = max(scores, key=lambda code: (scores[code], code == "en"), default="en")
    return best if scores.get(best, 0.0) > scores.get("en", 0.0) else "en"


def _script(message: str) -> str | None:
    """The language of the script that most letters are in; None for Latin."""
    counts: dict[str, int] = {}
    latin = 0
    for letter in message[:400]:
        if letter.isalpha():
            if letter < "\u0250":
                latin += 1
                continue
            script = unicodedata.name(letter, "").split(" ", 1)[0].split("-")[0]
            code = _SCRIPT_LETTERS.get(letter.lower()) or _SCRIPTS.get(script)
            if code:
                counts[code] = counts.get(code, 0) + 1
    if sum(counts.values()) <= latin:
        return None
    for special, base in (("uk", "ru"), ("fa", "ar"), ("ja", "zh")):
        if counts.get(special) and counts.get(base):
            return special
    return max(counts, key=lambda code: counts[code])
