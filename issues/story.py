"""The life of an issue from top to bottom, told from the rows that keep it. Constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal import dates
from territories.zones import civil

from .models import (
    CentralRouting,
    ChangeState,
    Closing,
    CourseUpdate,
    Dispute,
    DueChange,
    Escalation,
    Issue,
    PlanItem,
    Progress,
    Publication,
    QuarterlyRow,
    QuarterState,
    RouteState,
    StoredFile,
    What,
)
from .queries import origins

#: Kinds that colour the mark of an event.
SLIP, GOOD, BAD, PLAIN = "slip", "good", "bad", ""


@dataclass(frozen=True)
class Event:
    """Something that happened on a day. `order` keeps what belongs together on one day."""

    on: dt.date
    order: int
    title: str
    text: str = ""
    kind: str = PLAIN
    by: str = ""
    was: dt.date | None = None
    becomes: dt.date | None = None
    files: list[StoredFile] = field(default_factory=list)
    link: str = ""
    row: Any = None


def story(issue: Issue, *, inside: bool) -> list[Event]:
    """All events of an issue in their order. `inside`: also texts that are not for outside the office."""
    told = [*asked(issue, inside), *promised(issue), *moved(issue), *done(issue), *money(issue)]
    told += [*centrally(issue), *ended(issue), *escalated(issue), *published(issue)]
    return sorted(told, key=lambda event: (event.on, event.order))


def asked(issue: Issue, inside: bool) -> Iterator[Event]:
    """Where it comes from: each request with its channel and day, and the meeting."""
    for origin in origins(issue):
        request = origin.request
        title = _("Asked: %(channel)s, %(place)s") % {
            "channel": request.get_source_display(),
            "place": request.place.name(),
        }
        yield Event(request.received_on, 0, title, request.text if inside else "", row=request)
    if issue.reception_id:
        yield Event(issue.raised_on, 1, _("Raised at the personal reception"))
    elif issue.meeting_id and issue.meeting:
        title = _("Raised at the meeting in %(place)s") % {"place": issue.meeting.place.name()}
        yield Event(issue.raised_on, 1, title)
    else:
        yield Event(issue.raised_on, 1, _("Taken up as an issue"))


def promised(issue: Issue) -> Iterator[Event]:
    """What the plan promised: measure, day first promised, executor by organisation and post."""
    for item in items_of(issue):
        if item.first_due_on is None:
            continue
        who = f"{item.organisation}, {item.post}"
        version = next((v for v in item.plan.kept_versions if has_item(v, item.pk)), None)
        on = version.approved_on if version else civil(item.created_at)
        title = _("Promised: %(measure)s") % {"measure": item.measure()}
        yield Event(on, 2, title, by=who, becomes=item.first_due_on, row=item)


def items_of(issue: Issue) -> list[PlanItem]:
    """Items with their plan's versions; the same list for every teller of one page."""
    found = getattr(issue, "told_items", None)
    if found is None:
        found = list(issue.items.select_related("plan", "executor").order_by("order", "pk"))
        versions = {}
        for item in found:
            if item.plan_id not in versions:
                versions[item.plan_id] = list(item.plan.versions.order_by("number"))
            item.plan.kept_versions = versions[item.plan_id]
        issue.told_items = found
    return found


def has_item(version: Any, pk: int) -> bool:
    return any(row.get("item") == pk for row in version.rows)


def moved(issue: Issue) -> Iterator[Event]:
    """Each change of the promised day, granted or refused, with its reason."""
    for change in DueChange.objects.filter(item__issue=issue).select_related("item", "created_by"):
        yield Event(
            civil(change.created_at), 3, _("A new day is asked for"), change.reason, was=change.was, becomes=change.to,
            row=change if change.state == ChangeState.ASKED else None,
        )  # fmt: skip
        if change.decided_on is None:
            continue
        if change.state == ChangeState.REFUSED:
            yield Event(change.decided_on, 4, _("The new day is refused"), change.decision, becomes=change.was)
        elif change.to > change.was:
            yield Event(
                change.decided_on, 4, _("Slip: the day is put off"), change.decision or change.reason, SLIP,
                was=change.was, becomes=change.to,
            )  # fmt: skip
        else:
            yield Event(
                change.decided_on, 4, _("The day is brought forward"), change.decision, GOOD, was=change.was,
                becomes=change.to,
            )  # fmt: skip


