"""Days that the planner proposes for holes of the chosen calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from law.workdays import YearMissing, is_working
from territories.models import Territory
from territories.scope import today

from ..board import Board
from ..coverage import Cell
from ..models import Meeting
from ..planner import Proposal, propose
from ..terms import first_announceable
from ..warnings import OCCUPYING
from .chosen import Chosen

#: Longer lists of ids are not sent to the database.
MOST_IDS = 300


def working(day: dt.date) -> bool:
    """By the decree of the year; a year without one counts its weekdays."""
    try:
        return is_working(day)
    except YearMissing:
        return day.weekday() < 5


def proposals(about: Chosen, cells: Iterable[Cell], board: Board) -> list[Proposal]:
    """A day for each hole of the board, given what stands in the region's calendar. At most three queries."""
    cells = list(cells)
    paths = {pk: unit.path for pk, unit in board.units.items()}
    # Only the akim's own days and those of the akims above him matter.
    akims = {int(pk) for cell in cells for pk in paths[cell.holder_id].strip("/").split("/")}
    rows = Meeting.objects.filter(calendar=about.calendar, state__in=OCCUPYING)
    taken = list(few(rows, "holder", akims).values_list("holder_id", "place_id", "date")) if about.calendar else []
    others = {pk for holder, place, _day in taken for pk in (holder, place)} - paths.keys()
    if others:
        region = Territory.objects.filter(path__startswith=about.region.path)
        paths |= dict(few(region, "pk", others).values_list("pk", "path"))
    not_before = first_announceable(about.region, today())
    return propose(cells, paths=paths, taken=taken, is_working=working, not_before=not_before)


def few(rows: QuerySet, field: str, ids: set[int]) -> QuerySet:
    """The rows with these ids; where there are very many, all rows, which the database gives sooner."""
    return rows.filter(**{f"{field}__in": ids}) if len(ids) <= MOST_IDS else rows
