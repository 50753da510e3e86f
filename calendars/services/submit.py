"""The approved calendar goes to the Government, which accepts it or returns it with remarks (826-2.2.h1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import Letter, queue_many, record
from territories.scope import Who

from .. import letters, rules
from ..models import CalendarVersion, Submission, SubmissionRemark, VersionRow
from ..models.submission import SubmissionState
from .rows import lock


class StaleSubmission(Exception):
    """Somebody else has decided on the submission first; nothing was changed."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        super().__init__(_("Another person has decided on this calendar in the meantime."))


@transaction.atomic
def submit(
    version: CalendarVersion, *, letter_number: str, letter_date: dt.date, today: dt.date, by: Who
) -> tuple[Submission, bool]:
    """Send the newest approved version with a letter; True if it was sent just now.

    A version that already lies with the Government is answered as it is, so that two clicks send
    once. A returned one cannot be sent again: the correction is the next version. Raises
    PermissionDenied, ValidationError (fields).
    """
    if not rules.can_submit(by, version.calendar):
        raise PermissionDenied(_("Only staff of this region's akimat submit its calendar."))
    calendar = lock(version.calendar)
    version = calendar.versions.select_related("calendar__region").get(pk=version.pk)
    before = version.submissions.first()
    if before is not None and before.state != SubmissionState.RETURNED:
        return before, False
    if before is not None:
        raise ValidationError(
            _("This version was returned. Correct the calendar and approve the next version, then submit that one.")
        )
    newest = calendar.versions.first()
    if newest is not None and newest.pk != version.pk:
        text = _("Version %(number)s is newer; submit that one.")
        raise ValidationError(text % {"number": newest.number})
    wrong: dict[str, str] = {}
    if not letter_number.strip():
        wrong["letter_number"] = _("Give the number of the covering letter.")
    if letter_date > today:
        wrong["letter_date"] = _("The letter cannot be dated later than today.")
    elif letter_date < version.order_date:
        wrong["letter_date"] = _("The letter cannot be older than the order that approves the calendar.")
    if wrong:
        raise ValidationError(wrong)
    submission = Submission.objects.create(
        version=version,
        letter_number=letter_number.strip()[:60],
        letter_date=letter_date,
        submitted_at=by.moment,
        submitted_by=by.user,
    )
    record(
        by.actor,
        "calendar.submitted",
        submission,
        object_text=str(version),
        became={"version": version.number, "letter_number": submission.letter_number, "letter_date": letter_date},
        basis="826-2.2.h1",
        scope_path=calendar.region.path,
    )
    tell("calendar_submitted", submission, letters.government(submission, today))
    return submission, True


@transaction.atomic
def remark(submission: Submission, *, text: str, row: VersionRow | None = None, by: Who) -> SubmissionRemark:
    """A remark of the reviewer, on a row or on the whole; the region sees it once the calendar is returned."""
    submission = reviewed(submission, by)
    if submission.state != SubmissionState.SUBMITTED:
        raise ValidationError(_("The decision was made already; remarks can no longer be added."))
    if not text.strip():
        raise ValidationError({"text": _("Write the remark.")})
    if row is not None and row.version_id != submission.version_id:
        raise ValidationError({"row": _("This row is not in the submitted version.")})
    made = SubmissionRemark.objects.create(submission=submission, row=row, text=text.strip()[:2000], written_by=by.user)
    told(made, "remark.written", by)
    return made


def told(made: SubmissionRemark, verb: str, by: Who) -> None:
    """The journal keeps a remark, also one that was taken back; for the nation's readers alone."""
    record(
        by.actor,
        verb,
        made,
        object_text=f"{made.submission.version}: {made.text[:80]}",
        became={"row": made.row.number if made.row else None, "text": made.text},
        scope_path="",
    )


@transaction.atomic
def take_back(remark_: SubmissionRemark, *, by: Who) -> None:
    """Remove a remark that was not sent yet."""
    submission = reviewed(remark_.submission, by)
    if submission.state != SubmissionState.SUBMITTED:
        raise ValidationError(_("The region has read this remark already."))
    told(remark_, "remark.taken_back", by)
    remark_.delete()


