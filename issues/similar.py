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
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Q
from rapidfuzz import fuzz, process

from journal.dates import fold as fold_words
from territories.models import Territory
from territories.scope import Who

from .concepts import sketch
from .models import Issue, Request
from .rules import OFFICE_ROLES

#: How alike two texts must be, 0 to 100: folded, and by their sketches. Inside a unit less is asked, because there are
#: few rows.
NEAR_CUTOFF, NEAR_SKETCH, FAR_SKETCH = 72.0, 52.0, 56.0
#: How many suggestions a person is shown.
MOST = 10
#: Rows of a wider circle that are read at the most, the newest first.
MOST_ROWS = 20_000
#: Shorter texts are like everything.
SHORTEST = 6
#: Columns that follow the text.
COMPARED = ("folded", "sketch")

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
#: A word typed wholly with Latin letters that a Cyrillic word could be made of ("cy" for «су»).
_ALL_ALIKE = re.compile(r"\b[ABCEHIKMOPTXYaceiohkmptxy]+\b")
_TO_CYRILLIC = str.maketrans(
    "ABCEHIKMOPTXYaceiohkmptxy",
    "АВСЕНІКМОРТХУасеіоһкмртху",
)


def fold(text: str) -> str:
    """The text as the column `folded` keeps it: folded words in their alphabetical order, each as often as it stood."""
    if _CYRILLIC.search(text):
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
    wanted = fold(text)
    if len(wanted) < SHORTEST:
        return []

    def rows(root: str):
        found = requests_for(who, root)
        return found.exclude(pk=leave_out) if leave_out is not None else found

    return _circles("request", rows, wanted, unit, place, most)


def requests_for(who: Who, root: str):
    """Requests that the reader may see below a path; where his post covers it, no row is asked whose it is."""
    covers = who.role in OFFICE_ROLES and who.covers(root)
    rows = Request.objects.all() if covers else Request.objects.visible_to(who)
    return rows.exclude(moderation="refused")


def similar_issues(text: str, *, unit: Territory, place: Territory | None = None, most: int = MOST,
                   leave_out: int | None = None) -> list[Found]:  # fmt: skip
    """Issues like the text, of every office of the region: their texts are made to be published."""
    wanted = fold(text)
    if len(wanted) < SHORTEST:
        return []
    rows = Issue.objects.standing()
    if leave_out is not None:
        rows = rows.exclude(pk=leave_out)
    return _circles("issue", lambda _root: rows, wanted, unit, place, most)


def _circles(
    kind: str, rows: Callable[[str], Any], wanted: str, unit: Territory, place: Territory | None, most: int
) -> list[Found]:
    raion = raion_of(unit)
    here = Q(unit=unit) | Q(place=place) if place is not None and place.pk != unit.pk else Q(unit=unit)
    up = unit.path.split("/")
    circles: list[tuple[str, str, Q]] = [("unit", unit.path, here)]
    if raion is not None:
        circles.append(("raion", "/".join(up[:2]) + "/", Q(raion=raion)))
    circles.append(("region", up[0] + "/", Q(region=unit.region_id or unit.pk)))
    found: list[Found] = []
    seen: set[int] = set()
    for near, root, where in circles:
        if len(found) >= most:
            break
        for pk, score in alike(wanted, candidates(rows(root).filter(where), near=near == "unit"), most=most):
            if pk not in seen and len(found) < most:
                seen.add(pk)
                found.append(Found(kind, pk, score, near, pk if kind == "issue" else None))
    return _with_issues(found) if kind == "request" else found


#: Id, sketch, and of a near row the folded text.
Candidate = tuple[Any, ...]


def candidates(rows, *, near: bool) -> list[Candidate]:
    """What is compared of the rows of a circle, the newest first, in one query.

    Ordered as the indices of unit, raion and region are: by the key alone PostgreSQL would walk the whole table.
    Read past the ORM's rows, which would take longer than the comparison.
    """
    day = "-raised_on" if rows.model is Issue else "-received_on"
    columns = ("pk", "sketch", "folded") if near else ("pk", "sketch")
    try:
        statement, values = rows.order_by(day).values_list(*columns)[:MOST_ROWS].query.sql_with_params()
    except EmptyResultSet:
        return []
    with connections[rows.db].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


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
