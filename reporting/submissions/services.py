"""Registering what was sent, collected and published; its duties get their evidence in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from deadlines import rules as duty_rules
from deadlines.ids import Subject, duty_id
from deadlines.models import Duty, EvidenceKind
from deadlines.services.evidence import Proof, record_evidence
from journal.dates import short_date
from journal.services import record
from territories.models import Organisation, Role
from territories.models.organisations import OrganisationKind
from territories.scope import Who, clock

from .contents import LINES, Contents
from .models import Dispatch, Kind

CALENDARS, LISTS = "826-5.1.h1", "826-5.3.h2"


class ContentsChanged(Exception):
    """What the document would hold has changed since the person saw it; nothing was registered."""


def may_register(who: Who, kind: str, organisation: Organisation | None = None) -> bool:
    """The Government registers its own documents; a body, or the Government for it, the body's list."""
    if who.role == Role.GOVERNMENT:
        return True
    own = who.post is not None and organisation is not None and who.post.organisation_id == organisation.pk
    return kind == Kind.BODY and who.role == Role.CENTRAL_BODY and own


@transaction.atomic
def register(
    kind: str,
    organisation: Organisation,
    year: int,
    part: int,
    contents: Contents,
    *,
    letter_number: str,
    letter_date: dt.date,
    address: str = "",
    reason: str = "",
    confirmed: bool = False,
    seen: str,
    today: dt.date,
    by: Who,
) -> Dispatch:
    """Freeze the contents as the next version under a number and a date.

    `seen` is the digest of the contents that the person saw. What is missing has to be confirmed: the document is
    then registered, and the duty stays open. Raises PermissionDenied, ValidationError (fields), ContentsChanged.
    """
    if not may_register(by, kind, organisation):
        raise PermissionDenied(_("Only the Government, or the body for its own list, registers this document."))
    # One at a time for an addressee: the numbers of versions follow each other.
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    earlier = Dispatch.objects.filter(kind=kind, organisation=organisation, year=year, part=part).order_by("-number")
    newest = earlier.first()
    wrong: dict[str, str] = {}
    if not letter_number.strip():
        wrong["letter_number"] = _("Give the number under which the letter is registered.")
    if letter_date > today:
        wrong["letter_date"] = _("The letter cannot be dated later than today.")
    elif newest is not None and letter_date < newest.letter_date:
        wrong["letter_date"] = _("The letter cannot be older than the version before it.")
    if newest is not None and not reason.strip():
        wrong["reason"] = _("Write why a new version is sent: the earlier one stays beside it.")
    if contents.missing and not confirmed:
        wrong["confirmed"] = _("Something is missing. Confirm that you register the document without it.")
    if wrong:
        raise ValidationError(wrong)
    if not contents.rows and kind == Kind.CALENDARS:
        raise ValidationError(_("No region has sent a calendar: there is nothing to send on."))
    if seen != contents.sha256:
        raise ContentsChanged
    if newest is not None and newest.sha256 == contents.sha256:
        text = _("Nothing has changed since version %(number)s, which holds the same.")
        raise ValidationError(text % {"number": newest.number})
    dispatch = Dispatch.objects.create(
        kind=kind,
        year=year,
        part=part,
        organisation=organisation,
        number=newest.number + 1 if newest else 1,
        letter_number=letter_number.strip()[:60],
        letter_date=letter_date,
        address=address.strip(),
        reason=reason.strip(),
        reading=contents.reading,
        data=contents.data,
        sha256=contents.sha256,
        complete=contents.complete,
        registered_at=by.moment,
        registered_by=by.user,
        registered_under=by.post,
    )
    record(
        by.actor,
        "dispatch.registered",
        dispatch,
        became={
            "number": dispatch.number,
            "letter_number": dispatch.letter_number,
            "letter_date": letter_date,
            "rows": len(contents.rows),
            "missing": len(contents.missing),
            "sha256": dispatch.sha256,
        },
        reason=dispatch.reason,
        basis=lines_of(dispatch)[0],
    )
    prove(dispatch, today=today, by=by)
    return dispatch


class AlreadyReceived(ValidationError):
    """Somebody else has entered the incoming number first; carries the row as it stands."""

    def __init__(self, row: Dispatch) -> None:
        text = _("The incoming number was entered in the meantime: No. %(number)s of %(day)s.")
        day = short_date(row.incoming_date) if row.incoming_date else "–"
        super().__init__(text % {"number": row.incoming_number or "–", "day": day})
        self.row = row


