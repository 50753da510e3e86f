"""Days that the planner proposes for holes of the chosen calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from law.workdays import YearMissing, is_working
from territories.models import Territory
from territories.scope import today

from ..coverage import Cell
from ..models import Meeting
from ..planner import Proposal, propose
from ..warnings import OCCUPYING
from .chosen import Chosen

#: Days from now until the first day that can still be announced in time (826-3.4.e: two weeks).
AHEAD = dt.timedelta(days=15)


def working(day: dt.date) -> bool:
    """By the decree of the year; a year without one counts its weekdays."""
    try:
        return is_working(day)
    except YearMissing:
        return day.weekday() < 5


def proposals(about: Chosen, cells: Iterable[Cell]) -> list[Proposal]:
    """A day for each hole, given what stands in the region's calendar. Two queries."""
    cells = list(cells)
    taken = (
        list(
            Meeting.objects.filter(calendar=about.calendar, state__in=OCCUPYING).values_list(
                "holder_id", "place_id", "date"
            )
        )
        if about.calendar
        else []
    )
    named = {pk for cell in cells for pk in (cell.holder_id, cell.target_id)}
    named |= {pk for holder, place, _day in taken for pk in (holder, place)}
    region = Territory.objects.filter(path__startswith=about.region.path)
    paths = {pk: path for pk, path in region.values_list("pk", "path") if pk in named}
    return propose(cells, paths=paths, taken=taken, is_working=working, not_before=today() + AHEAD)
