"""The action plan of a meeting and the money for it (826-3.5.b2, c3–c5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from calendars.models import Meeting
from journal.services import record
from territories.models import Role
from territories.scope import Who

from .. import personal
from ..models import (
    OPEN_STATES,
    ActionPlan,
    DueChange,
    Financing,
    Issue,
    IssueState,
    ItemState,
    PlanItem,
    PlanVersion,
)
from ..models.plans import OPEN_ITEMS
from .changing import create, edit, ended_on, lock, lock_meeting, need, not_future, require_office, tidy
from .snapshots import digest, plan_rows

#: What a person fills in; `measure_*` and `completion_*` in one language at least.
ITEM_FIELDS = (
    "measure_kk",
    "measure_ru",
    "due_on",
    "organisation",
    "post",
    "executor",
    "completion_kk",
    "completion_ru",
    "order",
)


@transaction.atomic
def open_plan(meeting: Meeting, *, by: Who) -> ActionPlan:
    """The plan of a meeting, made empty on first use."""
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    found = ActionPlan.objects.select_related("unit", "meeting").filter(meeting=meeting).first()
    if found is not None:
        return found
    row = create(ActionPlan, by=by, unit=meeting.holder, values={"meeting": meeting})
    record(by.actor, "plan.opened", row, object_text=str(meeting))
    return row


@transaction.atomic
def add_item(plan: ActionPlan, issue: Issue, *, values: Mapping[str, Any], today: dt.date, by: Who) -> PlanItem:
    """Add a measure for an issue: day, organisation and post are mandatory (826-3.5.c4, c5).

    Before the next approval it is a draft; nobody owes it yet.
    """
    plan = lock(ActionPlan, plan.pk, "meeting")
    require_office(by, plan.unit)
    issue = lock(Issue, issue.pk)
    if issue.unit_id != plan.unit_id or issue.joined_into_id is not None or issue.state not in OPEN_STATES:
        raise ValidationError({"issue": _("Choose an open issue of this akim that stands by itself.")})
    check_item(values, plan, today)
    order = values.get("order") or (plan.items.aggregate(most=Max("order"))["most"] or 0) + 1
    row = create(PlanItem, by=by, unit=plan.unit, values=dict(values) | {"plan": plan, "issue": issue, "order": order})
    record(by.actor, "plan.item_added", row, became=dict(values))
    return row


@transaction.atomic
def edit_item(item: PlanItem, *, values: Mapping[str, Any], seen_version: int, today: dt.date, by: Who) -> PlanItem:
    """Change a draft freely. Of an approved item everything but the day, which moves by request only."""
    row = lock(PlanItem, item.pk, "plan__meeting")
    require_office(by, row.unit)
    if row.state not in (ItemState.DRAFT, *OPEN_ITEMS):
        raise ValidationError(_("This item is finished."))
    merged = {name: values.get(name, getattr(row, name)) for name in ITEM_FIELDS}
    if row.state != ItemState.DRAFT and merged["due_on"] != row.due_on:
        raise ValidationError({"due_on": _("The day was promised. A new one is asked for, and granted or refused.")})
    check_item(merged, row.plan, today, dated=row.state == ItemState.DRAFT)
    was, became = edit(row, values, seen_version=seen_version, by=by)
    if became:
        record(by.actor, "plan.item_changed", row, was=was, became=became)
    return row


@transaction.atomic
def drop_item(item: PlanItem, *, reason: str, seen_version: int, by: Who) -> PlanItem:
    """Take an item out: a draft vanishes from the plan, an approved one stays visible as taken out."""
    row = lock(PlanItem, item.pk)
    require_office(by, row.unit)
    if row.state not in (ItemState.DRAFT, *OPEN_ITEMS):
        raise ValidationError(_("This item is finished."))
    if row.state != ItemState.DRAFT:
        reason = need(reason, "reason", _("Write why the item is taken out."))
    was, became = edit(row, {"state": ItemState.DROPPED}, seen_version=seen_version, by=by)
    record(by.actor, "plan.item_dropped", row, was=was, became=became, reason=reason)
    follow(row.issue_id, by=by)
    return row


def check_item(values: Mapping[str, Any], plan: ActionPlan, today: dt.date, *, dated: bool = True) -> None:
    """A concrete day, an executor by organisation and post, a measure; raises ValidationError by field."""
    errors: dict[str, str] = {}
    due = values.get("due_on")
    if not isinstance(due, dt.date):
        errors["due_on"] = _("Give a concrete day; “as far as possible” is no day.")
    elif dated and due < max(today, ended_on(plan.meeting)):
        errors["due_on"] = _("The day must not lie before today or before the meeting.")
    for name, text in (
        ("organisation", _("Name the organisation that answers.")),
        ("post", _("Name the post that answers.")),
    ):
        if not tidy(values.get(name) or ""):
            errors[name] = text
    if not tidy(values.get("measure_kk") or "") and not tidy(values.get("measure_ru") or ""):
        errors["measure_kk"] = _("Write what will be done.")
    executor = values.get("executor")
    if executor is not None:
        outside = executor.territory_id and not executor.territory.path.startswith(plan.unit.path)
        above = executor.territory_id and plan.unit.path.startswith(executor.territory.path)
        if executor.role != Role.EXECUTOR or (outside and not above):
            errors["executor"] = _("Choose an executor of this unit or of one above it.")
    if errors:
        raise ValidationError(errors)
    texts = ("measure_kk", "measure_ru", "completion_kk", "completion_ru", "organisation", "post")
    personal.refuse({name: values.get(name) or "" for name in texts})


@transaction.atomic
def approve_plan(
    plan: ActionPlan, *, on: dt.date, document: str = "", reason: str = "", seen_version: int, today: dt.date, by: Who
) -> PlanVersion:
    """Freeze the plan as the next version; drafts become promises and keep this day as their first.

    Every open issue of the meeting needs an item. From the second version on a reason is written.
    """
    plan = lock(ActionPlan, plan.pk, "meeting__holder")
    require_office(by, plan.unit)
    not_future(on, today, "approved_on")
    if on < ended_on(plan.meeting):
        raise ValidationError({"on": _("The plan cannot be approved before the meeting.")})
    bare = (
        Issue.objects.standing()
        .open()
        .filter(meeting=plan.meeting_id)
        .exclude(items__in=plan.items.exclude(state=ItemState.DROPPED))
        .order_by("year", "number")
    )
    if missing := list(bare[:10]):
        text = _("These issues have no item in the plan: %(issues)s.")
        raise ValidationError(text % {"issues": ", ".join(str(issue) for issue in missing)})
    items = list(plan.items.exclude(state=ItemState.DROPPED).select_related("issue"))
    if not items:
        raise ValidationError(_("The plan is empty."))
    if plan.approved_number:
        reason = need(reason, "reason", _("Write what has changed and why."))
    for item in items:
        if item.state == ItemState.DRAFT:
            edit(item, {"state": ItemState.WAITING, "first_due_on": item.due_on}, seen_version=None, by=by)
    edit(plan, {"approved_number": plan.approved_number + 1}, seen_version=seen_version, by=by)
    rows = plan_rows(items)
    values = {
        "plan": plan,
        "number": plan.approved_number,
        "document": document,
        "approved_on": on,
        "reason": reason,
        "rows": rows,
        "sha256": digest(rows),
    }
    version = create(PlanVersion, by=by, unit=plan.unit, values=values)
    for issue_id in {item.issue_id for item in items}:
        follow(issue_id, by=by)
    became = {"number": version.number, "rows": len(rows), "sha256": version.sha256, "document": document}
    record(by.actor, "plan.approved", version, became=became, reason=reason, object_text=str(plan.meeting))
    return version


def follow(issue_id: int, *, by: Who) -> Issue:
    """Write what an issue takes from its items: days, slips, and its state while it is open."""
    issue = lock(Issue, issue_id)
    slips = DueChange.objects.filter(item__issue=issue, state="granted", to__gt=F("was")).count()
    edit(issue, followed(issue, issue.items.all(), slips), seen_version=None, by=by)
    return issue


def followed(issue: Issue, items: Iterable[PlanItem], slips: int) -> dict[str, Any]:
    """What an issue takes from its items, as they are now, and from the days that have slipped."""
    items = [i for i in items if i.state not in (ItemState.DRAFT, ItemState.DROPPED)]
    values: dict[str, Any] = {
        "due_on": max((i.due_on for i in items), default=None),
        "first_due_on": max((i.first_due_on for i in items if i.first_due_on), default=None),
        "slips": slips,
    }
    if issue.state in OPEN_STATES:
        states = {i.state for i in items}
        if not items:
            values["state"] = IssueState.RAISED
        elif not states & {ItemState.WAITING, ItemState.IN_WORK}:
            values["state"] = IssueState.REPORTED
        elif states == {ItemState.WAITING}:
            values["state"] = IssueState.PLANNED
        else:
            values["state"] = IssueState.IN_WORK
    return values


@transaction.atomic
def record_financing(
    meeting: Meeting, issues: Sequence[Issue], *, values: Mapping[str, Any], today: dt.date, by: Who
) -> Financing:
    """A session of the maslikhat considered the money for issues of a meeting (826-3.5.b2); "no money" counts too."""
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    if not issues or any(issue.unit_id != meeting.holder_id for issue in issues):
        raise ValidationError({"issues": _("Choose the issues of this akim that the session considered.")})
    not_future(values["session_date"], today, "session_date")
    if values["session_date"] < ended_on(meeting):
        raise ValidationError({"session_date": _("The session lies before the meeting.")})
    need(values.get("decision", ""), "decision", _("Write what the session decided."))
    given = values["outcome"] in ("approved", "partly")
    if given and not (values.get("amount") and values.get("budget_year")):
        raise ValidationError({"amount": _("Give the sum and the budget year.")})
    row = create(Financing, by=by, unit=meeting.holder, values=dict(values) | {"meeting": meeting})
    row.issues.set(issues)
    became = dict(values) | {"issues": [str(issue) for issue in issues]}
    record(by.actor, "financing.recorded", row, became=became, object_text=str(meeting), basis="826-3.5.b2")
    return row


def owed_items(today: dt.date):
    """Approved items past their day, for reminders and for the superior."""
    return PlanItem.objects.filter(Q(state__in=OPEN_ITEMS), due_on__lt=today)