@transaction.atomic
def receive(
    dispatch: Dispatch, *, incoming_number: str, incoming_date: dt.date, seen: int, today: dt.date, by: Who
) -> Dispatch:
    """The addressee's registration: proof of receipt beside the proof of sending. Entered once."""
    if by.role not in (Role.GOVERNMENT, Role.ADMINISTRATION):
        raise PermissionDenied(_("The Administration or the Government enters the incoming number."))
    row = Dispatch.objects.select_for_update(of=("self",)).get(pk=dispatch.pk)
    if row.kind != Kind.CALENDARS:
        raise ValidationError(_("Only what was sent to the Administration gets an incoming number."))
    if row.incoming_number or row.lock != seen:
        raise AlreadyReceived(row)
    wrong: dict[str, str] = {}
    if not incoming_number.strip():
        wrong["incoming_number"] = _("Give the incoming number.")
    if not row.letter_date <= incoming_date <= today:
        wrong["incoming_date"] = _("The day lies between the date of the letter and today.")
    if wrong:
        raise ValidationError(wrong)
    row.incoming_number, row.incoming_date = incoming_number.strip()[:60], incoming_date
    row.lock += 1
    row.save(update_fields=["incoming_number", "incoming_date", "lock"])
    record(
        by.actor,
        "dispatch.received",
        row,
        became={"incoming_number": row.incoming_number, "incoming_date": incoming_date},
        basis=CALENDARS,
    )
    return row


# -- Evidence -------------------------------------------------------------------------------------
def lines_of(dispatch: Dispatch) -> tuple[str, ...]:
    """Lines of the register that the kind of document is about."""
    if dispatch.kind == Kind.CALENDARS:
        return (CALENDARS,)
    return LINES[dispatch.part] if dispatch.kind == Kind.ISSUES else (LISTS,)


def proves(dispatch: Dispatch) -> tuple[str, ...]:
    """Lines whose duties this very document meets.

    Calendars: none missing. A list of issues is collected as it is; its proposals are when no issue is without one.
    A body's list counts once it stands at an address.
    """
    lines = lines_of(dispatch)
    if dispatch.kind == Kind.ISSUES:
        return lines if dispatch.complete else lines[:1]
    if dispatch.kind == Kind.BODY:
        return lines if dispatch.address else ()
    return lines if dispatch.complete else ()


EVIDENCE = {Kind.CALENDARS: EvidenceKind.SENT, Kind.ISSUES: EvidenceKind.DOC, Kind.BODY: EvidenceKind.LINK}


def prove(dispatch: Dispatch, *, today: dt.date, by: Who) -> list[str]:
    """Record the document as evidence of the duties that it meets, as far as the ledger has opened them."""
    done = []
    for rule_id in proves(dispatch):
        if rule_id in dispatch.proved:
            continue
        for duty in duties_of(dispatch, rule_id):
            proof = Proof(
                kind=EVIDENCE[Kind(dispatch.kind)],
                done_on=dispatch.letter_date,
                number=dispatch.letter_number,
                date=dispatch.letter_date,
                address=dispatch.address,
                note=str(dispatch),
            )
            # The Government registers a body's list for it: the program then tells the ledger, by name of the room.
            who = by if duty_rules.can_prove(by, duty) else clock("submissions", at=by.at)
            record_evidence(duty, proof, seen_version=None, today=today, by=who)
            done.append(rule_id)
    if done:
        dispatch.proved = [*dispatch.proved, *dict.fromkeys(done)]
        dispatch.save(update_fields=["proved"])
    return done


def duties_of(dispatch: Dispatch, rule_id: str) -> Iterable[Duty]:
    """The duty of the Government (of the body for its list) for the period of a document."""
    debtors = [dispatch.organisation_id]
    if dispatch.kind != Kind.BODY:
        debtors = list(Organisation.objects.filter(kind=OrganisationKind.GOVERNMENT).values_list("pk", flat=True))
    ids = [duty_id(Subject.BODY, debtor, rule_id, dispatch.period) for debtor in debtors]
    return Duty.objects.select_related("debtor", "body").filter(pk__in=ids, cancelled_at=None)


@transaction.atomic
def prove_waiting(today: dt.date) -> int:
    """Evidence for duties that the ledger opened after their document was registered."""
    done = 0
    for dispatch in Dispatch.objects.select_for_update(skip_locked=True, of=("self",)).filter(year__gte=today.year - 1):
        if set(proves(dispatch)) - set(dispatch.proved):
            done += len(prove(dispatch, today=today, by=clock("submissions")))
    return done