def escalated(issue: Issue) -> Iterator[Event]:
    """A promised day passed and the superior was told."""
    for row in Escalation.objects.filter(issue=issue).select_related("above"):
        yield Event(row.told_on, 6, past_its_day(row), kind=BAD)


def past_its_day(row: Escalation) -> str:
    """In words, for everybody."""
    if row.above is None:
        return _("Past its promised day: the Government is told")
    return _("Past its promised day: the office above is told, %(unit)s") % {"unit": row.above.name()}


def done(issue: Issue) -> Iterator[Event]:
    """Steps of the executors. "Explained" is told apart from "done"."""
    steps = Progress.objects.filter(issue=issue).select_related("item", "created_by").prefetch_related("files")
    for step in steps:
        kind = {"done": GOOD}.get(step.kind, PLAIN)
        title = _("Progress: %(kind)s") % {"kind": step.get_kind_display()}
        yield Event(
            step.on, 5, title, step.text, kind, by=f"{step.item.organisation}, {step.item.post}",
            files=list(step.files.all()), row=step,
        )  # fmt: skip


def money(issue: Issue) -> Iterator[Event]:
    for row in issue.financing.select_related("file"):
        title = _("Session of the maslikhat № %(number)s: %(outcome)s") % {
            "number": row.session_number,
            "outcome": row.get_outcome_display(),
        }
        yield Event(row.session_date, 3, title, row.decision, files=[row.file] if row.file else [])


def centrally(issue: Issue) -> Iterator[Event]:
    """Routing to a body with the proposal, its answer, and the course that it tells."""
    rows = CentralRouting.objects.filter(issue=issue).select_related("organisation", "file").order_by("pk")
    for row in rows:
        name = {"body": row.organisation.name()}
        yield Event(row.sent_on, 3, _("Sent to: %(body)s") % name, in_language(row, "proposal"), by=row.letter_number)
        if row.answered_on:
            returned = row.state == RouteState.RETURNED
            title = _("Returned by %(body)s as not its own") if returned else _("Answer of %(body)s")
            yield Event(
                row.answered_on, 4, title % name, in_language(row, "answer"), BAD if returned else GOOD,
                by=row.answer_number, files=[row.file] if row.file else [],
            )  # fmt: skip
    for course in CourseUpdate.objects.filter(routing__issue=issue).select_related("routing__organisation"):
        title = _("Course told by %(body)s") % {"body": course.routing.organisation.name()}
        yield Event(course.on, 5, title, f"{in_language(course, 'way')} {in_language(course, 'course')}")


def in_language(row: Any, name: str) -> str:
    from django.utils.translation import get_language

    kk, ru = getattr(row, f"{name}_kk"), getattr(row, f"{name}_ru")
    return (ru or kk) if get_language() == "ru" else (kk or ru)


def ended(issue: Issue) -> Iterator[Event]:
    """Each end with its proof, and the disputes that opened it again."""
    for row in Closing.objects.filter(issue=issue).prefetch_related("files"):
        title = _("Closed: %(kind)s") % {"kind": row.get_kind_display()}
        kind = GOOD if row.kind == "done" else PLAIN
        yield Event(row.on, 6, title, in_language(row, "text"), kind, files=list(row.files.all()), row=row)
    for row in Dispute.objects.filter(issue=issue):
        asker = row.request_id is not None
        title = _("The asker says it is not solved: open again") if asker else _("The office opens the issue again")
        yield Event(row.on, 7, title, row.text, BAD)


def published(issue: Issue) -> Iterator[Event]:
    """First publication of the list that has it, and each frozen quarterly information."""
    if issue.published_at:
        yield Event(civil(issue.published_at), 8, pgettext("story", "Published in the list of problem issues"))
    plans = Publication.objects.filter(
        version_of__meeting=issue.meeting_id, version_of__what=What.PLAN, version_of__number=1
    ).order_by("published_at")
    if issue.meeting_id and items_of(issue) and (first := plans.first()):
        yield Event(civil(first.published_at), 8, pgettext("story", "Published in the action plan"), link=first.link)
    rows = QuarterlyRow.objects.filter(issue=issue, report__state=QuarterState.FROZEN).select_related("report")
    for row in rows:
        if (frozen_at := row.report.frozen_at) is None:
            continue
        title = _("Quarterly information %(period)s") % {"period": dates.period(row.report.period)}
        yield Event(civil(frozen_at), 8, title, in_language(row, "progress"))
