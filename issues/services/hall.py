"""What the hall page types: lines, instructions, the clock, who came (826-3.3).

Sent again or from two laptops, it merges.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from calendars.models import Meeting, MeetingState
from journal.services import record
from territories.scope import Who

from ..models import Audience, AudienceCategory, HallLine, Instruction, Issue, MeetingRecord
from .changing import create, edit, lock_meeting, require_office, tidy
from .preparation import freeze_minutes, record_audience

#: Changes that one call may carry; the page sends the rest with the next one.
MOST_CHANGES = 200
MOST_LINES = 1000
#: A laptop's clock may run ahead by so much; what lies further ahead is taken as now.
SKEW = dt.timedelta(minutes=2)
CLOCK = {
    "started": "started_at",
    "report_started": "report_started_at",
    "report_ended": "report_ended_at",
    "ended": "ended_at",
}
#: Texts that are typed letter by letter: what is only longer than before is no clash.
TYPED = ("question", "answer", "text", "organisation", "post")
#: What a page holds of a field before anything is typed.
UNSET = {name: "" for name in TYPED} | {"speaker_category": AudienceCategory.RESIDENTS}


@dataclass
class Saved:
    """What became of each change, by its key: done, refused with words, or in clash with what stands."""

    done: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    clashes: dict[str, dict[str, Any]] = field(default_factory=dict)


@transaction.atomic
def save_hall(meeting: Meeting, changes: Sequence[Mapping[str, Any]], *, today: dt.date, by: Who) -> Saved:
    """Take what a hall page typed. Each change names its row by an id that the page made, so twice is once.

    A change carries `was`, the values that the page last had from here: a field that another laptop changed
    meanwhile is not overwritten but told as a clash, with what stands. All else of the change is kept.
    """
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    if meeting.state not in (MeetingState.PLANNED, MeetingState.HELD):
        raise ValidationError(_("This meeting does not take place. Nothing can be typed for it."))
    if today < meeting.date:
        raise ValidationError(_("The meeting has not begun: the hall page works from its day on."))
    saved, counts = Saved(), dict[str, int]()
    for change in changes[:MOST_CHANGES]:
        key = str(change.get("key", ""))[:64]
        try:
            with transaction.atomic():
                kind, clash = one(meeting, change, by)
        except ValidationError as error:
            saved.refused[key] = " ".join(error.messages)
            continue
        if clash:
            saved.clashes[key] = clash
        else:
            saved.done.append(key)
        counts[kind] = counts.get(kind, 0) + 1
    if counts:
        record(by.actor, "hall.saved", meeting, became=counts, scope_path=meeting.holder.path, basis="826-3.3.h2")
    return saved


def one(meeting: Meeting, change: Mapping[str, Any], by: Who) -> tuple[str, dict[str, Any]]:
    """Write one change; answers its kind and what clashes."""
    kind = change.get("kind")
    values, was = change.get("values"), change.get("was") or {}
    if not isinstance(values, dict) or not isinstance(was, dict):
        raise ValidationError(_("This change cannot be read."))
    if kind == "line":
        return "lines", save_line(meeting, identity(change.get("id")), values, was, by)
    if kind == "instruction":
        line = identity(change["line"]) if change.get("line") else None
        return "instructions", save_instruction(meeting, identity(change.get("id")), line, values, was, by)
    if kind == "clock":
        press(meeting, str(values.get("event", "")), str(values.get("at", "")), by)
        return "clock", {}
    if kind == "audience":
        return "audience", count(meeting, values, was, by)
    raise ValidationError(_("This change cannot be read."))


def identity(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise ValidationError(_("This change cannot be read.")) from None


def save_line(meeting: Meeting, pk: uuid.UUID, values: dict, was: dict, by: Who) -> dict[str, Any]:
    """A question with its answer; a new one gets the next number."""
    clean = clean_line(meeting, values)
    row = HallLine.objects.filter(meeting=meeting, client_id=pk).select_related("unit").first()
    if row is None:
        mine = HallLine.objects.filter(meeting=meeting)
        if mine.count() >= MOST_LINES:
            raise ValidationError(_("There are too many lines for one meeting."))
        order = (mine.aggregate(most=Max("order"))["most"] or 0) + 1
        create(
            HallLine, by=by, unit=meeting.holder, values=clean | {"meeting": meeting, "client_id": pk, "order": order}
        )
        return {}
    clash = merge(row, clean, was, by)
    return {("removed" if name == "removed_at" else name): value for name, value in clash.items()}


def clean_line(meeting: Meeting, values: dict) -> dict[str, Any]:
    clean: dict[str, Any] = {name: text(values[name]) for name in ("question", "answer") if name in values}
    if "speaker_category" in values:
        if values["speaker_category"] not in AudienceCategory.values:
            raise ValidationError(_("There is no such category."))
        clean["speaker_category"] = values["speaker_category"]
    if "asked_at" in values:
        clean["asked_at"] = moment(values["asked_at"])
    if values.get("removed") is not None:
        clean["removed_at"] = dt.datetime.now(dt.UTC) if values["removed"] else None
    if "issue" in values:
        pk = values["issue"]
        found = Issue.objects.filter(unit=meeting.holder, pk=pk).first() if isinstance(pk, int) else None
        if pk is not None and found is None:
            raise ValidationError(_("There is no such issue of this akim."))
        clean["issue_id"] = found.pk if found else None
    return clean


def save_instruction(
    meeting: Meeting, pk: uuid.UUID, line: uuid.UUID | None, values: dict, was: dict, by: Who
) -> dict[str, Any]:
    """An instruction given on the spot, with or without the line that it belongs to."""
    row = Instruction.objects.filter(meeting=meeting, client_id=pk).select_related("unit").first()
    if values.get("removed"):
        if row is not None:
            record(by.actor, "instruction.removed", row, was={"due_on": row.due_on}, object_text=str(meeting))
            row.delete()
        return {}
    clean: dict[str, Any] = {n: text(values[n]) for n in ("text", "organisation", "post") if n in values}
    if "due_on" in values:
        clean["due_on"] = parse_date(str(values["due_on"])) if values["due_on"] else None
        if values["due_on"] and clean["due_on"] is None:
            raise ValidationError(_("Write the date as 15.01.2027."))
        if clean["due_on"] and clean["due_on"] < meeting.date:
            raise ValidationError(_("An instruction cannot be due before the meeting."))
    if row is not None:
        return merge(row, clean, was, by)
    of_line = HallLine.objects.filter(meeting=meeting, client_id=line).first() if line else None
    new = clean | {"meeting": meeting, "client_id": pk, "line": of_line}
    if of_line is not None and of_line.issue_id:
        new["issue_id"] = of_line.issue_id
    made = create(Instruction, by=by, unit=meeting.holder, values=new)
    record(by.actor, "instruction.given", made, became={"due_on": made.due_on}, object_text=str(meeting))
    return {}


def merge(row: Any, values: dict[str, Any], was: dict[str, Any], by: Who) -> dict[str, Any]:
    """Set what nobody else changed since the page saw the row; answers the fields that clash, as they stand."""
    write: dict[str, Any] = {}
    clash: dict[str, Any] = {}
    for name, value in values.items():
        stands = getattr(row, name)
        if name == "removed_at":
            if (stands is None) != (value is None):
                write[name] = value
            continue
        seen = was.get("issue" if name == "issue_id" else name, UNSET.get(name))
        if stands == value:
            continue
        longer = name in TYPED and isinstance(value, str) and value.startswith(stands or "")
        same = seen == stands or plain(stands) == seen or (not stands and not seen)
        if same or longer or name in ("asked_at",):
            write[name] = value
        else:
            clash[name] = plain(stands)
    if write:
        edit(row, write, seen_version=None, by=by)
    return clash


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValidationError(_("This change cannot be read."))
    return tidy(value)


def moment(value: Any) -> dt.datetime | None:
    """An instant that a page noted, never later than now."""
    if not value:
        return None
    try:
        found = parse_datetime(str(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ValidationError(_("This time cannot be read."))
    now = dt.datetime.now(dt.UTC)
    return min(found, now) if found <= now + SKEW else now


def press(meeting: Meeting, event: str, at: str, by: Who) -> MeetingRecord:
    """The clock: the meeting began, the report began and ended, the meeting ended. The first press counts.

    An end lies after its beginning; an empty `at` takes a press back.
    """
    column = CLOCK.get(event)
    if column is None:
        raise ValidationError(_("There is no such moment of a meeting."))
    row = MeetingRecord.objects.select_related("unit").filter(meeting=meeting).first()
    row = row or freeze_minutes(meeting, by=by)
    value = moment(at)
    stands = getattr(row, column)
    if value is not None and stands is not None:
        return row
    values: dict[str, Any] = {column: value}
    if event == "report_started" and value is not None and row.started_at is None:
        values["started_at"] = value
    pairs = (("started_at", "ended_at"), ("report_started_at", "report_ended_at"))
    for begin, end in pairs:
        first, last = values.get(begin, getattr(row, begin)), values.get(end, getattr(row, end))
        if last is not None and (first is None or last < first):
            raise ValidationError(_("The end cannot lie before the beginning."))
    was, became = edit(row, values, seen_version=None, by=by)
    if became:
        record(by.actor, "meeting.clock", row, was=was, became=became, object_text=str(meeting), basis="826-3.3.h1")
    return row


def count(meeting: Meeting, values: dict, was: dict, by: Who) -> dict[str, Any]:
    """How many of a category came."""
    category, present = values.get("category"), values.get("present")
    if present is not None and (not isinstance(present, int) or not 0 <= present <= 100_000):
        raise ValidationError(_("Write a whole number."))
    row = Audience.objects.filter(meeting=meeting, category=category).first()
    if row is not None and row.present not in (was.get("present"), present):
        return {"present": row.present}
    seen = row.version if row is not None else None
    record_audience(meeting, category=str(category), values={"present": present}, seen_version=seen, by=by)
    return {}
