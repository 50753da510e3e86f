"""What became of many promises: steps, and the end of issues."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext as _

from journal.services import Change, record_many
from territories.scope import Who

from ... import personal, rules
from ...models import (
    Closing,
    ClosingKind,
    DueChange,
    Issue,
    IssueState,
    ItemState,
    PlanItem,
    Progress,
    ProgressKind,
    Proof,
)
from ...models.plans import OPEN_ITEMS
from ..changing import need, not_future, require
from ..plans import followed
from ..progress import BECOMES
from .rows import change, lock_rows, make


@dataclass(frozen=True)
class Told:
    """A step of one item, in words."""

    item_id: int
    kind: str
    on: dt.date
    text: str


@transaction.atomic
def record_steps(told: Sequence[Told], *, today: dt.date, by: Who, batch: uuid.UUID | None = None) -> list[Progress]:
    """Steps of items, at most one an item at a time; issues follow their items."""
    items = lock_rows(PlanItem, (one.item_id for one in told), "plan__meeting", "issue")
    values = []
    for one in told:
        row = items[one.item_id]
        require(rules.can_report(by, row), _("Only the executor of this item or its office reports progress."))
        not_future(one.on, today, "on")
        if one.on < row.issue.raised_on:
            raise ValidationError({"on": _("The day lies before the issue was raised.")})
        text = need(one.text, "text", _("Write what was done."))
        values.append({"item": row, "issue_id": row.issue_id, "kind": one.kind, "on": one.on, "text": text})
    steps = make(Progress, [(v["item"].unit, v) for v in values], by=by)
    rows = [v["item"] for v in values]
    change(rows, [{"state": BECOMES[ProgressKind(one.kind)]} for one in told], by=by)
    follow_many({row.issue_id for row in rows}, by=by)
    changes = [
        Change(
            step,
            became={"kind": step.kind, "on": step.on, "text": step.text, "files": []},
            object_text=str(row),
        )
        for step, row in zip(steps, rows, strict=True)
    ]
    record_many(by.actor, "progress.recorded", changes, batch=batch)
    return steps


def follow_many(issue_ids: Iterable[int], *, by: Who) -> None:
    """Write what issues take from their items: days, slips, and their state while they are open."""
    issues = lock_rows(Issue, issue_ids)
    items: dict[int, list[PlanItem]] = {pk: [] for pk in issues}
    for item in PlanItem.objects.filter(issue__in=issues):
        items[item.issue_id].append(item)
    slipped = DueChange.objects.filter(item__issue__in=issues, state="granted", to__gt=F("was")).order_by()
    slips = dict(slipped.values_list("item__issue").annotate(Count("pk")))
    rows = list(issues.values())
    change(rows, [followed(row, items[row.pk], slips.get(row.pk, 0)) for row in rows], by=by)


@dataclass(frozen=True)
class Ending:
    """How an issue ended: done, explained or declined, in words of at least one language."""

    issue_id: int
    kind: str
    on: dt.date
    text_kk: str
    text_ru: str


@transaction.atomic
def close_issues(endings: Sequence[Ending], *, today: dt.date, by: Who) -> list[Closing]:
    """Confirm the end of issues whose topic asks for no file; others are closed one by one, with their proof."""
    issues = lock_rows(Issue, (one.issue_id for one in endings), "topic")
    for one in endings:
        row = issues[one.issue_id]
        require(rules.can_close(by, row), _("Only the office that answers for an open issue closes it."))
        not_future(one.on, today, "on")
        if one.on < row.raised_on:
            raise ValidationError({"on": _("The day lies before the issue was raised.")})
        if not one.text_kk.strip() and not one.text_ru.strip():
            raise ValidationError({"text_kk": _("Write how the issue ended.")})
        personal.refuse({"text_kk": one.text_kk, "text_ru": one.text_ru})
        if one.kind == ClosingKind.DONE and row.topic is not None and row.topic.proof != Proof.TEXT:
            raise ValidationError({"files": _("The topic asks for a document as proof.")})
    rows = [issues[one.issue_id] for one in endings]
    told = change(rows, [{"state": IssueState(one.kind), "closed_on": one.on} for one in endings], by=by)
    closings = make(
        Closing,
        [
            (
                row.unit,
                {"issue": row, "kind": one.kind, "on": one.on, "text_kk": one.text_kk, "text_ru": one.text_ru},
            )
            for row, one in zip(rows, endings, strict=True)
        ],
        by=by,
    )
    ends = {one.issue_id: one for one in endings}
    open_items = PlanItem.objects.filter(issue__in=ends, state__in=OPEN_ITEMS).values_list("pk", flat=True)
    items = list(lock_rows(PlanItem, open_items).values())
    finished = {ClosingKind.DONE: ItemState.DONE}
    change(
        items,
        [
            {
                "state": finished.get(ClosingKind(ends[item.issue_id].kind), ItemState.EXPLAINED),
                "finished_on": ends[item.issue_id].on,
            }
            for item in items
        ],
        by=by,
    )
    changes = [Change(row, was, became | {"files": []}) for row, (was, became) in zip(rows, told, strict=True)]
    record_many(by.actor, "issue.closed", changes)
    return closings
