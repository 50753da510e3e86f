"""Issues of central level: to a body with a proposal, back with its answer (826-5.2, 5.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from law.periods import period_of
from territories.models import Organisation
from territories.models.organisations import OrganisationKind
from territories.scope import Who

from .. import personal, rules
from ..letters import tell_answer
from ..models import CentralRouting, CourseUpdate, Issue, RouteState, StoredFile
from ..models.issues import NATIONAL_LEVELS
from .changing import create, edit, lock, not_future, require, tidy
from .quarterly import quarter_of

#: Bodies that issues can be routed to (826-5.2: central executive bodies, national holdings and companies).
BODIES = (
    OrganisationKind.MINISTRY,
    OrganisationKind.AGENCY,
    OrganisationKind.HOLDING,
    OrganisationKind.COMPANY,
    OrganisationKind.ENTERPRISE,
)


@transaction.atomic
def route_central(
    issue: Issue,
    organisation: Organisation,
    *,
    proposal_kk: str = "",
    proposal_ru: str = "",
    sent_on: dt.date,
    letter_number: str = "",
    today: dt.date,
    by: Who,
) -> CentralRouting:
    """Send an issue of central level to a body with the proposal for solving it; one open routing a body."""
    row = lock(Issue, issue.pk)
    require(rules.can_route(by, row), _("Only the office that answers for an open issue routes it."))
    not_future(sent_on, today, "sent_on")
    if row.level not in NATIONAL_LEVELS:
        text = _("Set the level of solution to a central body, holding or company first.")
        raise ValidationError({"level": text})
    if organisation.kind not in BODIES:
        raise ValidationError({"organisation": _("Issues are routed to central bodies, holdings and companies.")})
    texts = {"proposal_kk": tidy(proposal_kk), "proposal_ru": tidy(proposal_ru)}
    if not any(texts.values()):
        raise ValidationError({"proposal_kk": _("Write what you propose.")})
    personal.refuse(texts)
    if row.routings.filter(organisation=organisation, state=RouteState.SENT).exists():
        raise ValidationError({"organisation": _("This issue lies with the body already and waits for its answer.")})
    values = texts | {
        "issue": row,
        "organisation": organisation,
        "sent_on": sent_on,
        "letter_number": letter_number,
    }
    found = create(CentralRouting, by=by, unit=row.unit, values=values)
    became = texts | {"organisation": organisation, "sent_on": sent_on}
    record(by.actor, "central.routed", found, became=became, basis="826-5.2.h1")
    return found


@transaction.atomic
def answer_central(
    routing: CentralRouting,
    *,
    on: dt.date,
    answer_kk: str = "",
    answer_ru: str = "",
    number: str = "",
    file: StoredFile | None = None,
    returned: bool = False,
    seen_version: int,
    today: dt.date,
    by: Who,
) -> CentralRouting:
    """The body answers, or returns the issue as not its own; the office may enter the body's letter for it.

    The office that asked and every asker who left an address get a letter in the same transaction.
    """
    row = lock(CentralRouting, routing.pk, "organisation", "issue")
    require(rules.can_answer(by, row), _("Only the body itself or the office that asked enters its answer."))
    not_future(on, today, "answered_on")
    if on < row.sent_on:
        raise ValidationError({"answered_on": _("The answer cannot be older than the letter.")})
    texts = {"answer_kk": tidy(answer_kk), "answer_ru": tidy(answer_ru)}
    if not any(texts.values()):
        raise ValidationError({"answer_kk": _("Write the answer.")})
    state = RouteState.RETURNED if returned else RouteState.ANSWERED
    values = texts | {"state": state, "answered_on": on, "answer_number": number, "file": file}
    was, became = edit(row, values, seen_version=seen_version, by=by)
    if became:
        record(by.actor, "central.answered", row, was=was, became=became)
        tell_answer(row, today)
    return row


@transaction.atomic
def update_course(
    routing: CentralRouting, *, on: dt.date, texts: Mapping[str, str], today: dt.date, by: Who
) -> CourseUpdate:
    """Way of solution and course of execution for the body's list (826-5.3.h2, h3): `way_kk`, `way_ru`, `course_*`."""
    row = lock(CentralRouting, routing.pk)
    require(rules.can_answer(by, row))
    not_future(on, today, "on")
    clean = {name: tidy(texts.get(name, "")) for name in ("way_kk", "way_ru", "course_kk", "course_ru")}
    if not (clean["way_kk"] or clean["way_ru"]) or not (clean["course_kk"] or clean["course_ru"]):
        raise ValidationError(_("Write the way of solution and the course of execution."))
    personal.refuse(clean)
    period = period_of("quarter", on)
    update = CourseUpdate.objects.create(
        routing=row, year=period.start.year, quarter=quarter_of(period), on=on, by=by.user, **clean
    )
    record(by.actor, "central.course_updated", row, became=clean | {"period": period.code}, basis="826-5.3.h2")
    return update
