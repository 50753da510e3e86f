"""The personal reception after a meeting (826-3.5.a); its last day moves the ten-day clock (A-06)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from calendars.models import Meeting, MeetingState
from journal.services import record
from territories.scope import Who

from ..models import Reception, ReceptionCategory, ReceptionParticipant
from .changing import Conflict, create, edit, ended_on, lock, lock_meeting, not_future, require_office, tidy

#: Of one category of L-3: invited, present, note.
Counts = Mapping[str, tuple[int, int, str]]


@transaction.atomic
def record_reception(
    meeting: Meeting,
    *,
    starts_on: dt.date,
    ends_on: dt.date,
    citizens: int,
    participants: Counts,
    address: str = "",
    note: str = "",
    today: dt.date,
    by: Who,
) -> Reception:
    """Record a reception of one or several days, with each category of L-3: who came, or the zero."""
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    if meeting.state != MeetingState.HELD:
        raise ValidationError(_("Record the meeting as held first."))
    check_days(meeting, starts_on, ends_on, today)
    values = {
        "meeting": meeting,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "citizens": citizens,
        "address": address,
        "note": note,
    }
    row = create(Reception, by=by, unit=meeting.holder, values=values)
    write_participants(row, participants)
    record(by.actor, "reception.recorded", row, became=values, basis="826-3.5.a1")
    return row


@transaction.atomic
def edit_reception(
    reception: Reception,
    *,
    values: Mapping[str, Any],
    participants: Counts,
    seen_version: int,
    today: dt.date,
    by: Who,
) -> Reception:
    """Mend a reception; a changed last day moves the clock and stays in the journal. Raises Conflict."""
    row = lock(Reception, reception.pk, "meeting")
    require_office(by, row.unit)
    days = {name: values.get(name, getattr(row, name)) for name in ("starts_on", "ends_on")}
    check_days(row.meeting, days["starts_on"], days["ends_on"], today)
    before = counted(row)
    if seen_version != row.version:
        raise stale(row, values, before, participants)
    was, became = edit(row, values, seen_version=seen_version, by=by)
    write_participants(row, participants)
    after = counted(row)
    if before != after:
        if not became:
            edit(row, {"updated_at": by.moment}, seen_version=None, by=by)
        was, became = was | {"participants": before}, became | {"participants": after}
    if became:
        record(by.actor, "reception.changed", row, was=was, became=became)
    return row


def counted(row: Reception) -> dict[str, list[Any]]:
    """By category how many were invited, how many came, and the note."""
    return {one.category: [one.invited, one.present, one.note] for one in row.participants.all()}


def stale(row: Reception, values: Mapping[str, Any], before: Mapping[str, list[Any]], participants: Counts) -> Conflict:
    """What the other person left beside what this one wrote, the numbers of each category too."""
    fields = [name for name, value in values.items() if getattr(row, name) != value]
    others = [
        (str(ReceptionCategory(category).label), in_words(before.get(category, [0, 0, ""])), in_words(mine))
        for category, mine in participants.items()
        if before.get(category, [0, 0, ""]) != [*mine[:2], tidy(mine[2])]
    ]
    return Conflict(row=row, mine=values, fields=fields, others=others)


def in_words(numbers: Sequence[Any]) -> str:
    text = _("invited %(invited)s, came %(present)s") % {"invited": numbers[0], "present": numbers[1]}
    return f"{text}. {numbers[2]}" if numbers[2] else text


def check_days(meeting: Meeting, starts_on: dt.date, ends_on: dt.date, today: dt.date) -> None:
    not_future(ends_on, today, "ends_on")
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("The last day lies before the first one.")})
    if starts_on < ended_on(meeting):
        raise ValidationError({"starts_on": _("A reception is held after the meeting; this day lies before it.")})


def write_participants(row: Reception, participants: Counts) -> None:
    """All six categories, zeros too: absence is a fact as well."""
    for category in ReceptionCategory.values:
        invited, present, note = participants.get(category, (0, 0, ""))
        if invited < 0 or present < 0:
            raise ValidationError(_("A number of people cannot be less than zero."))
        ReceptionParticipant.objects.update_or_create(
            reception=row,
            category=category,
            defaults={"invited": invited, "present": present, "note": tidy(note)[:300]},
        )
