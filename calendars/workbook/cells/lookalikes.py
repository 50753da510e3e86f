"""Latin letters typed inside Kazakh and Russian words: Мaслихaт with Latin a, or əкім with a Turkic schwa."""

import itertools
import re
from collections.abc import Collection

from .reading import Remark

# Each Latin letter and the Cyrillic ones it may stand for, in the order of likelihood.
READINGS: dict[str, str] = {
    "a": "а", "b": "ьв", "c": "с", "e": "еә", "g": "ғ", "h": "һ", "i": "і", "k": "кқ", "m": "м",
    "n": "пң", "o": "оө", "p": "р", "t": "т", "u": "ү", "x": "х", "y": "уүұ", "ə": "ә", "ɵ": "ө",
    "A": "А", "B": "В", "C": "С", "E": "Е", "F": "Ғ", "H": "НҢҺ", "I": "І", "K": "КҚ", "M": "М",
    "O": "ОӨ", "P": "Р", "T": "Т", "X": "Х", "Y": "ҮҰУ", "Ə": "Ә", "Ɵ": "Ө",
}  # fmt: skip
_MOST_READINGS = 512

_WORD = re.compile(r"[A-Za-zƏəƟɵ\u0400-\u04ff]+")
_LATIN = re.compile(r"[A-Za-zƏəƟɵ]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def mixed_word(text: str, known: Collection[str]) -> Remark | None:
    """A remark about words of two alphabets; with an offer when every one has exactly one known spelling.

    ``known`` holds right words, case-folded.
    """
    mixed = [word for word in _WORD.findall(text) if _LATIN.search(word) and _CYRILLIC.search(word)]
    if not mixed:
        return None
    mended = text
    for word in mixed:
        spellings = [spelling for spelling in readings(word) if spelling.casefold() in known]
        if len(spellings) != 1:
            return Remark("B37", {"marked": marked(mixed)}, seen=mixed[0])
        mended = mended.replace(word, spellings[0], 1)
    return Remark("B37.offer", {"marked": marked(mixed)}, offer=mended, accepted=mended, seen=mixed[0])


def readings(word: str) -> list[str]:
    """Every wholly Cyrillic spelling of a word of two alphabets; none when a letter has no look-alike."""
    choices = [READINGS.get(letter, "") if _LATIN.match(letter) else letter for letter in word]
    count = 1
    for choice in choices:
        count *= len(choice)
    if not 0 < count <= _MOST_READINGS:
        return []
    return ["".join(letters) for letters in itertools.product(*choices)]


def marked(words: list[str]) -> str:
    """The words with their Latin letters in square brackets: М[a]слих[a]т."""
    return ", ".join(_LATIN.sub(lambda found: f"[{found[0]}]", word) for word in words[:3])
