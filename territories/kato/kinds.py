"""What a row of the classifier is: its kind, its parent and whether an akim sits there.

The code says the level, the mark in the Russian name says the rest. Kazakh names are never asked,
because «а.ә.» stands both for the administration of a village and for that of a city's raion.
"""

from __future__ import annotations

import re
from collections.abc import Container

from journal.dates import fold

REGION = "0000000"
REPUBLICAN = {"71": "capital", "75": "city_rep", "79": "city_rep"}
#: Administrations by their mark: kind, first and second letter.
ADMINISTRATIONS = (
    ("okrug", "с", "о"),
    ("village", "с", "а"),
    ("settlement", "п", "а"),
    ("city_raion", "г", "а"),
    ("raion_in_city", "р", "а"),
)
# The mark stands before or after the name, with or without a space and the last dot.
_MARKS = tuple(
    (kind, re.compile(rf"(^|\s){first}\. ?{second}\.? ?(?=\S)|(^|\s){first}\. ?{second}\.?$"))
    for kind, first, second in ADMINISTRATIONS
)
#: Every mark of a unit, in either language; what is left of a name without it names the unit.
# Small and capital letters differ on purpose: «с. А.Байтурсынова» is a village, not «с.а.».
_ANY_MARK = re.compile(
    r"(?:^|(?<=[\s.]))(?:"
    r"[сгпр]\. ?[оа](?:\.|(?=$|\s))|[аәкқ]\. ?[әо](?:\.|(?=$|\s))|[ГҚ]\. ?[АӘ]\.(?=$|\s)|"
    r"(?i:область|облысы|район|ауданы|поселок|посёлок|село|город|қаласы|ауылы|кенті)(?=$|\s)"
    r")\s*"
)
_FIRST_MARK = re.compile(r"^(?:г|с|п|ст|рзд|уч|ферма)\.\s*")
_LAST_MARK = re.compile(r"(?:^|(?<=[\s.]))[акқ]\.$")
_SPACES = re.compile(r"\s+")


def tidy(name: str) -> str:
    """The name as people see it: no-break and double spaces gone, no space before a dot; marks stay."""
    return _SPACES.sub(" ", name.replace("\u00a0", " ")).strip().replace(" .", ".")


def bare(name: str) -> str:
    """A tidy name without its marks: «Карааульский с.о.» and «с.о.Карааульский» give the same."""
    return _LAST_MARK.sub("", _FIRST_MARK.sub("", _ANY_MARK.sub("", name).strip())).strip() or name


def name_key(name: str) -> str:
    """What two editions' names of one unit have in common: without marks, folded for search."""
    return fold(bare(name))


def kind_and_akim(code: str, name_ru: str, parent_kind: str | None) -> tuple[str, bool]:
    """Kind of a row with a tidy name, and whether its akim is its own.

    `parent_kind` is the kind of its administrative parent, so parents are asked first.
    """
    if code[2:] == REGION:
        return REPUBLICAN.get(code[:2], "oblast"), True
    if code[4:] == "00000":
        return ("city_oblast" if int(code[2:4]) < 30 else "raion"), True
    small = name_ru.lower()
    if code[6:] == "000":
        for kind, mark in _MARKS:
            if mark.search(name_ru):
                return kind, True
        if "район" in small:
            return "raion_in_city", True
        return "territory_row", False  # the city itself inside its administration
    if "01" <= code[7:] <= "79":
        return "minor", False
    if small.startswith("район"):
        return ("territory_row", False) if parent_kind == "raion_in_city" else ("raion_in_city", True)
    if name_ru.startswith("г."):
        return ("territory_row", False) if parent_kind == "city_raion" else ("city_raion", True)
    if name_ru.startswith("п."):
        return "settlement", False
    if name_ru.startswith("с."):
        return "village", False
    return "other_main", False


def parent_code(code: str, codes: Container[str]) -> str:
    """The administrative parent: the first that exists, settlements skipped; empty for a region.

    Levels are missing in real rows, so no depth is demanded.
    """
    for candidate in (code[:6] + "000", code[:4] + "00000", code[:2] + REGION):
        if candidate != code and candidate in codes:
            return candidate
    return ""


def parent_in_classifier(code: str, codes: Container[str]) -> str:
    """The parent as the classifier itself counts it: a minor place hangs under its main place."""
    candidate = code[:7] + "00"
    if candidate != code and candidate in codes:
        return candidate
    return parent_code(code, codes)
