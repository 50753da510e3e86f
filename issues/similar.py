"""What was asked before, in the same place and elsewhere: suggestions while a text is typed, never a decision.

Texts are compared in two forms that lie beside them. **Folded**: Kazakh letters as their Russian neighbours, Latin
look-alikes as Cyrillic, case and punctuation away, words sorted. **Sketch** (`issues.concepts`): the things that the
text speaks of, alike in Kazakh and Russian. Candidates come from the same unit by one index, then from the raion, then
from the region; there the sketch alone is read, which the index holds, and rapidfuzz orders them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from rapidfuzz import fuzz, process

from journal.dates import fold as fold_words
from territories.models import Territory
from territories.scope import Who

from .concepts import sketch
from .models import Issue, Moderation, Request
from .rules import OFFICE_ROLES

#: How alike two texts must be, 0 to 100: folded, and by their sketches. Inside a unit less is asked, because there are
#: few rows.
NEAR_CUTOFF, NEAR_SKETCH, FAR_SKETCH = 72.0, 52.0, 54.0
#: How many suggestions a person is shown.
MOST = 10
#: Rows of a wider circle that are read at the most, the newest first.
MOST_ROWS = 20_000
#: Shorter texts are like everything.
SHORTEST = 6
#: Columns that follow the text.
COMPARED = ("folded", "sketch")

_CYRILLIC, _LATIN = re.compile(r"[\u0400-\u04ff]"), re.compile("[A-Za-z]")
#: A word typed wholly with Latin letters that a Cyrillic word could be made of ("cy" for «су»).
_ALL_ALIKE = re.compile(r"\b[ABCEHIKMOPTXYaceiohkmptxy]+\b")
_TO_CYRILLIC = str.maketrans(
    "ABCEHIKMOPTXYaceiohkmptxy",
    "АВСЕНІКМОРТХУасеіоһкмртху",
)


def fold(text: str) -> str:
    """The text as the column `folded` keeps it: folded words in their alphabetical order, each as often as it stood."""
    if _LATIN.search(text) and _CYRILLIC.search(text):
        text = _ALL_ALIKE.sub(lambda found: found[0].translate(_TO_CYRILLIC), text)
    return " ".join(sorted(fold_words(text).split()))


def compared(text: str) -> dict[str, str]:
    """What a row keeps of its text for being compared, by column."""
    folded = fold(text)
    return {"folded": folded, "sketch": sketch(folded)}


def raion_of(unit: Territory) -> int | None:
    """Id of the unit right below the region that holds this unit; None for the region itself."""
    ids = unit.path.strip("/").split("/")
    return int(ids[1]) if len(ids) > 1 else None


@dataclass(frozen=True, slots=True)
class Found:
    """A row that was asked before: how alike (0–100), how near ("unit", "raion", "region")."""

    kind: str
    pk: int
    score: float
    near: str
    issue_id: int | None


def similar_requests(text: str, *, unit: Territory, who: Who, place: Territory | None = None, most: int = MOST,
                     leave_out: int | None = None) -> list[Found]:  # fmt: skip
    """Requests like the text: those of the unit first, then of the raion, then of the region, best first in each.

    Only rows that the reader may see, unless they are elsewhere: there he sees the issue and not the request.
    The wider circle is asked only while the nearer one has not filled the list. Every circle costs one query.
    """
    found = _circles("request", lambda circle: requests_in(circle, who), text, unit, place, most, leave_out)
    return _with_issues(found) if found else []


def similar_issues(text: str, *, unit: Territory, place: Territory | None = None, most: int = MOST,
                   leave_out: int | None = None) -> list[Found]:  # fmt: skip
    """Issues like the text, of every office of the region: their texts are made to be published."""
    return _circles("issue", lambda circle: _all_in(Issue, circle), text, unit, place, most, leave_out)


# -- Circles --------------------------------------------------------------------------------------
#: Stand for the unit, raion or region and for the place in a statement that is made once.
HERE, THERE = -1, -2
CIRCLES = {
    "unit": Q(unit=HERE),
    "unit and place": Q(unit=HERE) | Q(place=THERE),
    "raion": Q(raion=HERE),
    "region": Q(region=HERE),
}
#: Id, sketch, and of a row of the unit the folded text.
Candidate = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Circle:
    """Rows of one place: what it is called, the path above them, which of `CIRCLES`, and the ids that it is about."""

    near: str
    root: str
    which: str
    here: int
    there: int = THERE

    @property
    def columns(self) -> tuple[str, ...]:
        return ("pk", "sketch", "folded") if self.near == "unit" else ("pk", "sketch")


def circles_around(unit: Territory, place: Territory | None = None) -> list[Circle]:
    up = unit.path.split("/")
    here = Circle("unit", unit.path, "unit", unit.pk)
    if place is not None and place.pk != unit.pk:
        here = Circle("unit", unit.path, "unit and place", unit.pk, place.pk)
    raion = raion_of(unit)
    around = [Circle("raion", "/".join(up[:2]) + "/", "raion", raion)] if raion is not None else []
    return [here, *around, Circle("region", up[0] + "/", "region", unit.region_id or unit.pk)]


def requests_in(circle: Circle, who: Who) -> list[Candidate]:
    """Requests of the circle that the reader may see; where his post covers it, no row is asked whose it is."""
    if who.role in OFFICE_ROLES and who.covers(circle.root):
        return _all_in(Request, circle)
    rows = Request.objects.visible_to(who).exclude(moderation=Moderation.REFUSED)
    try:
        return _fetched(*_statement(rows, circle), circle)
    except EmptyResultSet:
        return []


def _statement(rows, circle: Circle) -> tuple[str, tuple[Any, ...]]:
    """The newest first, as the indices of unit, raion and region are ordered: by the key alone PostgreSQL would walk
    the whole table. Read past the ORM's rows, which would take longer than the comparison."""
    day = "-raised_on" if rows.model is Issue else "-received_on"
    asked = rows.filter(CIRCLES[circle.which]).order_by(day).values_list(*circle.columns)[:MOST_ROWS]
    return asked.query.sql_with_params()


