"""What a change of a calendar's rows is made of: the rows that are asked for, the walls of the act, what came of it.

A click, a drag, a bulk action, an import of 2,005 rows and an undo all become a list of `Create` and `Change` and pass
one pipeline, `sheets.apply`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.services import record
from territories.models import Territory
from territories.scope import Who

from ..models import Calendar, Meeting, MeetingState, Step
from ..terms import REPORT, most_report_minutes

#: Columns that people fill in; what a form, a sheet row and an API body may set.
FIELDS = (
    "holder_id",
    "place_id",
    "address",
    "date",
    "time",
    "planned_minutes",
    "report_minutes",
    "format",
    "broadcast",
    "broadcast_note",
    "languages",
    "remarks",
    "off_calendar",
)
#: Columns that verbs set; an undo restores them too.
VERB_FIELDS = (
    "state",
    "announced_on",
    "announced_url",
    "held_on",
    "attendance",
    "cancel_reason",
    "returned_remark",
)
#: How many minutes a meeting may take at the most; longer ones are slips of the keyboard.
LONGEST_MINUTES = 720


@dataclass(frozen=True)
class Create:
    """A new row. `values` holds `FIELDS`; `targets` further pairs (holder id, target id) that it serves."""

    values: Mapping[str, Any]
    targets: Sequence[tuple[int, int]] | None = None


@dataclass(frozen=True)
class Change:
    """New values for one row, as seen at `seen_version`; None where the caller holds the lock itself."""

    meeting_id: int
    values: Mapping[str, Any]
    seen_version: int | None
    targets: Sequence[tuple[int, int]] | None = None


class WallHit(Exception):
    """The act (or plain arithmetic) forbids it. `problems` maps the index of a row to its messages."""

    def __init__(self, problems: dict[int, list[Problem]]):
        self.problems = problems
        super().__init__("; ".join(p.text for row in problems.values() for p in row))


@dataclass(frozen=True)
class Problem:
    """One wall: which field, what is wrong and what to do, in the reader's language, and the paragraph."""

    field: str
    text: str
    basis: str = ""


@dataclass
class Conflict(Exception):
    """Somebody else changed the row first. Carries his values and the reader's, field by field."""

    meeting: Meeting
    mine: Mapping[str, Any]
    fields: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return _("Another person has changed this meeting in the meantime.")


@dataclass
class Outcome:
    """What was written: the rows in the order of the request, and the step that undoes it."""

    meetings: list[Meeting]
    step: Step | None
    unchanged: int = 0


def plain(value: Any) -> Any:
    """A value as the journal and the undo step keep it."""
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def values_of(meeting: Meeting, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(meeting, name) for name in names}


def walls(values: Mapping[str, Any], calendar: Calendar, units: Mapping[int, Territory]) -> list[Problem]:
    """What the act plainly forbids in one row. Everything else is a warning (`warnings.py`)."""
    found: list[Problem] = []
    holder, place = units.get(values["holder_id"]), units.get(values["place_id"])
    planned, report = values["planned_minutes"], values["report_minutes"]
    if holder is None or not holder.own_akim:
        found.append(Problem("holder", _("Choose a unit that has an akim of its own."), "826-1.h1"))
    elif holder.region_id != calendar.region_id and holder.pk != calendar.region_id:
        found.append(Problem("holder", _("This akim belongs to another region."), "826-2.1.h1"))
    if place is None:
        found.append(Problem("place", _("Choose the unit in which the meeting takes place.")))
    elif holder is not None and not place.path.startswith(holder.path):
        text = _("%(place)s does not lie within the territory of this akim. Choose a unit below %(holder)s.")
        found.append(Problem("place", text % {"place": place.name(), "holder": holder.name()}))
    if values["date"].year != calendar.year:
        text = _("The date must lie in %(year)s, the year of this calendar.")
        found.append(Problem("date", text % {"year": calendar.year}))
    elif place is not None and not exists_on(place, values["date"]):
        text = _("%(place)s does not exist on that day. Choose its successor or another date.")
        found.append(Problem("place", text % {"place": place.name()}))
    if not 1 <= planned <= LONGEST_MINUTES:
        text = _("Planned minutes must be between 1 and %(most)s.")
        found.append(Problem("planned_minutes", text % {"most": LONGEST_MINUTES}))
    elif report > (most := most_report_minutes(planned, dt.date(calendar.year, 1, 1))):
        text = _("The report may take at most a quarter of the planned time: %(most)s minutes.")
        found.append(Problem("report_minutes", text % {"most": most}, REPORT))
    return found


def restarts_window(before: Mapping[str, Any], differs: Mapping[str, Any]) -> bool:
    """Does the change ask for the whole window of the announcement again? An earlier day or another place (A-05).

    A meeting that is only put off keeps its first announcement; the change itself must be announced.
    """
    if before["announced_on"] is None or before["state"] == MeetingState.HELD:
        return False
    return "place_id" in differs or differs.get("date", before["date"]) < before["date"]


def exists_on(unit: Territory, day: dt.date) -> bool:
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or unit.valid_to >= day)


def lock(calendar: Calendar) -> Calendar:
    """The calendar's row, locked until the end of the transaction; all its writers queue here."""
    return Calendar.objects.select_for_update(of=("self",)).select_related("region").get(pk=calendar.pk)


@transaction.atomic
def open_calendar(region: Territory, year: int, *, by: Who) -> Calendar:
    """The region's calendar of a year; made empty on first use."""
    calendar, made = Calendar.objects.get_or_create(region=region, year=year)
    if made:
        record(by.actor, "calendar.opened", calendar, became={"year": year}, scope_path=region.path)
    return calendar


def touch(calendar: Calendar) -> None:
    calendar.version += 1
    calendar.changed_at = timezone.now()
    calendar.save(update_fields=["version", "changed_at"])
