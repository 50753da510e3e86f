"""Evidence that people record by hand: a document, a letter, a publication, an archived page, a record of an event.

Never changed and never deleted. A slip is withdrawn with its reason and recorded anew; both stand in the journal.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.dates import official_date
from journal.services import record
from law.periods import period_from
from territories.scans import Scan
from territories.scope import Who
from territories.services.people.stale import Stale

from .. import rules
from ..models import Duty, Evidence, EvidenceKind, MetBy, Trace

#: How long a person may date something back without saying why, in days.
BACKDATED_FREELY = 31
#: What a piece of evidence must have beside its day, by its kind: one of these.
NEEDED = {
    EvidenceKind.DOC: ("number", "file", "note"),
    EvidenceKind.SENT: ("number",),
    EvidenceKind.LINK: ("address",),
    EvidenceKind.SNAP: ("file", "address"),
    EvidenceKind.REC: ("note", "file", "number"),
}


@dataclass(frozen=True)
class Proof:
    """Evidence as it was typed. `done_on` is the civil day on which the thing was done; `date` the document's.

    `file` was checked by its content (`territories.scans`).
    """

    kind: str
    done_on: dt.date
    number: str = ""
    date: dt.date | None = None
    address: str = ""
    note: str = ""
    file: Scan | None = None


@transaction.atomic
def record_evidence(duty: Duty, proof: Proof, *, seen_version: int | None, today: dt.date, by: Who) -> Evidence:
    """Record that a duty was done, and by what; the duty is met on the earliest day of its living evidence.

    A day that lies before the recording is kept as it is and marked as entered afterwards. What the program itself
    proved stays proved by it; the evidence stands beside. Raises PermissionDenied, ValidationError, Stale.
    """
    duty = locked(duty, seen_version, by)
    check(duty, proof, today)
    row = Evidence(
        duty=duty,
        kind=proof.kind,
        done_on=proof.done_on,
        number=proof.number.strip(),
        date=proof.date,
        address=proof.address.strip(),
        note=proof.note.strip(),
        recorded_at=timezone.now(),
        recorded_on=today,
        recorded_by=by.user,
        recorded_under=by.post,
    )
    if proof.file:
        row.file_name, row.file_sha256 = proof.file.shown_name, proof.file.sha256
        row.file = ContentFile(proof.file.data, name=proof.file.stored_name)
    row.clean_fields(exclude=["duty", "recorded_by", "recorded_under", "withdrawn_at", "withdrawn_by"])
    row.save(force_insert=True)
    settle(duty, today)
    record(
        by.actor,
        "duty.evidence_recorded",
        duty,
        became={
            "kind": row.kind,
            "done_on": row.done_on,
            "number": row.number,
            "date": row.date,
            "address": row.address,
            "file": row.file_sha256,
            "entered_afterwards": row.entered_afterwards,
        },
        reason=row.note,
        basis=duty.rule_id,
        scope_path=duty.debtor.path if duty.debtor else "",
    )
    return row


@transaction.atomic
def withdraw_evidence(row: Evidence, *, reason: str, seen_version: int | None, today: dt.date, by: Who) -> Evidence:
    """Take a piece of evidence back. It stays readable, with the reason; a duty without other proof opens again.

    Raises PermissionDenied, ValidationError, Stale.
    """
    duty = locked(row.duty, seen_version, by)
    row = Evidence.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the evidence is withdrawn: it stands in the journal.")})
    if row.withdrawn_at is not None:
        raise ValidationError(_("This evidence has been withdrawn already."))
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = timezone.now(), by.user, reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    was = duty.met_on
    settle(duty, today)
    record(
        by.actor,
        "duty.evidence_withdrawn",
        duty,
        was={"kind": row.kind, "done_on": row.done_on, "number": row.number, "address": row.address, "met_on": was},
        became={"met_on": duty.met_on},
        reason=row.withdrawn_reason,
        basis=duty.rule_id,
        scope_path=duty.debtor.path if duty.debtor else "",
    )
    return row


def locked(duty: Duty, seen_version: int | None, by: Who) -> Duty:
    """The duty, locked and as it is now, for somebody who may prove it."""
    fresh = Duty.objects.select_for_update(of=("self",)).select_related("debtor", "body", "counting").get(pk=duty.pk)
    if not rules.can_prove(by, fresh):
        raise PermissionDenied(_("Only the office or the body that owes it, or an office above, records its evidence."))
    if seen_version is not None and fresh.version != seen_version:
        raise Stale(fresh)
    return fresh


def check(duty: Duty, proof: Proof, today: dt.date) -> None:
    """Raises ValidationError, field by field, for what cannot be taken as it was typed."""
    wrong: dict[str, str] = {}
    if duty.cancelled_at is not None:
        raise ValidationError(_("Nothing is owed here any more: what the duty was about no longer exists."))
    if proof.kind not in EvidenceKind.values:
        wrong["kind"] = _("Choose what proves it: %(kinds)s.") % {
            "kinds": ", ".join(str(label) for label in EvidenceKind.labels)
        }
    elif not any(has(proof, name) for name in NEEDED[EvidenceKind(proof.kind)]):
        first = NEEDED[EvidenceKind(proof.kind)][0]
        wrong[first] = _("This kind of evidence needs at least one of: %(fields)s.") % {
            "fields": ", ".join(
                str(Evidence._meta.get_field(name).verbose_name) for name in NEEDED[EvidenceKind(proof.kind)]
            )
        }
    if proof.done_on > today:
        wrong["done_on"] = _("The day cannot lie in the future: %(today)s is today.") % {"today": official_date(today)}
    elif proof.done_on < (earliest := first_day(duty)):
        wrong["done_on"] = _("Nothing of this duty can have been done before %(first)s. Correct the day.") % {
            "first": official_date(earliest)
        }
    elif today - proof.done_on > dt.timedelta(days=BACKDATED_FREELY) and not proof.note.strip():
        wrong["note"] = _("The day lies more than %(n)s days back. Write why it is recorded only now.") % {
            "n": BACKDATED_FREELY
        }
    if proof.date is not None and proof.date > proof.done_on and proof.kind == EvidenceKind.SENT:
        wrong["date"] = _("A letter cannot bear a later date than the day on which it was sent.")
    if wrong:
        raise ValidationError(wrong)


def first_day(duty: Duty) -> dt.date:
    """The earliest day on which a duty can have been done.

    What is counted from the end of a period is not done before the period begins; what is owed by a day of its year
    (an approval, an announcement) may have been done in the year before.
    """
    if "period.end" in duty.counting.anchors:
        return period_from(duty.period).start
    return dt.date(duty.year - 1, 1, 1)


def has(proof: Proof, name: str) -> bool:
    value = getattr(proof, name)
    return bool(value.strip() if isinstance(value, str) else value)


def settle(duty: Duty, today: dt.date) -> None:
    """Let a duty that the program does not prove itself follow its living evidence."""
    fields = ["version"]
    duty.version += 1
    if duty.met_by != MetBy.FACT:
        earliest = Evidence.objects.living().filter(duty=duty).order_by("done_on", "pk").first()
        was, duty.met_on = duty.met_on, earliest.done_on if earliest else None
        duty.met_by = MetBy.EVIDENCE if earliest else MetBy.NOTHING
        duty.evidence = line_of(earliest) if earliest else ""
        if earliest is None:
            duty.noted_on = None
            duty.trace = Trace.REOPENED if was else duty.trace
        elif was != duty.met_on:
            duty.noted_on = today
            duty.trace = Trace.CHANGED if was or duty.trace == Trace.REOPENED else duty.trace
        fields += ["met_on", "met_by", "evidence", "noted_on", "trace"]
    duty.save(update_fields=fields)


def line_of(row: Evidence) -> str:
    """The evidence in one line, as facts tell theirs."""
    parts = (row.number, row.date.isoformat() if row.date else "", row.address, row.note[:200])
    return "|".join([row.kind, *(part.replace("|", "¦").replace("\n", " ") for part in parts)])
