"""The words of a text as what they mean, alike in Kazakh and Russian: «су құбыры» and «водопровод» become one.

A **sketch** is a text as a set: a code point for each thing that it speaks of, in their order. Words of the
list `concepts.csv` stand for their concept, whatever their language and ending; a name, a number or a word that the
list does not hold stands for itself without its ending; words that could stand in any request are left out. Two
sketches share the code points of what both texts name, so that comparing them letter by letter is comparing two
sets; a thing that says more stands more than once. A sketch is short enough to lie in an index.

The list is data: one row a concept, in the words of each language as their beginnings. `a+b` is a pair that makes the
concept where both words stand in the text, in whatever order. After a change of the list `manage.py fold_again`
makes the sketches of kept rows anew.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from journal.dates import fold

LIST = Path(__file__).with_name("concepts.csv")
#: The concept of words that say nothing of what is asked.
NOTHING = "-"
#: Code points that a sketch holds at most, so that an index can hold it; a longer text is a document and no request.
MOST = 200
#: How much it says that two texts share a thing: a house, a school or a bus by its number most of all.
NUMBER, CONCEPT, OTHER = 3, 2, 1
#: Beginnings shorter than this are followed only by an ending: «су» is no part of «сурет».
SHORT = 4
#: Private code points of Unicode's fifteenth plane, which no text uses and no collation knows.
FIRST, CODES = 0xF0000, 0xFFF0

#: Endings in folded letters. A Kazakh word takes several, one after another; a Russian one takes one.
KAZAKH = (
    "лар|лер|дар|дер|тар|тер|ым|им|м|ын|ин|н|ы|и|сы|си|ымыз|имиз|мыз|миз|нын|нин|дын|дин|тын|тин|га|ге|ка|ке|на|"
    "не|ды|ди|ты|ти|ны|ни|да|де|та|те|нда|нде|дан|ден|тан|тен|нан|нен|мен|бен|пен|дагы|деги|тагы|теги|гы|ги|кы|"
    "ки|сыз|сиз|лы|ли|лык|лик|дык|дик|тык|тик"
)
KAZAKH_LAST = "а|е|й"
RUSSIAN = (
    "а|я|о|е|у|ю|ы|и|ь|й|ой|ей|ою|ею|ом|ем|ам|ям|ами|ями|ах|ях|ов|ев|ий|ый|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ым|"
    "им|ых|их|ыми|ими|ую|юю|н|на|но|ны|ный|ная|ное|ные|ного|ной|ных|ному|ным|ными|ную|ка|ки|ке|ку|кой|к|ок"
)
_KAZAKH = re.compile(f"(?:{KAZAKH}){{0,4}}(?:{KAZAKH_LAST})?")
_RUSSIAN = re.compile(f"(?:{RUSSIAN})?")
_LAST_VOWELS = re.compile(r"[аеиоуыэюяйь]+$")
#: A Kazakh к or п grows soft before a vowel: «жарық», «жарығы».
_SOFT = {"к": "г", "п": "б"}
#: A word outside the list: so many letters are its own, the rest is taken for an ending.
STEM = 5


class Words(NamedTuple):
    """The list, ready to be asked."""

    #: A beginning, and each concept that it stands for with what may follow.
    beginnings: dict[str, tuple[tuple[str, re.Pattern[str]], ...]]
    pairs: dict[tuple[str, str], str]
    names: frozenset[str]
    longest: int


def read(rows: Iterable[dict[str, str]]) -> Words:
    """The list out of its rows `concept, kk, ru`. Raises ValueError for a row that says nothing."""
    beginnings: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    pairs: dict[tuple[str, str], str] = {}
    names: set[str] = set()
    for row in rows:
        concept, kk, ru = row["concept"].strip(), row["kk"].split(), row["ru"].split()
        if not concept or not (kk or ru):
            raise ValueError(f"A concept without a name or without words: {row}")
        names.update(concept.split())
        for listed, endings, soft in ((kk, _KAZAKH, _SOFT), (ru, _RUSSIAN, {})):
            for word in listed:
                if "+" in word:
                    one, other = (fold(part) for part in word.split("+"))
                    pairs[one, other] = concept
                    continue
                folded = fold(word)
                beginnings.setdefault(folded, []).append((concept, endings))
                if folded[-1] in soft:
                    beginnings.setdefault(folded[:-1] + soft[folded[-1]], []).append((concept, endings))
    kept = {beginning: tuple(found) for beginning, found in beginnings.items()}
    return Words(kept, pairs, frozenset(names - {NOTHING}), max(map(len, kept), default=0))


@cache
def words() -> Words:
    with LIST.open(encoding="utf-8", newline="") as file:
        return read(csv.DictReader(file))


@lru_cache(maxsize=200_000)
def code_of(thing: str) -> str:
    """A thing's code point, as often as the thing weighs."""
    weight = NUMBER if thing[0].isdigit() else CONCEPT if thing in words().names else OTHER
    return chr(FIRST + crc32(thing.encode()) % CODES) * weight


@lru_cache(maxsize=200_000)
def things(word: str) -> frozenset[str]:
    """What a folded word speaks of: the concepts of its longest beginning in the list, else the word without its
    ending; nothing for a word that could stand in any request."""
    listed = words()
    for length in range(min(len(word), listed.longest), 0, -1):
        rest = word[length:]
        named = {
            concept
            for concept, endings in listed.beginnings.get(word[:length], ())
            if length >= SHORT or endings.fullmatch(rest)
        }
        if named:
            return frozenset(piece for concept in named - {NOTHING} for piece in concept.split())
    if word[0].isdigit():
        return frozenset((word,))
    if len(word) == 1:
        return frozenset()
    return frozenset((word[:STEM] if len(word) > STEM else _LAST_VOWELS.sub("", word) or word,))


@lru_cache(maxsize=200_000)
def halves_of(word: str) -> frozenset[str]:
    """The halves of pairs with which a folded word begins."""
    return frozenset(half for pair in words().pairs for half in pair if word.startswith(half))


def sketch(folded: str) -> str:
    """The sketch of a folded text."""
    parts = set(folded.split())
    found: set[str] = set()
    halves = set().union(*map(halves_of, parts))
    for (one, other), concept in words().pairs.items() if halves else ():
        if one not in halves or other not in halves:
            continue
        first = {part for part in parts if part.startswith(one)}
        second = {part for part in parts if part.startswith(other)} if first else set()
        if first and second:
            found.update(concept.split())
            parts -= first | second
    found.update(*map(things, parts))
    return "".join(sorted(map(code_of, found)))[:MOST]