@transaction.atomic
def accept(submission: Submission, *, incoming_number: str, seen: int, today: dt.date, by: Who) -> Submission:
    """The Government accepts the calendar under an incoming number; the region is told by mail."""
    submission = decidable(submission, seen, by)
    if not incoming_number.strip():
        raise ValidationError({"incoming_number": _("Give the incoming number under which the letter was registered.")})
    if submission.remarks.exists():
        raise ValidationError(_("There are remarks. Take them back, or return the calendar with them."))
    decide(submission, SubmissionState.ACCEPTED, incoming_number=incoming_number.strip()[:60], by=by)
    tell("calendar_accepted", submission, letters.region(submission, today))
    return submission


@transaction.atomic
def return_with_remarks(
    submission: Submission, *, text: str = "", incoming_number: str = "", seen: int, today: dt.date, by: Who
) -> Submission:
    """The Government gives the calendar back; a remark on a row or a general one is needed."""
    submission = decidable(submission, seen, by)
    if not text.strip() and not submission.remarks.exists():
        raise ValidationError({"text": _("Write what has to be corrected, here or at the rows.")})
    decide(submission, SubmissionState.RETURNED, text=text.strip(), incoming_number=incoming_number.strip()[:60], by=by)
    tell("calendar_returned", submission, letters.region(submission, today))
    return submission


@transaction.atomic
def settle(remark_: SubmissionRemark, *, text: str, by: Who) -> SubmissionRemark:
    """The region says what it did about a remark; said once, it stays."""
    submission = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("version__calendar__region")
        .get(pk=remark_.submission_id)
    )
    if not rules.can_submit(by, submission.version.calendar):
        raise PermissionDenied(_("Only staff of the region answer remarks on its calendar."))
    remark_.refresh_from_db()
    if submission.state != SubmissionState.RETURNED:
        raise ValidationError(_("Remarks are answered after the calendar was returned."))
    if remark_.settled_at:
        return remark_
    if not text.strip():
        raise ValidationError({"text": _("Write what was done about the remark, or why nothing.")})
    remark_.settled_at = by.moment
    remark_.settled_by = by.user
    remark_.settled_text = text.strip()[:500]
    remark_.save(update_fields=["settled_at", "settled_by", "settled_text"])
    record(
        by.actor,
        "remark.settled",
        remark_,
        object_text=f"{submission.version}: {remark_.text[:80]}",
        became={"settled_text": remark_.settled_text},
        scope_path=submission.version.calendar.region.path,
    )
    return remark_


def reviewed(submission: Submission, by: Who) -> Submission:
    """The submission, locked, for somebody who may review it."""
    if not rules.can_review(by):
        raise PermissionDenied(_("Only the Government's reviewer decides on a submitted calendar."))
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related("version__calendar__region")
        .get(pk=submission.pk)
    )


def decidable(submission: Submission, seen: int, by: Who) -> Submission:
    submission = reviewed(submission, by)
    if submission.state != SubmissionState.SUBMITTED or submission.lock != seen:
        raise StaleSubmission(submission)
    return submission


def decide(
    submission: Submission, state: SubmissionState, *, text: str = "", incoming_number: str = "", by: Who
) -> None:
    was = {"state": submission.state}
    submission.state = state
    submission.decision_text = text
    submission.incoming_number = incoming_number
    submission.decided_at = by.moment
    submission.decided_by = by.user
    submission.lock += 1
    names = ["state", "decision_text", "incoming_number", "decided_at", "decided_by", "lock"]
    submission.save(update_fields=names)
    record(
        by.actor,
        f"calendar.{state}",
        submission,
        object_text=str(submission.version),
        was=was,
        became={"state": state, "incoming_number": incoming_number, "remarks": submission.remarks.count()},
        reason=text,
        basis="826-2.2.h1",
        scope_path=submission.version.calendar.region.path,
    )


def tell(kind: str, submission: Submission, to: Iterable[Mapping]) -> None:
    queue_many([Letter(**{**letter, "kind": kind}) for letter in to])