@cache
def _statement_for_all(model: type[Issue] | type[Request], which: str, near: str) -> tuple[str, tuple[Any, ...]]:
    rows = Issue.objects.standing() if model is Issue else Request.objects.exclude(moderation=Moderation.REFUSED)
    return _statement(rows, Circle(near, "", which, HERE))


def _all_in(model: type[Issue] | type[Request], circle: Circle) -> list[Candidate]:
    return _fetched(*_statement_for_all(model, circle.which, circle.near), circle)


def _fetched(statement: str, values: tuple[Any, ...], circle: Circle) -> list[Candidate]:
    ids = {HERE: circle.here, THERE: circle.there}
    with connection.cursor() as cursor:
        cursor.execute(statement, [ids.get(value, value) for value in values])
        return cursor.fetchall()


def _circles(kind: str, candidates: Callable[[Circle], list[Candidate]], text: str, unit: Territory,
             place: Territory | None, most: int, leave_out: int | None) -> list[Found]:  # fmt: skip
    wanted = fold(text)
    found: list[Found] = []
    if len(wanted) < SHORTEST:
        return found
    seen = {leave_out}
    for circle in circles_around(unit, place):
        if len(found) >= most:
            break
        for pk, score in alike(wanted, candidates(circle), most=most + 1):
            if pk not in seen and len(found) < most:
                seen.add(pk)
                found.append(Found(kind, pk, score, circle.near, pk if kind == "issue" else None))
    return found


# -- Likeness -------------------------------------------------------------------------------------
def alike(wanted: str, rows: Sequence[Candidate], *, most: int = MOST) -> list[tuple[int, float]]:
    """Ids and likeness of the rows most like a folded text, best first and the newest of equals. Pure.

    Near rows are compared in both forms and the better one counts; the others by their sketches.
    """
    if not rows:
        return []
    best: dict[int, float] = {}
    near = len(rows[0]) == 3
    of_text = sketch(wanted)
    if of_text:
        least = NEAR_SKETCH if near else FAR_SKETCH
        for place, score in _best(of_text, [row[1] for row in rows], least, most):
            best[place] = score
    if near:
        for place, score in _best(wanted, [row[2] for row in rows], NEAR_CUTOFF, most):
            best[place] = max(score, best.get(place, 0.0))
    places = sorted(best, key=lambda place: (-best[place], place))[:most]
    return [(rows[place][0], best[place]) for place in places]


def _best(wanted: str, texts: list[str | None], least: float, most: int) -> list[tuple[int, float]]:
    found = process.extract(wanted, texts, scorer=fuzz.ratio, processor=None, score_cutoff=least, limit=most)
    return [(place, score) for _text, score, place in found]


def _with_issues(found: list[Found]) -> list[Found]:
    """The same rows with the issue that each request was joined to; one query."""
    from .models import IssueOrigin

    issues = dict(
        IssueOrigin.objects.filter(request__in=[row.pk for row in found], undone_at=None).values_list(
            "request_id", "issue_id"
        )
    )
    return [Found(row.kind, row.pk, row.score, row.near, issues.get(row.pk)) for row in found]
