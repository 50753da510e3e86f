"""The verbs of a meeting's life in the calendar; each is a few words around `sheets.apply`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from territories.scope import Who

from .. import rules
from ..models import Calendar, ImportJob, Meeting, MeetingState, Step
from ..warnings import announcements
from .rows import Change, Conflict, Outcome, lock
from .sheets import apply, apply_across

#: Steps that one pass of the nightly job deletes.
STEPS_AT_ONCE = 2000


def remove(calendar: Calendar, seen: dict[int, int], *, by: Who) -> Outcome:
    """Take rows out of the draft. A row that was ever approved cannot vanish: cancel it instead.

    `seen` maps the id of a row to the version that the person saw.
    """
    rows = list(Meeting.objects.filter(calendar=calendar, pk__in=seen).select_related("holder", "calendar"))
    if len(rows) < len(seen) or not all(rules.can_edit(by, row) for row in rows):
        raise PermissionDenied(_("You may take out only rows that you may edit."))
    if Meeting.objects.filter(pk__in=seen, frozen__isnull=False).exists():
        raise ValidationError(_("A meeting of an approved version cannot be taken out. Cancel it and give the reason."))
    items = [Change(pk, {"state": MeetingState.REMOVED}, version) for pk, version in seen.items()]
    return apply(calendar, items, by=by, label=_("Taking out of the draft"), verb="meeting.removed")


def accept(calendar: Calendar, seen: dict[int, int], *, by: Who) -> Outcome:
    """The region takes proposals of lower offices into its calendar."""
    decide(calendar, seen, by=by)
    items = [
        Change(pk, {"state": MeetingState.PLANNED, "returned_remark": ""}, version) for pk, version in seen.items()
    ]
    return apply(calendar, items, by=by, label=_("Accepting proposals"), verb="meeting.accepted")


def return_(calendar: Calendar, seen: dict[int, int], *, remark: str, by: Who) -> Outcome:
    """The region gives proposals back with a remark; the office may mend and propose again."""
    if not remark.strip():
        raise ValidationError(_("Write what the office has to change."))
    decide(calendar, seen, by=by)
    items = [
        Change(pk, {"state": MeetingState.RETURNED, "returned_remark": remark.strip()}, version)
        for pk, version in seen.items()
    ]
    return apply(calendar, items, by=by, label=_("Returning proposals"), verb="meeting.returned", reason=remark)


def decide(calendar: Calendar, seen: dict[int, int], *, by: Who) -> None:
    rows = list(Meeting.objects.filter(calendar=calendar, pk__in=seen).select_related("calendar"))
    if len(rows) < len(seen) or not all(rules.can_decide(by, row) for row in rows):
        raise PermissionDenied(_("Only proposals of your region's calendar can be accepted or returned."))


def propose_again(meeting: Meeting, *, seen_version: int, by: Who) -> Outcome:
    """An office sends a returned row once more."""
    if meeting.state != MeetingState.RETURNED or not rules.can_edit(by, meeting):
        raise PermissionDenied(_("Only a returned row of your office can be proposed again."))
    item = Change(meeting.pk, {"state": MeetingState.PROPOSED}, seen_version)
    return apply(meeting.calendar, [item], by=by, label=_("Proposing again"), verb="meeting.proposed")


@dataclass(frozen=True)
class Announced:
    """The first announcement of a meeting: when, and the address of its page. The version is the one that was seen."""

    meeting_id: int
    on: dt.date
    url: str
    seen_version: int | None


def announce(
    meeting: Meeting, *, on: dt.date, url: str, seen_version: int, today: dt.date, by: Who, reason: str = ""
) -> Outcome:
    """Record the first public announcement that states date, hour and place (826-3.4.d, e, f; A-07).

    A late one is kept as a fact, with its reason; the duty stays late.
    """
    told = [Announced(meeting.pk, on, url, seen_version)]
    [outcome] = announce_many(told, today=today, by=by, reason=reason)
    return outcome


def announce_many(told: Sequence[Announced], *, today: dt.date, by: Who, reason: str = "") -> list[Outcome]:
    """The announcements of several meetings, of one calendar or of many; the reason is kept with every one of them.

    Answers an outcome a calendar, in the order of the calendars' ids.
    """
    meetings = running([one.meeting_id for one in told], by)
    last = announcements({meeting.calendar_id: meeting.calendar for meeting in meetings.values()}.values())
    for one in told:
        meeting = meetings[one.meeting_id]
        if one.on > today:
            raise ValidationError({"on": _("The announcement cannot lie in the future.")})
        if one.on > meeting.date:
            raise ValidationError({"on": _("The announcement cannot be later than the meeting.")})
        if one.on > last[meeting.calendar_id].last_day(meeting.holder, meeting.date) and not reason.strip():
            text = _("The announcement came later than the act asks. Write the reason; it is kept with the fact.")
            raise ValidationError({"reason": text})
    items = [
        Change(one.meeting_id, {"announced_on": one.on, "announced_url": one.url}, one.seen_version) for one in told
    ]
    asked = by_calendar(meetings, items)
    return apply_across(asked, by=by, label=_("Announcement"), verb="meeting.announced", reason=reason.strip())


@dataclass(frozen=True)
class Met:
    """A meeting that took place on a day before so many people. The version is the one that was seen."""

    meeting_id: int
    on: dt.date
    attendance: int | None
    seen_version: int | None


def hold(
    meeting: Meeting, *, on: dt.date, attendance: int | None, seen_version: int, today: dt.date, by: Who
) -> Outcome:
    """Record that the meeting took place on a day; the fact of coverage counts from here."""
    [outcome] = hold_many([Met(meeting.pk, on, attendance, seen_version)], today=today, by=by)
    return outcome


def hold_many(met: Sequence[Met], *, today: dt.date, by: Who) -> list[Outcome]:
    """Record that several meetings took place, of one calendar or of many; answers as `announce_many`."""
    meetings = running([one.meeting_id for one in met], by)
    if any(one.on > today for one in met):
        raise ValidationError({"on": _("A meeting cannot be recorded as held before its day.")})
    items = [
        Change(
            one.meeting_id,
            {"state": MeetingState.HELD, "held_on": one.on, "attendance": one.attendance},
            one.seen_version,
        )
        for one in met
    ]
    return apply_across(by_calendar(meetings, items), by=by, label=_("Held"), verb="meeting.held")


def cancel(meeting: Meeting, *, reason: str, seen_version: int, by: Who) -> Outcome:
    """Cancel a planned meeting; the row and its reason stay."""
    [outcome] = cancel_many({meeting.pk: seen_version}, reason=reason, by=by)
    return outcome


def cancel_many(seen: Mapping[int, int | None], *, reason: str, by: Who) -> list[Outcome]:
    """Cancel planned meetings for one reason, of one calendar or of many; answers as `announce_many`.

    `seen` maps their ids to the versions that were seen.
    """
    meetings = running(seen, by)
    if not reason.strip():
        raise ValidationError({"reason": _("Give the reason of the cancellation.")})
    values = {"state": MeetingState.CANCELLED, "cancel_reason": reason.strip()}
    items = [Change(pk, values, version) for pk, version in seen.items()]
    asked = by_calendar(meetings, items)
    return apply_across(asked, by=by, label=_("Cancellation"), verb="meeting.cancelled", reason=reason)


def running(ids: Collection[int], by: Who) -> dict[int, Meeting]:
    """Meetings that the person may announce, hold or cancel. Raises PermissionDenied."""
    rows = Meeting.objects.filter(pk__in=ids).select_related("holder", "calendar").order_by()
    found = {row.pk: row for row in rows}
    if len(found) < len(set(ids)) or not all(rules.can_run(by, row) for row in found.values()):
        raise PermissionDenied(_("Only a planned meeting of your own unit can be announced, held or cancelled."))
    return found


def forget_steps(now: dt.datetime) -> int:
    """Delete steps whose term is over; the journal has what they did. A file that was undone stays known as such."""
    undone = ImportJob.objects.filter(step__undone_at__isnull=False).values("step")
    old = Step.objects.filter(at__lt=now - dt.timedelta(days=settings.UNDO_DAYS)).exclude(pk__in=undone)
    return Step.objects.filter(pk__in=list(old.order_by("pk").values_list("pk", flat=True)[:STEPS_AT_ONCE])).delete()[0]


def by_calendar(meetings: Mapping[int, Meeting], items: Sequence[Change]) -> list[tuple[Calendar, list[Change]]]:
    """The items by the calendar of their meetings, in the order of the calendars' ids."""
    calendars = {meeting.calendar_id: meeting.calendar for meeting in meetings.values()}
    found: dict[int, list[Change]] = {pk: [] for pk in sorted(calendars)}
    for item in items:
        found[meetings[item.meeting_id].calendar_id].append(item)
    return [(calendars[pk], some) for pk, some in found.items()]


