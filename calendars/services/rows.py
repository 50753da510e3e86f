"""Every change of a calendar's rows, whichever door it comes through.

A click, a drag, a bulk action, an import of 2,005 rows and an undo all become a list of `Create`
and `Change` and pass one pipeline: lock the calendar, read the rows once, compare versions, ask the
rules, check the walls, write in bulk, journal, remember the step. All or nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.bulk import insert, update
from journal.services import Change as Entry
from journal.services import record, record_many
from territories.models import Territory
from territories.scope import Who

from .. import rules
from ..models import Calendar, Meeting, MeetingState, MeetingTarget, Step
from ..targets import Served
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


@transaction.atomic
def apply(
    calendar: Calendar,
    items: Sequence[Create | Change],
    *,
    by: Who,
    label: str,
    verb: str = "meeting.edited",
    reason: str = "",
    undoable: bool = True,
    fresh_state: MeetingState | None = None,
    batch: uuid.UUID | None = None,
) -> Outcome:
    """Write all items or none.

    Raises PermissionDenied for a row outside the person's office, `Conflict` for a row changed
    meanwhile, `WallHit` with every forbidden row. Rows that would not change are left alone and
    counted. `label` names the step for the undo button, in the person's language. `batch` joins the
    journal's entries with others of the caller.
    """
    calendar = lock(calendar)
    if not rules.can_enter(by, calendar):
        raise PermissionDenied(_("Your post does not enter meetings into this calendar."))
    changes = [item for item in items if isinstance(item, Change)]
    rows = {
        m.pk: m
        for m in Meeting.objects.filter(calendar=calendar, pk__in=[c.meeting_id for c in changes])
        .select_related("holder", "place", "calendar")
        .prefetch_related("targets")
    }
    units = units_named(items, rows)
    served = Served(calendar, units)
    next_number = 0
    if len(changes) < len(items):
        next_number = (calendar.meetings.aggregate(most=Max("number"))["most"] or 0) + 1

    problems: dict[int, list[Problem]] = {}
    made: list[Meeting] = []
    touched: list[Meeting] = []
    result: list[Meeting] = []
    was: dict[int, dict[str, Any]] = {}
    targets: list[tuple[Meeting, list[tuple[int, int]]]] = []
    unchanged = 0
    for index, item in enumerate(items):
        if isinstance(item, Create):
            meeting = Meeting(
                calendar=calendar,
                number=next_number + len(made),
                state=fresh_state or rules.first_state(by, calendar),
                created_by=by.user,
                proposed_by=None if rules.of_region(by, calendar) else by.user,
                **item.values,
            )
            found = walls(values_of(meeting, FIELDS), calendar, units)
            allowed = meeting.holder_id in units and rules.can_hold_for(by, calendar, units[meeting.holder_id].path)
            if not allowed and not found:
                found = [Problem("holder", _("Your office does not enter meetings of this akim."))]
            if found:
                problems[index] = found
                continue
            meeting.holder, meeting.place = units[meeting.holder_id], units[meeting.place_id]
            meeting.updated_by = by.user
            made.append(meeting)
            targets.append((meeting, served.wanted(meeting, item.targets)))
        else:
            found_row = rows.get(item.meeting_id)
            if found_row is None:
                raise PermissionDenied(_("There is no such meeting in this calendar."))
            meeting = found_row
            before = values_of(meeting, (*FIELDS, *VERB_FIELDS))
            differs = {k: v for k, v in item.values.items() if before[k] != v}
            told = "announced_on" in item.values or verb == "meeting.undone"
            if not told and restarts_window(before, differs):
                differs |= {"announced_on": None, "announced_url": ""}
            if item.seen_version is not None and item.seen_version != meeting.version:
                raise Conflict(meeting=meeting, mine=item.values, fields=sorted(differs))
            if differs.keys() & set(FIELDS) and not rules.can_edit(by, meeting):
                raise PermissionDenied(_("This meeting can no longer be edited by your office."))
            held = {(t.holder_id, t.target_id) for t in meeting.targets.all()}
            for name, value in differs.items():
                setattr(meeting, name, value)
            found = walls(values_of(meeting, FIELDS), calendar, units) if differs else []
            new_holder = units.get(meeting.holder_id)
            if new_holder and not rules.can_hold_for(by, calendar, new_holder.path):
                found.append(Problem("holder", _("Your office does not enter meetings of this akim.")))
            if found:
                problems[index] = found
                continue
            stays = not differs.keys() & {"place_id", "holder_id"}
            wanted = served.wanted(meeting, item.targets, held if stays else None)
            if not differs and set(wanted) == held:
                unchanged += 1
                result.append(meeting)
                continue
            meeting.holder, meeting.place = units[meeting.holder_id], units[meeting.place_id]
            was[meeting.pk] = before | {"targets": sorted(held)}
            meeting.version += 1
            meeting.updated_by = by.user
            meeting.updated_at = timezone.now()
            touched.append(meeting)
            if set(wanted) != held:
                targets.append((meeting, wanted))
        result.append(meeting)
    if problems:
        raise WallHit(problems)
    if not made and not touched:
        return Outcome(meetings=result, step=None, unchanged=unchanged)

    insert(made)
    write_changed(touched, was)
    write_targets(targets, served, changed=was.keys())
    step = journal_step(
        calendar, made, touched, was, by=by, label=label, verb=verb, reason=reason, undoable=undoable, batch=batch
    )
    touch(calendar)
    return Outcome(meetings=result, step=step, unchanged=unchanged)


def units_named(items: Sequence[Create | Change], rows: Mapping[int, Meeting]) -> dict[int, Territory]:
    """Every unit that the items or the present rows name, in one query, and where a row may come to serve another
    unit than now, all units above them, in a second one."""
    units = {unit.pk: unit for row in rows.values() for unit in (row.holder, row.place)}
    ids = {v for item in items for k, v in item.values.items() if k in ("holder_id", "place_id") and v}
    ids.update(pair_id for item in items for pair in item.targets or () for pair_id in pair)
    if more := ids - units.keys():
        units |= Territory.objects.in_bulk(more)
    if all(serves_as_now(item, rows) for item in items):
        return units
    above = {int(pk) for unit in units.values() for pk in unit.path.strip("/").split("/")} - units.keys()
    return units | Territory.objects.in_bulk(above)


def serves_as_now(item: Create | Change, rows: Mapping[int, Meeting]) -> bool:
    """Does the item leave alone whom the meeting serves?"""
    if isinstance(item, Create) or item.targets is not None or item.values.keys() & {"holder_id", "place_id"}:
        return False
    row = rows.get(item.meeting_id)
    return row is None or bool(row.targets.all())


def write_changed(meetings: list[Meeting], was: Mapping[int, Mapping[str, Any]]) -> None:
    """Write the columns that differ in any of the meetings; a column more costs as much as a row more."""
    if not meetings:
        return
    columns = [*FIELDS, *VERB_FIELDS]
    differ = [name for name in columns if any(getattr(m, name) != was[m.pk][name] for m in meetings)]
    names = [*(name.removesuffix("_id") for name in differ), "version", "updated_by", "updated_at"]
    update(meetings, names)


def write_targets(
    targets: list[tuple[Meeting, list[tuple[int, int]]]], served: Served, *, changed: Container[int]
) -> None:
    """The pairs that each meeting serves; those of `changed` meetings take the place of the old ones."""
    old = [meeting.pk for meeting, _pairs in targets if meeting.pk in changed]
    if old:
        MeetingTarget.objects.filter(meeting__in=old).delete()
    insert(
        [
            MeetingTarget(
                meeting_id=meeting.pk, holder_id=holder, target_id=target, at_place=served.at_place(meeting, target)
            )
            for meeting, pairs in targets
            for holder, target in pairs
        ]
    )


def journal_step(
    calendar: Calendar,
    made: list[Meeting],
    touched: list[Meeting],
    was: dict[int, dict[str, Any]],
    *,
    by: Who,
    label: str,
    verb: str,
    reason: str,
    undoable: bool,
    batch: uuid.UUID | None = None,
) -> Step | None:
    """One journal entry a row, all under one batch, and the step that undo will read."""
    entries, steps, path = [], [], calendar.region.path
    for meeting in made:
        became = {k: plain(v) for k, v in values_of(meeting, FIELDS).items()}
        entries.append(Entry(meeting, {}, became, path, action="meeting.planned"))
        steps.append({"id": meeting.pk, "version": meeting.version, "was": {"state": MeetingState.REMOVED}})
    for meeting in touched:
        before = was[meeting.pk]
        now = values_of(meeting, (*FIELDS, *VERB_FIELDS))
        changed = {k: v for k, v in now.items() if before[k] != v}
        old = {k: plain(before[k]) for k in changed}
        entries.append(Entry(meeting, old, {k: plain(v) for k, v in changed.items()}, path))
        kept = {k: plain(before[k]) for k in changed} | {"targets": before["targets"]}
        steps.append({"id": meeting.pk, "version": meeting.version, "was": kept})
    record_many(by.actor, verb, entries, reason=reason, batch=batch)
    if not undoable or by.user is None:
        return None
    return Step.objects.create(calendar=calendar, user=by.user, label=label[:200], rows=steps)


def touch(calendar: Calendar) -> None:
    calendar.version += 1
    calendar.changed_at = timezone.now()
    calendar.save(update_fields=["version", "changed_at"])
