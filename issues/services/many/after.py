"""After many meetings: receptions, action plans, the three documents at their places (826-3.5.a, c)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from calendars.models import Meeting, MeetingState
from journal.bulk import insert
from journal.services import Change, record_many
from territories.scope import Who

from ... import personal
from ...models import (
    ActionPlan,
    Audience,
    Channel,
    HallLine,
    Issue,
    ItemState,
    MeetingRecord,
    PlanItem,
    PlanVersion,
    Publication,
    PublishedVersion,
    Reception,
    ReceptionCategory,
    ReceptionParticipant,
    What,
)
from ..changing import ended_on, need, not_future, tidy
from ..plans import check_item
from ..publishing import check_moment
from ..reception import Counts, check_days
from ..snapshots import digest, list_data, plan_rows, results_data
from .progress import follow_many
from .rows import lock_meetings, lock_rows, make


@dataclass(frozen=True)
class Held:
    """A reception after a meeting, of one or several days."""

    meeting_id: int
    starts_on: dt.date
    ends_on: dt.date
    citizens: int
    participants: Counts
    address: str = ""
    note: str = ""


@transaction.atomic
def record_receptions(held: Sequence[Held], *, today: dt.date, by: Who) -> list[Reception]:
    """Receptions with each category of L-3, zeros too."""
    meetings = lock_meetings((one.meeting_id for one in held), by=by)
    items = []
    for one in held:
        meeting = meetings[one.meeting_id]
        if meeting.state != MeetingState.HELD:
            raise ValidationError(_("Record the meeting as held first."))
        check_days(meeting, one.starts_on, one.ends_on, today)
        if any(invited < 0 or present < 0 for invited, present, _note in one.participants.values()):
            raise ValidationError(_("A number of people cannot be less than zero."))
        values = {
            "meeting": meeting,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "citizens": one.citizens,
            "address": one.address,
            "note": one.note,
        }
        items.append((meeting.holder, values))
    rows = make(Reception, items, by=by)
    came = []
    for row, one in zip(rows, held, strict=True):
        for category in ReceptionCategory.values:
            invited, present, note = one.participants.get(category, (0, 0, ""))
            came.append(
                ReceptionParticipant(
                    reception=row, category=category, invited=invited, present=present, note=tidy(note)[:300]
                )
            )
    insert(came)
    changes = [Change(row, became=values) for row, (_unit, values) in zip(rows, items, strict=True)]
    record_many(by.actor, "reception.recorded", changes, basis="826-3.5.a1")
    return rows


@transaction.atomic
def adopt_plans(
    plans: Mapping[int, Sequence[tuple[Issue, Mapping[str, Any]]]],
    *,
    on: dt.date,
    document: str = "",
    today: dt.date,
    by: Who,
) -> list[PlanVersion]:
    """The first action plan of each meeting (by its id): opened, filled, approved. Every open issue needs an item."""
    meetings = lock_meetings(plans, by=by)
    not_future(on, today, "approved_on")
    if ActionPlan.objects.filter(meeting__in=meetings).exists():
        raise ValidationError(_("One of these meetings has a plan already."))
    opened = make(ActionPlan, [(meetings[pk].holder, {"meeting": meetings[pk]}) for pk in plans], by=by)
    record_many(by.actor, "plan.opened", [Change(plan, object_text=str(plan.meeting)) for plan in opened])
    items = []
    for plan, wanted in zip(opened, plans.values(), strict=True):
        if not wanted:
            raise ValidationError(_("The plan is empty."))
        for order, (issue, values) in enumerate(wanted, 1):
            if issue.unit_id != plan.unit_id or issue.joined_into_id is not None or not issue.is_open:
                raise ValidationError({"issue": _("Choose an open issue of this akim that stands by itself.")})
            check_item(values, plan, today)
            items.append((plan.unit, {"plan": plan, "issue": issue, "order": order} | dict(values)))
    named = defaultdict(set)
    for _unit, values in items:
        named[values["plan"].meeting_id].add(values["issue"].pk)
    bare = Issue.objects.standing().open().filter(meeting__in=meetings)
    bare = bare.exclude(pk__in={pk for some in named.values() for pk in some}).order_by("unit", "year", "number")
    if missing := list(bare[:10]):
        text = _("These issues have no item in the plan: %(issues)s.")
        raise ValidationError(text % {"issues": ", ".join(str(issue) for issue in missing)})
    # As two steps would leave them: a draft that the approval makes a promise.
    promised = {"state": ItemState.WAITING, "version": 2}
    rows = make(PlanItem, [(u, v | promised | {"first_due_on": v["due_on"]}) for u, v in items], by=by)
    told = [name for name in ("plan", "issue", "order")]
    record_many(
        by.actor,
        "plan.item_added",
        [
            Change(row, became={name: value for name, value in v.items() if name not in told})
            for row, (_unit, v) in zip(rows, items, strict=True)
        ],
    )
    of_plan = defaultdict(list)
    for row in rows:
        of_plan[row.plan_id].append(row)
    for plan in opened:
        plan.approved_number, plan.version = 1, plan.version + 1
    ActionPlan.objects.filter(pk__in=[plan.pk for plan in opened]).update(approved_number=1, version=2)
    versions = []
    for plan in opened:
        frozen = plan_rows(of_plan[plan.pk])
        values = {
            "plan": plan,
            "number": 1,
            "document": document,
            "approved_on": on,
            "reason": "",
            "rows": frozen,
            "sha256": digest(frozen),
        }
        versions.append((plan.unit, values))
    approved = make(PlanVersion, versions, by=by)
    follow_many({row.issue_id for row in rows}, by=by)
    changes = [
        Change(
            version,
            became={"number": 1, "rows": len(version.rows), "sha256": version.sha256, "document": document},
            object_text=str(version.plan.meeting),
        )
        for version in approved
    ]
    record_many(by.actor, "plan.approved", changes)
    return approved


@transaction.atomic
def add_items(
    wanted: Sequence[tuple[Issue, Mapping[str, Any]]], *, today: dt.date, by: Who, batch: uuid.UUID | None = None
) -> list[PlanItem]:
    """Drafts of measures for open issues of meetings, after those that stand; plans are opened where there is none."""
    meetings = lock_meetings((issue.meeting_id for issue, _values in wanted if issue.meeting_id), by=by)
    plans = {plan.meeting_id: plan for plan in ActionPlan.objects.select_for_update().filter(meeting__in=meetings)}
    fresh = [meeting for pk, meeting in meetings.items() if pk not in plans]
    opened = make(ActionPlan, [(meeting.holder, {"meeting": meeting}) for meeting in fresh], by=by)
    changes = [Change(plan, object_text=str(plan.meeting)) for plan in opened]
    record_many(by.actor, "plan.opened", changes, batch=batch)
    plans |= {plan.meeting_id: plan for plan in opened}
    for plan in plans.values():
        plan.meeting, plan.unit = meetings[plan.meeting_id], meetings[plan.meeting_id].holder
    orders = dict(
        PlanItem.objects.filter(plan__in=plans.values()).order_by().values_list("plan").annotate(most=Max("order"))
    )
    issues = lock_rows(Issue, (issue.pk for issue, _values in wanted))
    items = []
    for issue, values in wanted:
        row = issues[issue.pk]
        its = plans.get(row.meeting_id or 0)
        if its is None or row.unit_id != its.unit_id or row.joined_into_id is not None or not row.is_open:
            raise ValidationError({"issue": _("Choose an open issue of this akim that stands by itself.")})
        check_item(values, its, today)
        orders[its.pk] = orders.get(its.pk, 0) + 1
        items.append((its.unit, {"plan": its, "issue": row, "order": orders[its.pk]} | dict(values)))
    rows = make(PlanItem, items, by=by)
    changes = [Change(row, became=dict(values)) for row, (_issue, values) in zip(rows, wanted, strict=True)]
    record_many(by.actor, "plan.item_added", changes, batch=batch)
    return rows


@transaction.atomic
def freeze_documents(texts: Mapping[int, tuple[str, str]], *, by: Who) -> dict[tuple[int, str], PublishedVersion]:
    """Freeze results, list and plan of meetings that have none frozen yet; `texts` has the words of the results.

    By meeting id: the words in Kazakh and in Russian. A meeting without an approved plan gets no plan.
    """
    meetings = lock_meetings(texts, by=by)
    if PublishedVersion.objects.filter(meeting__in=meetings).exists():
        raise ValidationError(_("One of these meetings has published documents already; change them one by one."))
    data = Documents(meetings)
    items = []
    for pk, (text_kk, text_ru) in texts.items():
        meeting = meetings[pk]
        if meeting.state != MeetingState.HELD:
            raise ValidationError(_("Record the meeting as held first."))
        need(text_kk, "text_kk", _("Write the results in Kazakh."))
        need(text_ru, "text_ru", _("Write the results in Russian."))
        personal.refuse({"text_kk": text_kk, "text_ru": text_ru})
        found = {What.RESULTS: data.results(meeting, tidy(text_kk), tidy(text_ru)), What.LIST: data.list_of(meeting)}
        version = data.plans.get(pk)
        if version is not None:
            found[What.PLAN] = {"rows": version.rows, "number": version.number}
        for what, content in found.items():
            values = {"meeting": meeting, "what": what, "number": 1, "data": content, "sha256": digest(content)}
            values |= {"reason": "", "plan_version": version if what == What.PLAN else None}
            items.append((meeting.holder, values))
    rows = make(PublishedVersion, items, by=by)
    changes = [
        Change(
            row,
            became={"what": row.what, "number": 1, "sha256": row.sha256},
            object_text=f"{row.what}, {row.meeting}",
        )
        for row in rows
    ]
    record_many(by.actor, "document.frozen", changes)
    return {(row.meeting_id, row.what): row for row in rows}


class Documents:
    """What the three documents of many meetings are made of, read by a query a table."""

    def __init__(self, meetings: Mapping[int, Meeting]) -> None:
        self.records = {row.meeting_id: row for row in MeetingRecord.objects.filter(meeting__in=meetings)}
        self.receptions: defaultdict[int, list[Reception]] = defaultdict(list)
        for reception in Reception.objects.filter(meeting__in=meetings).order_by("starts_on"):
            self.receptions[reception.meeting_id].append(reception)
        self.audience: defaultdict[int, list[Audience]] = defaultdict(list)
        for audience in Audience.objects.filter(meeting__in=meetings):
            self.audience[audience.meeting_id].append(audience)
        lines = HallLine.objects.filter(meeting__in=meetings, removed_at=None).order_by().values_list("meeting")
        self.questions = dict(lines.annotate(Count("pk")))
        self.issues: defaultdict[int, list[Issue]] = defaultdict(list)
        rows = Issue.objects.standing().filter(meeting__in=meetings).select_related("topic", "place")
        for issue in rows.order_by("year", "number"):
            self.issues[issue.meeting_id].append(issue)
        self.plans = {row.plan.meeting_id: row for row in newest_versions(meetings)}

    def results(self, meeting: Meeting, text_kk: str, text_ru: str) -> dict[str, Any]:
        return results_data(
            meeting,
            text_kk,
            text_ru,
            record=self.records.get(meeting.pk),
            receptions=self.receptions[meeting.pk],
            questions=self.questions.get(meeting.pk, 0),
            issues=len(self.issues[meeting.pk]),
            audience=self.audience[meeting.pk],
        )

    def list_of(self, meeting: Meeting) -> dict[str, Any]:
        return list_data(self.issues[meeting.pk])


def newest_versions(meetings: Mapping[int, Meeting]) -> list[PlanVersion]:
    """The newest approved version of each meeting's plan."""
    rows = PlanVersion.objects.filter(plan__meeting__in=meetings).select_related("plan").order_by("plan", "number")
    return list({row.plan_id: row for row in rows}.values())


