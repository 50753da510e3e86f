"""Every change of a calendar's rows, whichever door it comes through, in one calendar or in many at once.

One pipeline: lock the calendars, read the rows once, compare versions, ask the rules, check the walls, write in bulk,
journal, remember the step. All or nothing, and in as many statements for 20 calendars as for one.
"""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.bulk import insert, update
from journal.services import Change as Entry
from journal.services import record_many
from territories.models import Territory
from territories.scope import Who

from .. import rules
from ..models import Calendar, Meeting, MeetingState, MeetingTarget, Step
from ..targets import Served, at_place
from .rows import (
    FIELDS,
    VERB_FIELDS,
    Change,
    Conflict,
    Create,
    Outcome,
    Problem,
    WallHit,
    plain,
    restarts_window,
    values_of,
    walls,
)

Pairs = list[tuple[int, int]]


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
    [outcome] = apply_across(
        [(calendar, items)],
        by=by,
        label=label,
        verb=verb,
        reason=reason,
        undoable=undoable,
        fresh_state=fresh_state,
        batch=batch,
    )
    return outcome


@transaction.atomic
def apply_across(
    asked: Sequence[tuple[Calendar, Sequence[Create | Change]]],
    *,
    by: Who,
    label: str,
    verb: str = "meeting.edited",
    reason: str = "",
    undoable: bool = True,
    fresh_state: MeetingState | None = None,
    batch: uuid.UUID | None = None,
) -> list[Outcome]:
    """As `apply`, for items of several calendars: all of all calendars or none. Answers in the order of `asked`.

    Raises what `apply` raises, of the first calendar that has a forbidden row.
    """
    calendars = lock_all(calendar.pk for calendar, _items in asked)
    items = [item for _calendar, some in asked for item in some]
    changes = {item.meeting_id for item in items if isinstance(item, Change)}
    rows = rows_of(calendars, changes)
    units = units_named(items, rows)
    sheets = []
    for calendar, some in asked:
        sheet = Sheet(calendars[calendar.pk], rows, units, by=by, verb=verb, fresh_state=fresh_state)
        sheet.take(some)
        sheets.append(sheet)
    insert([meeting for sheet in sheets for meeting in sheet.made])
    written = [sheet for sheet in sheets if sheet.made or sheet.touched]
    if written:
        was = {pk: before for sheet in written for pk, before in sheet.was.items()}
        write_changed([meeting for sheet in written for meeting in sheet.touched], was)
        write_targets([pair for sheet in written for pair in sheet.targets], units, changed=was.keys())
        told = [sheet.told() for sheet in written]
        entries = [entry for some, _steps in told for entry in some]
        record_many(by.actor, verb, entries, reason=reason, batch=batch)
        if undoable and by.user is not None:
            remember(written, [steps for _entries, steps in told], by=by, label=label)
        touch_all([sheet.calendar for sheet in written])
    return [Outcome(meetings=sheet.result, step=sheet.step, unchanged=sheet.unchanged) for sheet in sheets]


def lock_all(ids: Iterable[int]) -> dict[int, Calendar]:
    """The calendars' rows, locked in the order of their ids until the end of the transaction."""
    rows = Calendar.objects.select_for_update(of=("self",)).select_related("region")
    return {row.pk: row for row in rows.filter(pk__in=set(ids)).order_by("pk")}


def rows_of(calendars: Mapping[int, Calendar], ids: Iterable[int]) -> dict[int, Meeting]:
    """The meetings of these calendars with these ids, each with its akim, its place and whom it serves."""
    found = Meeting.objects.filter(calendar__in=calendars, pk__in=set(ids)).order_by()
    rows = {row.pk: row for row in found.select_related("holder", "place").prefetch_related("targets")}
    for row in rows.values():
        row.calendar = calendars[row.calendar_id]
    return rows


