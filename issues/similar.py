"""What was asked before, in the same place and elsewhere: suggestions while a text is typed, never a decision.

Texts are compared folded and with their words sorted: Kazakh letters as their Russian neighbours, Latin
look-alikes as Cyrillic, case and punctuation away. Candidates come from the same unit by one index, then from
the raion, then from the region; rapidfuzz orders them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from rapidfuzz import fuzz, process

from journal.dates import fold as fold_words
from territories.models import Territory
from territories.scope import Who

from .models import Issue, Request
from .rules import OFFICE_ROLES

#: How alike two texts must be, 0 to 100. Inside a unit less is asked, because there are few rows.
NEAR_CUTOFF = 62.0
FAR_CUTOFF = 72.0
#: How many suggestions a person is shown.
MOST = 10
#: Rows of a wider circle that are read at the most, the newest first.
MOST_ROWS = 20_000
#: Shorter texts are like everything.
SHORTEST = 6

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
    circles: list[tuple[str, str, Q, float]] = [("unit", unit.path, here, NEAR_CUTOFF)]
    if raion is not None:
        circles.append(("raion", "/".join(up[:2]) + "/", Q(raion=raion), FAR_CUTOFF))
    circles.append(("region", up[0] + "/", Q(region=unit.region_id or unit.pk), FAR_CUTOFF))
    found: list[Found] = []
    seen: set[int] = set()
    for near, root, where, cutoff in circles:
        if len(found) >= most:
            break
        for row in ordered(wanted, candidates(rows(root).filter(where)), cutoff=cutoff, most=most):
            if row[0] not in seen and len(found) < most:
                seen.add(row[0])
                found.append(Found(kind, row[0], row[1], near, row[0] if kind == "issue" else None))
    return _with_issues(found) if kind == "request" else found


def candidates(rows) -> list[tuple[int, str]]:
    """Ids and folded texts of a circle, the newest first, in one query.

    Ordered as the indices of unit, raion and region are: by the key alone PostgreSQL would walk the whole table.
    """
    day = "-raised_on" if rows.model is Issue else "-received_on"
    return list(rows.order_by(day).values_list("pk", "folded")[:MOST_ROWS])


def ordered(
    wanted: str, rows: Iterable[tuple[int, str]], *, cutoff: float, most: int = MOST
) -> list[tuple[int, float]]:
    """Ids and likeness of the rows most like a folded text. Pure."""
    rows = list(rows)
    best = process.extract(
        wanted, [folded for _pk, folded in rows], scorer=fuzz.ratio, processor=None, score_cutoff=cutoff, limit=most
    )
    return [(rows[index][0], score) for _text, score, index in best]


def _with_issues(found: list[Found]) -> list[Found]:
    """The same rows with the issue that each request was joined to; one query."""
    from .models import IssueOrigin

    issues = dict(
        IssueOrigin.objects.filter(request__in=[row.pk for row in found], undone_at=None).values_list(
            "request_id", "issue_id"
        )
    )
    return [Found(row.kind, row.pk, row.score, row.near, issues.get(row.pk)) for row in found]