@transaction.atomic
def publish_documents(
    places: Sequence[tuple[PublishedVersion, Channel, str]], *, published_at: dt.datetime, by: Who
) -> list[Publication]:
    """Frozen documents stand at places, each with its address, since a time. None of them may stand there already."""
    meetings = lock_meetings((version.meeting_id for version, _channel, _link in places), by=by)
    items = []
    for version, channel, link in places:
        if not channel.publication:
            raise ValidationError({"channel": _("This channel is no place of publication.")})
        check_moment(published_at, ended_on(meetings[version.meeting_id]), by=by)
        link = need(link, "link", _("Give the address of the page, or add a copy or a photograph."))
        values = {"version_of": version, "channel": channel, "link": link, "published_at": published_at}
        items.append((meetings[version.meeting_id].holder, values | {"copy": None, "own_page": False}))
    rows = make(Publication, items, by=by)
    codes = [
        entry["code"] for version, _ch, _link in places if version.what == What.LIST for entry in version.data["rows"]
    ]
    if codes:
        Issue.objects.filter(code__in=codes, published_at=None).update(published_at=published_at)
    changes = [
        Change(
            row,
            became={
                "what": version.what,
                "number": version.number,
                "place": channel.code,
                "link": row.link,
                "published_at": row.published_at,
                "entered_afterwards": row.entered_afterwards,
            },
            object_text=str(meetings[version.meeting_id]),
        )
        for row, (version, channel, _link) in zip(rows, places, strict=True)
    ]
    record_many(by.actor, "document.published", changes, basis="826-3.5.c6")
    return rows
