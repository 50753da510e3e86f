"""The id of a duty says what it is about, so that opening it twice is refused by the primary key.

53 bits, which every client can hold exactly:

    kind of subject (4) | id of the subject (30) | number of the line (9) | period (10)

Kinds are `Subject`, numbers of lines `law/numbers.toml`; neither is ever given again. A period is the year
since 2000 times 8 plus its part: 0 the year, 1 and 2 its halves, 3 to 6 its quarters; 0 alone for a single
event. The duties of one subject are neighbours: they fill one range of ids (`range_of`). The same facts give
the same ids in every run.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import models
from django.utils.translation import pgettext_lazy

from law.numbers import number_of, rule_with

PERIOD_BITS, RULE_BITS, SUBJECT_BITS = 10, 9, 30
RULE_AT = PERIOD_BITS
SUBJECT_AT = RULE_AT + RULE_BITS
KIND_AT = SUBJECT_AT + SUBJECT_BITS
FIRST_YEAR, LAST_YEAR = 2001, 2127
PARTS = ("", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4")


class Subject(models.IntegerChoices):
    """What a duty is about. Numbers are kept for ever."""

    CALENDAR = 1, pgettext_lazy("subject of a duty", "calendar of a region")
    VERSION = 2, pgettext_lazy("subject of a duty", "version of a calendar")
    AKIM = 3, pgettext_lazy("subject of a duty", "akim")
    MEETING = 4, pgettext_lazy("subject of a duty", "meeting")
    BODY = 5, pgettext_lazy("subject of a duty", "body")
    RECEPTION = 6, pgettext_lazy("subject of a duty", "reception of citizens")
    DEMAND = 7, pgettext_lazy("subject of a duty", "demand or need of a meeting")
    PUBLICATION = 8, pgettext_lazy("subject of a duty", "publication")
    CENTRAL_MEETING = 9, pgettext_lazy("subject of a duty", "meeting of a central body")


class Parts(NamedTuple):
    """What an id is made of. `period` is a code such as "2027", "2027-H1", "2027-Q3", or empty."""

    kind: Subject
    subject_id: int
    rule_id: str
    period: str


def period_number(code: str) -> int:
    """The ten bits of a period's code; ValueError for a code that is none."""
    if not code:
        return 0
    year, part = int(code[:4]), code[4:]
    if part not in PARTS or not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{code!r} is no period; examples: 2027, 2027-H1, 2027-Q3.")
    return (year - 2000) * 8 + PARTS.index(part)


def period_code(number: int) -> str:
    """The code of a period's ten bits."""
    return f"{2000 + number // 8}{PARTS[number % 8]}" if number else ""


def base(kind: int, rule_id: str, period: str = "") -> int:
    """What to add to `subject_id << SUBJECT_AT` to get an id; SQL does the addition for whole sets of facts."""
    return (kind << KIND_AT) | (number_of(rule_id) << RULE_AT) | period_number(period)


def duty_id(kind: int, subject_id: int, rule_id: str, period: str = "") -> int:
    """The id of a duty; ValueError for a subject that does not fit."""
    if not 0 < subject_id < 1 << SUBJECT_BITS:
        raise ValueError(f"The subject {subject_id} does not fit into an id of {SUBJECT_BITS} bits.")
    return base(kind, rule_id, period) | (subject_id << SUBJECT_AT)


def parts(pk: int) -> Parts:
    """What an id says; ValueError or UnknownRule for a number that is no id of a duty."""
    return Parts(
        kind=Subject(pk >> KIND_AT),
        subject_id=(pk >> SUBJECT_AT) & ((1 << SUBJECT_BITS) - 1),
        rule_id=rule_with((pk >> RULE_AT) & ((1 << RULE_BITS) - 1)),
        period=period_code(pk & ((1 << PERIOD_BITS) - 1)),
    )


def range_of(kind: int, subject_id: int) -> tuple[int, int]:
    """The first and the last id of the duties of one subject."""
    first = (kind << KIND_AT) | (subject_id << SUBJECT_AT)
    return first, first + (1 << SUBJECT_AT) - 1