@transaction.atomic
def undo(step: Step, *, by: Who) -> Outcome:
    """Put the rows of one's own last step back as they were.

    Raises `Conflict` when somebody has changed one of them since: then nothing is put back.
    """
    step = Step.objects.select_for_update().select_related("calendar").get(pk=step.pk)
    if by.user is None or step.user_id != by.user.pk or step.undone_at:
        raise PermissionDenied(_("Only your own latest step can be undone, and only once."))
    calendar = lock(step.calendar)
    rows = Meeting.objects.select_related("holder", "calendar").in_bulk([row["id"] for row in step.rows])
    items = []
    for row in step.rows:
        meeting = rows[row["id"]]
        if meeting.version != row["version"]:
            raise Conflict(meeting=meeting, mine=row["was"], fields=sorted(row["was"]))
        was = dict(row["was"])
        targets = was.pop("targets", None)
        values = {name: Meeting._meta.get_field(name.removesuffix("_id")).to_python(v) for name, v in was.items()}
        pairs = [tuple(pair) for pair in targets] if targets is not None else None
        items.append(Change(meeting.pk, values, row["version"], pairs))
    outcome = apply(calendar, items, by=by, label=_("Undo"), verb="meeting.undone", undoable=False)
    step.undone_at = by.moment
    step.save(update_fields=["undone_at"])
    return outcome
