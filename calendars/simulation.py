"""What a region does with its calendar in a replayed year: plans, approves, tells the maslikhat, submits, corrects.

Through the services of a click, by the people of the region, at the instant that each `Who` carries (`Who.at`).
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.files.uploadedfile import SimpleUploadedFile

from law.workdays import is_working
from territories.models import Territory
from territories.scans import read_scan
from territories.scope import Who

from . import coverage, demo, planner, services
from .models import Calendar, CalendarVersion, Meeting, MeetingState, Submission
from .services import approval, notify, submit

#: A one-page PDF that stands for the signed order.
ORDER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
RETURNED = "Күнін өзгертіңіз / Измените день"
MOVED = "Су тасқыны, боран / Паводок, буран"


@dataclass(frozen=True)
class People:
    """Who acts for a region; `office` is the staff of one raion, who propose their own rows."""

    editor: Who
    approver: Who
    reviewer: Who
    office: Who | None = None
    secretary: Who | None = None

    def at(self, moment: dt.datetime) -> People:
        """The same people at an instant."""
        return People(
            editor=replace(self.editor, at=moment),
            approver=replace(self.approver, at=moment),
            reviewer=replace(self.reviewer, at=moment),
            office=self.office and replace(self.office, at=moment),
            secretary=self.secretary and replace(self.secretary, at=moment),
        )


def plan_year(region: Territory, year: int, *, rng: random.Random, people: People) -> Calendar:
    """Plan whatever the decree asks for; one raion proposes its own rows, and one of these is returned once."""
    calendar = services.open_calendar(region, year, by=people.editor)
    cells = coverage.cells([region], year, only_holes=True)
    units = Territory.objects.in_bulk({pk for cell in cells for pk in (cell.holder_id, cell.target_id)})
    proposals = planner.propose(
        cells,
        paths={pk: unit.path for pk, unit in units.items()},
        taken=(),
        is_working=is_working,
        not_before=dt.date(year, 1, 1),
    )
    own: list[services.Create] = []
    below: list[services.Create] = []
    for found in proposals:
        holder = units[found.cell.holder_id]
        item = services.Create(demo.values(rng, holder, found.cell.target_id, found.date))
        (below if people.office and people.office.covers(holder.path) else own).append(item)
    if own:
        services.apply(calendar, own, by=people.editor, label="replay", verb="meeting.planned")
    if below and people.office:
        services.apply(calendar, below, by=people.office, label="replay", verb="meeting.proposed")
        decide(calendar, people)
    return calendar


def decide(calendar: Calendar, people: People) -> None:
    """The region takes what was proposed; the last row goes back with a remark and comes again."""
    proposed = {m.pk: m.version for m in calendar.meetings.filter(state=MeetingState.PROPOSED).order_by("number")}
    last, version = proposed.popitem()
    if proposed:
        services.accept(calendar, proposed, by=people.editor)
    services.return_(calendar, {last: version}, remark=RETURNED, by=people.editor)
    meeting = Meeting.objects.select_related("calendar", "holder").get(pk=last)
    assert people.office is not None
    again = services.propose_again(meeting, seen_version=meeting.version, by=people.office).meetings[0]
    services.accept(calendar, {again.pk: again.version}, by=people.editor)


def approve(calendar: Calendar, *, number: int, today: dt.date, people: People) -> CalendarVersion:
    """The akim's order on the version; the maslikhat's letter lies in the outbox with it."""
    return approval.approve(
        calendar,
        order_number=f"{number}-ө",
        order_date=today,
        scan=read_scan(SimpleUploadedFile("order.pdf", ORDER)),
        reason=MOVED if number > 1 else "",
        holes_confirmed=True,
        seen_version=Calendar.objects.values_list("version", flat=True).get(pk=calendar.pk),
        idempotency_key=f"replay-{number}",
        today=today,
        by=people.approver,
    ).version


def acknowledge(version: CalendarVersion, *, people: People) -> None:
    """The maslikhat's secretary takes notice of the version, if the region has one."""
    if people.secretary is None:
        return
    now = people.secretary.moment
    for row in version.notices.filter(acknowledged_at=None, revoked_at=None):
        notify.acknowledge(row, name="secretary", number="17", by=people.secretary, now=now)


def send(version: CalendarVersion, *, today: dt.date, people: People) -> Submission:
    """The approved calendar goes to the Government with its letter."""
    submission, _new = submit.submit(
        version, letter_number=f"3-5/{version.number}", letter_date=today, today=today, by=people.editor
    )
    return submission


def review(submission: Submission, *, accepted: bool, today: dt.date, people: People) -> None:
    """The Government takes the calendar, or gives it back with a remark."""
    number, seen, by = f"{submission.version.number}14", submission.lock, people.reviewer
    if accepted:
        submit.accept(submission, incoming_number=number, seen=seen, today=today, by=by)
    else:
        submit.return_with_remarks(submission, text=RETURNED, incoming_number=number, seen=seen, today=today, by=by)


def move(moved: Sequence[tuple[Meeting, dt.date]], *, by: Who) -> None:
    """Meetings go to other days, for one reason."""
    asked: dict[int, tuple[Calendar, list[services.Change]]] = {}
    for meeting, day in moved:
        items = asked.setdefault(meeting.calendar_id, (meeting.calendar, []))[1]
        items.append(services.Change(meeting.pk, {"date": day}, None))
    if asked:
        services.apply_across(
            list(asked.values()), by=by, label="replay", verb="meeting.moved", reason=MOVED, undoable=False
        )


def off_calendar(calendar: Calendar, like: Meeting, day: dt.date, *, by: Who) -> Meeting:
    """A further meeting of an akim at the same place, outside the calendar."""
    names = ("holder_id", "place_id", "address", "time", "planned_minutes", "report_minutes", "format", "broadcast")
    values = {name: getattr(like, name) for name in names}
    values |= {"date": day, "broadcast_note": "", "languages": "both", "remarks": "", "off_calendar": True}
    return services.plan(calendar, values, None, by=by).meetings[0]
