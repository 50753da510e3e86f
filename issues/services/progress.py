"""What became of a promise: progress, new days, closing, dispute. Slips only ever grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from territories.scope import Who

from .. import personal, rules
from ..letters import tell_closing, tell_dispute
from ..models import (
    ChangeState,
    Closing,
    ClosingKind,
    Dispute,
    DueChange,
    Issue,
    IssueState,
    ItemState,
    PlanItem,
    Progress,
    ProgressKind,
    Proof,
    Request,
    StoredFile,
)
from ..models.plans import OPEN_ITEMS
from ..queries import family
from .changing import create, edit, lock, need, not_future, require
from .plans import follow

#: What an item becomes by a kind of progress. "Explained" waits for the office as "done" does.
BECOMES = {
    ProgressKind.IN_WORK: ItemState.IN_WORK,
    ProgressKind.DONE: ItemState.REPORTED,
    ProgressKind.EXPLAINED: ItemState.REPORTED,
}


@transaction.atomic
def record_progress(
    item: PlanItem, *, kind: str, on: dt.date, text: str, files: Sequence[StoredFile] = (), today: dt.date, by: Who
) -> Progress:
    """The executor (or the office) tells what was done. A row is never edited: a mistake is answered by the next."""
    row = lock(PlanItem, item.pk, "plan__meeting", "issue")
    require(rules.can_report(by, row), _("Only the executor of this item or its office reports progress."))
    not_future(on, today, "on")
    if on < row.issue.raised_on:
        raise ValidationError({"on": _("The day lies before the issue was raised.")})
    text = need(text, "text", _("Write what was done."))
    if any(file.unit_id != row.unit_id for file in files):
        raise ValidationError({"files": _("A file belongs to another office.")})
    values = {"item": row, "issue_id": row.issue_id, "kind": kind, "on": on, "text": text}
    step = create(Progress, by=by, unit=row.unit, values=values)
    step.files.set(files)
    edit(row, {"state": BECOMES[ProgressKind(kind)]}, seen_version=None, by=by)
    follow(row.issue_id, by=by)
    became = {"kind": kind, "on": on, "text": text, "files": [file.sha256 for file in files]}
    record(by.actor, "progress.recorded", step, became=became, object_text=str(row))
    return step


@transaction.atomic
def show_progress(progress: Progress, *, public: bool, seen_version: int, by: Who) -> Progress:
    """The office lets the public page show a step; its text may then hold no personal data."""
    row = lock(Progress, progress.pk)
    require(rules.answers_for(by, row.unit))
    if public:
        personal.refuse({"text": row.text})
    was, became = edit(row, {"public": public}, seen_version=seen_version, by=by)
    if became:
        record(by.actor, "progress.shown" if public else "progress.hidden", row, was=was, became=became)
    return row


@transaction.atomic
def ask_due_change(item: PlanItem, *, to: dt.date, reason: str, today: dt.date, by: Who) -> DueChange:
    """Ask for a new day. The old day stays until the office has decided; one open request an item."""
    row = lock(PlanItem, item.pk)
    require(rules.can_ask_new_day(by, row), _("Only the executor of this item or its office asks for a new day."))
    if to == row.due_on or to < today:
        raise ValidationError({"to": _("Give another day that has not passed.")})
    reason = need(reason, "reason", _("Write why the day cannot be kept."))
    if row.due_changes.filter(state=ChangeState.ASKED).exists():
        raise ValidationError(_("A new day has been asked for already and waits for the office."))
    values = {"item": row, "was": row.due_on, "to": to, "reason": reason}
    change = create(DueChange, by=by, unit=row.unit, values=values)
    record(by.actor, "due_change.asked", change, was={"due_on": row.due_on}, became={"due_on": to}, reason=reason)
    return change


@transaction.atomic
def grant_due_change(change: DueChange, *, decision: str = "", today: dt.date, by: Who) -> DueChange:
    """The office grants the day: a later one is a slip, which no door takes back."""
    row = decided(change, by)
    item = lock(PlanItem, row.item_id)
    if item.state not in OPEN_ITEMS:
        raise ValidationError(_("This item is finished."))
    if item.due_on != row.was:
        raise ValidationError(_("The day of the item has changed since this was asked."))
    decide(row, ChangeState.GRANTED, decision, today, by)
    was, became = edit(item, {"due_on": row.to}, seen_version=None, by=by)
    follow(item.issue_id, by=by)
    record(by.actor, "due_change.granted", row, was=was, became=became, reason=row.reason, object_text=str(item))
    return row


@transaction.atomic
def refuse_due_change(change: DueChange, *, decision: str, today: dt.date, by: Who) -> DueChange:
    """The office refuses the day with its reason; the old one stands."""
    row = decided(change, by)
    decision = need(decision, "decision", _("Write why the new day is refused."))
    decide(row, ChangeState.REFUSED, decision, today, by)
    record(by.actor, "due_change.refused", row, reason=decision, object_text=str(row.item_id))
    return row


def decided(change: DueChange, by: Who) -> DueChange:
    row = lock(DueChange, change.pk)
    if row.state != ChangeState.ASKED:
        raise ValidationError(_("This request has been decided already."))
    require(rules.can_decide_new_day(by, row), _("The office decides on a new day, not the executor."))
    return row


def decide(row: DueChange, state: str, decision: str, today: dt.date, by: Who) -> None:
    values = {"state": state, "decision": decision, "decided_on": today, "decided_by": by.user}
    edit(row, values, seen_version=None, by=by)


@transaction.atomic
def close_issue(
    issue: Issue,
    *,
    kind: str,
    on: dt.date,
    text_kk: str = "",
    text_ru: str = "",
    files: Sequence[StoredFile] = (),
    seen_version: int,
    today: dt.date,
    by: Who,
) -> Closing:
    """The office confirms the end. "Done" needs the proof that the topic asks for; the three ends stay apart.

    Askers who left an address get a letter with the way to say that it is not solved.
    """
    row = lock(Issue, issue.pk, "topic")
    require(rules.can_close(by, row), _("Only the office that answers for an open issue closes it."))
    not_future(on, today, "on")
    if on < row.raised_on:
        raise ValidationError({"on": _("The day lies before the issue was raised.")})
    if not text_kk.strip() and not text_ru.strip():
        raise ValidationError({"text_kk": _("Write how the issue ended.")})
    personal.refuse({"text_kk": text_kk, "text_ru": text_ru})
    if any(file.unit_id != row.unit_id for file in files):
        raise ValidationError({"files": _("A file belongs to another office.")})
    if kind == ClosingKind.DONE:
        check_proof(row, files)
    values = {"issue": row, "kind": kind, "on": on, "text_kk": text_kk, "text_ru": text_ru}
    # The version is compared before anything is written, so that a stale save leaves no closing behind.
    was, became = edit(row, {"state": IssueState(kind), "closed_on": on}, seen_version=seen_version, by=by)
    closing = create(Closing, by=by, unit=row.unit, values=values)
    closing.files.set(files)
    finished = ItemState.DONE if kind == ClosingKind.DONE else ItemState.EXPLAINED
    for item in row.items.filter(state__in=OPEN_ITEMS):
        edit(item, {"state": finished, "finished_on": on}, seen_version=None, by=by)
    record(by.actor, "issue.closed", row, was=was, became=became | {"files": [file.sha256 for file in files]})
    tell_closing(closing, today)
    return closing


def check_proof(issue: Issue, files: Sequence[StoredFile]) -> None:
    """A photograph or a document, with the closing or with some progress of the issue."""
    asked = issue.topic.proof if issue.topic else Proof.TEXT
    if asked == Proof.TEXT:
        return
    brought = {file.content_type for file in files}
    brought |= set(issue.progress.exclude(files=None).values_list("files__content_type", flat=True))
    images = any(kind.startswith("image/") for kind in brought)
    if asked == Proof.PHOTO and not images:
        raise ValidationError({"files": _("The topic asks for a photograph of what was done.")})
    if asked == Proof.DOCUMENT and not brought:
        raise ValidationError({"files": _("The topic asks for a document as proof.")})


@transaction.atomic
def dispute(issue: Issue, *, request: Request | None, text: str, today: dt.date, by: Who) -> Dispute:
    """The asker says that a closed issue is not solved: it is open again, with its old days and slips.

    `request` is the asker's own, found by his code, of this issue or of one that was joined into it; the office
    is then told by letter. The office itself may dispute without one.
    """
    row = lock(Issue, issue.pk)
    if request is None:
        require(rules.answers_for(by, row.unit))
    else:
        require(asked_by(request, row), _("Only who asked about this issue may dispute its end."))
    text = need(text, "text", _("Write what is not solved."))
    closing = row.closings.filter(reopened_on=None).first()
    if not rules.can_dispute(row) or closing is None:
        raise ValidationError(_("The issue is open."))
    values = {"issue": row, "closing": closing, "request": request, "on": today, "text": text}
    found = create(Dispute, by=by, unit=row.unit, values=values)
    edit(closing, {"reopened_on": today, "reopened_reason": text}, seen_version=None, by=by)
    edit(row, {"state": IssueState.RAISED, "closed_on": None}, seen_version=None, by=by)
    for item in row.items.filter(state__in=(ItemState.DONE, ItemState.EXPLAINED)):
        edit(item, {"state": ItemState.IN_WORK, "finished_on": None}, seen_version=None, by=by)
    follow(row.pk, by=by)
    record(by.actor, "issue.disputed", found, object_text=str(row))
    if request is not None:
        tell_dispute(found, today)
    return found


def asked_by(request: Request, issue: Issue) -> bool:
    """Does this request stand behind the issue, be it by way of a joined one?"""
    return request.origins.filter(undone_at=None, issue__in=family(issue)).exists()