class Sheet:
    """The rows of one calendar while they are changed: what is made, what is touched, and what must not be."""

    def __init__(
        self,
        calendar: Calendar,
        rows: Mapping[int, Meeting],
        units: Mapping[int, Territory],
        *,
        by: Who,
        verb: str,
        fresh_state: MeetingState | None,
    ) -> None:
        if not rules.can_enter(by, calendar):
            raise PermissionDenied(_("Your post does not enter meetings into this calendar."))
        self.calendar, self.rows, self.units = calendar, rows, units
        self.by, self.verb, self.fresh_state = by, verb, fresh_state
        self.served = Served(calendar, units)
        self.made: list[Meeting] = []
        self.touched: list[Meeting] = []
        self.result: list[Meeting] = []
        self.was: dict[int, dict[str, Any]] = {}
        self.targets: list[tuple[Meeting, Pairs]] = []
        self.unchanged = 0
        self.step: Step | None = None
        self.next_number = 0

    def take(self, items: Sequence[Create | Change]) -> None:
        """Work out what the items do. Raises PermissionDenied, `Conflict`, `WallHit`."""
        if any(isinstance(item, Create) for item in items):
            self.next_number = (self.calendar.meetings.aggregate(most=Max("number"))["most"] or 0) + 1
        problems: dict[int, list[Problem]] = {}
        for index, item in enumerate(items):
            found = self.create(item) if isinstance(item, Create) else self.change(item)
            if found:
                problems[index] = found
        if problems:
            raise WallHit(problems)

    def create(self, item: Create) -> list[Problem]:
        calendar, by = self.calendar, self.by
        meeting = Meeting(
            calendar=calendar,
            number=self.next_number + len(self.made),
            state=self.fresh_state or rules.first_state(by, calendar),
            created_by=by.user,
            proposed_by=None if rules.of_region(by, calendar) else by.user,
            **item.values,
        )
        found = walls(values_of(meeting, FIELDS), calendar, self.units)
        holder = self.units.get(meeting.holder_id)
        if not found and not (holder and rules.can_hold_for(by, calendar, holder.path)):
            found = [Problem("holder", _("Your office does not enter meetings of this akim."))]
        if found:
            return found
        meeting.holder, meeting.place = self.units[meeting.holder_id], self.units[meeting.place_id]
        meeting.updated_by = by.user
        self.made.append(meeting)
        self.targets.append((meeting, self.served.wanted(meeting, item.targets)))
        self.result.append(meeting)
        return []

    def change(self, item: Change) -> list[Problem]:
        calendar, by = self.calendar, self.by
        meeting = self.rows.get(item.meeting_id)
        if meeting is None or meeting.calendar_id != calendar.pk:
            raise PermissionDenied(_("There is no such meeting in this calendar."))
        before = values_of(meeting, (*FIELDS, *VERB_FIELDS))
        differs = {k: v for k, v in item.values.items() if before[k] != v}
        told = "announced_on" in item.values or self.verb == "meeting.undone"
        if not told and restarts_window(before, differs):
            differs |= {"announced_on": None, "announced_url": ""}
        if item.seen_version is not None and item.seen_version != meeting.version:
            raise Conflict(meeting=meeting, mine=item.values, fields=sorted(differs))
        if differs.keys() & set(FIELDS) and not rules.can_edit(by, meeting):
            raise PermissionDenied(_("This meeting can no longer be edited by your office."))
        held = {(t.holder_id, t.target_id) for t in meeting.targets.all()}
        for name, value in differs.items():
            setattr(meeting, name, value)
        found = walls(values_of(meeting, FIELDS), calendar, self.units) if differs else []
        new_holder = self.units.get(meeting.holder_id)
        if new_holder and not rules.can_hold_for(by, calendar, new_holder.path):
            found.append(Problem("holder", _("Your office does not enter meetings of this akim.")))
        if found:
            return found
        stays = not differs.keys() & {"place_id", "holder_id"}
        wanted = self.served.wanted(meeting, item.targets, held if stays else None)
        self.result.append(meeting)
        if not differs and set(wanted) == held:
            self.unchanged += 1
            return []
        meeting.holder, meeting.place = self.units[meeting.holder_id], self.units[meeting.place_id]
        self.was[meeting.pk] = before | {"targets": sorted(held)}
        meeting.version += 1
        meeting.updated_by = by.user
        meeting.updated_at = timezone.now()
        self.touched.append(meeting)
        if set(wanted) != held:
            self.targets.append((meeting, wanted))
        return []

    def told(self) -> tuple[list[Entry], list[dict[str, Any]]]:
        """An entry of the journal for each row, and the rows as undo will read them."""
        entries, steps, path = [], [], self.calendar.region.path
        for meeting in self.made:
            became = {k: plain(v) for k, v in values_of(meeting, FIELDS).items()}
            entries.append(Entry(meeting, {}, became, path, action="meeting.planned"))
            steps.append({"id": meeting.pk, "version": meeting.version, "was": {"state": MeetingState.REMOVED}})
        for meeting in self.touched:
            before = self.was[meeting.pk]
            now = values_of(meeting, (*FIELDS, *VERB_FIELDS))
            changed = {k: v for k, v in now.items() if before[k] != v}
            old = {k: plain(before[k]) for k in changed}
            entries.append(Entry(meeting, old, {k: plain(v) for k, v in changed.items()}, path))
            steps.append({"id": meeting.pk, "version": meeting.version, "was": old | {"targets": before["targets"]}})
        return entries, steps


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


def write_changed(meetings: Sequence[Meeting], was: Mapping[int, Mapping[str, Any]]) -> None:
    """Write the columns that differ in any of the meetings; a column more costs as much as a row more."""
    if not meetings:
        return
    columns = [*FIELDS, *VERB_FIELDS]
    differ = [name for name in columns if any(getattr(m, name) != was[m.pk][name] for m in meetings)]
    names = [*(name.removesuffix("_id") for name in differ), "version", "updated_by", "updated_at"]
    update(meetings, names)


def write_targets(
    targets: Sequence[tuple[Meeting, Pairs]], units: Mapping[int, Territory], *, changed: Container[int]
) -> None:
    """The pairs that each meeting serves; those of `changed` meetings take the place of the old ones."""
    old = [meeting.pk for meeting, _pairs in targets if meeting.pk in changed]
    if old:
        MeetingTarget.objects.filter(meeting__in=old).delete()
    insert(
        [
            MeetingTarget(
                meeting_id=meeting.pk, holder_id=holder, target_id=target, at_place=at_place(meeting, target, units)
            )
            for meeting, pairs in targets
            for holder, target in pairs
        ]
    )


def remember(sheets: Sequence[Sheet], rows: Sequence[list[dict[str, Any]]], *, by: Who, label: str) -> None:
    """The step of each calendar that undo will read."""
    steps = [
        Step(calendar=sheet.calendar, user=by.user, label=label[:200], rows=some)
        for sheet, some in zip(sheets, rows, strict=True)
    ]
    for sheet, step in zip(sheets, insert(steps), strict=True):
        sheet.step = step


def touch_all(calendars: Sequence[Calendar]) -> None:
    """The calendars have changed now."""
    now = timezone.now()
    for calendar in calendars:
        calendar.version += 1
        calendar.changed_at = now
    update(calendars, ["version", "changed_at"])
