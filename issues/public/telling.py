"""The life of an issue as everybody may read it: days, promises, slips, ends, and texts meant for all.

What a person wrote to the office, why an executor asked for another day, what an asker disputes: these stay inside,
because they name people. Only what was written or let out for the public is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from journal import dates
from territories.zones import civil

from ..models import (
    CentralRouting,
    ChangeState,
    Closing,
    Dispute,
    DueChange,
    Escalation,
    Issue,
    ItemState,
    PlanItem,
    Progress,
    QuarterlyRow,
    QuarterState,
    StoredFile,
)
from ..personal import findings
from ..queries import origins
from ..story import BAD, GOOD, PLAIN, SLIP, past_its_day
from .words import Text, pair, worded


@dataclass(frozen=True)
class Told:
    """Something that happened on a day. `order` keeps what belongs together on one day."""

    on: dt.date
    order: int
    title: str
    text: Text | None = None
    kind: str = PLAIN
    by: str = ""
    was: dt.date | None = None
    becomes: dt.date | None = None
    files: list[StoredFile] = field(default_factory=list)


def told(issue: Issue) -> list[Told]:
    """All public events of an issue in their order; a constant number of queries."""
    events = [*asked(issue), *promised(issue), *moved(issue), *steps(issue), *money(issue), *centrally(issue)]
    events += [*ended(issue), *escalated(issue), *reported(issue)]
    return sorted(events, key=lambda event: (event.on, event.order))


def asked(issue: Issue) -> Iterator[Told]:
    """By which channel and when, joined ones too; the words of the requests stay with the office."""
    for origin in origins(issue):
        channel = origin.request.get_source_display()
        yield Told(origin.request.received_on, 0, _("Asked: %(channel)s") % {"channel": channel})
    if issue.reception_id:
        title = _("Raised at the personal reception")
    elif issue.meeting_id and issue.meeting:
        title = _("Raised at the meeting in %(place)s") % {"place": issue.meeting.place.name()}
    else:
        title = _("Taken up as an issue")
    yield Told(issue.raised_on, 1, title)
    if issue.published_at:
        yield Told(civil(issue.published_at), 8, pgettext("story", "Published in the list of problem issues"))


def items_of(issue: Issue) -> list[PlanItem]:
    """Approved measures; a draft is the office's own."""
    return list(issue.items.exclude(first_due_on=None).exclude(state=ItemState.DROPPED).order_by("order", "pk"))


def promised(issue: Issue) -> Iterator[Told]:
    rows = issue.items.exclude(first_due_on=None).select_related("plan").prefetch_related("plan__versions")
    for item in rows:
        versions = sorted(item.plan.versions.all(), key=lambda version: version.number)
        having = (v.approved_on for v in versions if any(row.get("item") == item.pk for row in v.rows))
        on = next(having, civil(item.created_at))
        measure = pair(item, "measure")
        yield Told(
            on, 2, pgettext("story", "Promised"), measure, by=responsible(item), becomes=item.first_due_on
        )  # fmt: skip


def responsible(item: PlanItem) -> str:
    """Organisation and post, as published; nothing where somebody wrote a number into them."""
    text = f"{item.organisation}, {item.post}"
    return "" if findings(text) else text


def moved(issue: Issue) -> Iterator[Told]:
    """Each change of a promised day that was granted: the old day stays to be seen."""
    for change in DueChange.objects.filter(item__issue=issue, state=ChangeState.GRANTED):
        if change.decided_on is None:
            continue
        slip = change.to > change.was
        title = _("Slip: the day is put off") if slip else _("The day is brought forward")
        yield Told(change.decided_on, 4, title, kind=SLIP if slip else GOOD, was=change.was, becomes=change.to)


def escalated(issue: Issue) -> Iterator[Told]:
    """A promised day passed and the superior was told, of measures that everybody reads."""
    for row in Escalation.objects.filter(issue=issue).select_related("above"):
        yield Told(row.told_on, 5, past_its_day(row), kind=BAD, was=row.due_on)


def steps(issue: Issue) -> Iterator[Told]:
    """Steps that the office lets everybody read, with the pictures that it lets everybody see."""
    rows = Progress.objects.filter(issue=issue, public=True).select_related("item").prefetch_related("files")
    for step in rows:
        title = _("Progress: %(kind)s") % {"kind": step.get_kind_display()}
        text = Text("" if findings(step.text) else step.text, get_language() or "kk")
        kind = GOOD if step.kind == "done" else PLAIN
        yield Told(step.on, 5, title, text, kind, by=responsible(step.item), files=open_files(step.files.all()))


def open_files(files) -> list[StoredFile]:
    return [file for file in files if file.public]


def money(issue: Issue) -> Iterator[Told]:
    for row in issue.financing.all():
        about = {"number": row.session_number, "outcome": row.get_outcome_display()}
        yield Told(row.session_date, 3, _("Session of the maslikhat № %(number)s: %(outcome)s") % about)


def centrally(issue: Issue) -> Iterator[Told]:
    """To which body it went and when it answered; letters themselves are between the bodies."""
    rows = CentralRouting.objects.filter(issue=issue).exclude(sent_on=None).select_related("organisation")
    for row in rows.prefetch_related("courses").order_by("pk"):
        name = {"body": row.organisation.name()}
        yield Told(row.sent_on, 3, _("Sent to: %(body)s") % name)
        if row.answered_on:
            yield Told(row.answered_on, 4, _("Answer of %(body)s") % name)
        for course in row.courses.all():
            text = worded(
                f"{course.way_kk} {course.course_kk}".strip(), f"{course.way_ru} {course.course_ru}".strip()
            )  # fmt: skip
            yield Told(course.on, 5, _("Course told by %(body)s") % name, text)


def ended(issue: Issue) -> Iterator[Told]:
    for row in Closing.objects.filter(issue=issue).prefetch_related("files"):
        title = _("Closed: %(kind)s") % {"kind": row.get_kind_display()}
        kind = GOOD if row.kind == "done" else PLAIN
        yield Told(row.on, 6, title, pair(row, "text"), kind, files=open_files(row.files.all()))
    for row in Dispute.objects.filter(issue=issue):
        asker = row.request_id is not None
        title = _("The asker says it is not solved: open again") if asker else _("The office opens the issue again")
        yield Told(row.on, 7, title, kind=BAD)


def reported(issue: Issue) -> Iterator[Told]:
    """What the frozen quarterly information said of it."""
    rows = QuarterlyRow.objects.filter(issue=issue, report__state=QuarterState.FROZEN).select_related("report")
    for row in rows:
        if (frozen_at := row.report.frozen_at) is None:
            continue
        title = _("Quarterly information %(period)s") % {"period": dates.period(row.report.period)}
        yield Told(civil(frozen_at), 8, title, pair(row, "progress"))
