"""Requests as they come, what they are, and the people behind them (826-3.4.b)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from calendars.models import Meeting
from journal.services import record
from territories.models import Territory
from territories.scope import Who

from .. import rules, sealing
from ..models import Classification, Demand, Moderation, Reception, Request, RequestPerson, Subscription, Topic
from ..similar import COMPARED, compared, raion_of
from .changing import create, edit, lock, need, not_future, require, require_office

#: Rows of one pass of forgetting or resealing.
BATCH = 500


@dataclass(frozen=True)
class Person:
    """Who asked, in clear, on its way into the sealed row. `consent` is what he agreed to, in his language."""

    name: str = ""
    phone: str = ""
    email: str = ""
    consent: str = ""


@transaction.atomic
def add_request(
    unit: Territory,
    *,
    place: Territory,
    source: str,
    received_on: dt.date,
    text: str,
    language: str = "kk",
    topic: Topic | None = None,
    meeting: Meeting | None = None,
    reception: Reception | None = None,
    classification: str = Classification.UNSORTED,
    appeal_number: str = "",
    moderation: str = Moderation.ACCEPTED,
    link: str = "",
    person: Person | None = None,
    client_key: str | None = None,
    today: dt.date,
    by: Who,
) -> Request:
    """Enter a request of a place in the territory of an akim. The same `client_key` twice gives the first row.

    The public form passes the clock's `Who` and `moderation=waiting`. Raises ValidationError by field.
    """
    require_office(by, unit)
    if client_key:
        unit = Territory.objects.select_for_update().get(pk=unit.pk)
        found = Request.objects.filter(unit=unit, client_key=client_key).select_related("unit").first()
        if found is not None:
            return found
    not_future(received_on, today, "received_on")
    if not place.path.startswith(unit.path):
        raise ValidationError({"place": _("This place lies outside the territory of the akim.")})
    if meeting is not None and meeting.holder_id != unit.pk:
        raise ValidationError({"meeting": _("This meeting is held by another akim.")})
    check_appeal(unit, classification, appeal_number)
    check_topic(topic, unit)
    text = asked_in_words(text)
    values = {
        "place": place,
        "raion_id": raion_of(unit),
        "meeting": meeting,
        "reception": reception,
        "source": source,
        "received_on": received_on,
        "text": text,
        "language": language,
        **compared(text),
        "topic": topic,
        "classification": classification,
        "appeal_number": appeal_number,
        "moderation": moderation,
        "link": link,
        "client_key": client_key or None,
    }
    row = create(Request, by=by, unit=unit, values=values)
    if person is not None:
        keep_person(person, request=row, today=today, by=by)
    became = {"source": source, "received_on": received_on, "place": place, "meeting": meeting}
    record(by.actor, "request.added", row, became=became, basis="826-3.4.b1")
    return row


def asked_in_words(text: str) -> str:
    """What is asked, tidied. Raises ValidationError where there is no letter and no digit in it."""
    text = need(text, "text", _("Write what is asked."))
    if not any(sign.isalnum() for sign in text):
        raise ValidationError({"text": _("Write what is asked.")})
    return text


def check_appeal(unit: Territory, classification: str, number: str, *, but: int | None = None) -> None:
    """An appeal is registered in e-Otinish first and counted there only; its number stands here once."""
    if classification != Classification.APPEAL:
        if number.strip():
            raise ValidationError({"appeal_number": _("Only an appeal has a registration number.")})
        return
    number = need(number, "appeal_number", _("Register the appeal in e-Otinish and write its number here."))
    twin = Request.objects.filter(region_id=unit.region_id or unit.pk, appeal_number=number).exclude(pk=but).exists()
    if twin:
        raise ValidationError({"appeal_number": _("An appeal with this number has been entered already.")})


def check_topic(topic: Topic | None, unit: Territory) -> None:
    if topic is not None and topic.region_id not in (None, unit.region_id or unit.pk):
        raise ValidationError({"topic": _("This topic belongs to another region.")})


def keep_person(
    person: Person, *, request: Request | None = None, demand: Demand | None = None, today: dt.date, by: Who
) -> RequestPerson:
    """Seal who asked, in a row apart. Without consent nothing is kept; the journal never sees the values."""
    row = person_row(person, request=request, demand=demand, today=today, by=by)
    row.save()
    return row


def person_row(
    person: Person, *, request: Request | None = None, demand: Demand | None = None, today: dt.date, by: Who
) -> RequestPerson:
    """The same row, sealed and not written yet. Raises ValidationError without consent."""
    of = request or demand
    assert of is not None
    if not person.consent.strip():
        text = _("Names and contacts are kept only with the consent of the person.")
        raise ValidationError({"consent": text})
    row = RequestPerson(
        unit_id=of.unit_id,
        region_id=of.region_id,
        request=request,
        demand=demand,
        consent_at=by.moment,
        consent_text=person.consent.strip()[:500],
        delete_after=today + dt.timedelta(days=settings.PERSONAL_DATA_DAYS),
    )
    row.write(name=person.name.strip()[:200], phone=person.phone.strip()[:40], email=person.email.strip()[:254])
    return row


@transaction.atomic
def classify_request(
    request: Request, *, classification: str, appeal_number: str = "", seen_version: int, by: Who
) -> Request:
    """Question for the meeting, proposal, or an appeal that belongs to e-Otinish (with its number there)."""
    row = lock(Request, request.pk)
    require(rules.can_edit_request(by, row))
    check_appeal(row.unit, classification, appeal_number, but=row.pk)
    if classification == Classification.APPEAL and row.origins.filter(undone_at=None).exists():
        raise ValidationError({"classification": _("Take the request out of its issue first; else it counts twice.")})
    values = {"classification": classification, "appeal_number": appeal_number}
    was, became = edit(row, values, seen_version=seen_version, by=by)
    if became:
        record(by.actor, "request.classified", row, was=was, became=became)
    return row


@transaction.atomic
def moderate_request(request: Request, *, accepted: bool, refusal: str = "", seen_version: int, by: Who) -> Request:
    """Take a request of the public form in, or refuse it with a reason. Nothing is thrown away."""
    row = lock(Request, request.pk)
    require(rules.can_edit_request(by, row))
    if not accepted:
        need(refusal, "refusal", _("Write why the request is not accepted."))
    moderation = Moderation.ACCEPTED if accepted else Moderation.REFUSED
    values = {"moderation": moderation, "refusal": "" if accepted else refusal}
    was, became = edit(row, values, seen_version=seen_version, by=by)
    if became:
        record(by.actor, "request.moderated", row, was=was, became=became, reason=refusal)
    return row


@transaction.atomic
def edit_request(request: Request, *, values: Mapping[str, Any], seen_version: int, by: Who) -> Request:
    """Mend place, topic, language, meeting or the text of a request; what the search compares follows."""
    row = lock(Request, request.pk)
    require(rules.can_edit_request(by, row))
    values = dict(values)
    if "text" in values:
        values["text"] = asked_in_words(values["text"])
        values |= compared(values["text"])
    if "topic" in values:
        check_topic(values["topic"], row.unit)
    place = values.get("place")
    if place is not None and not place.path.startswith(row.unit.path):
        raise ValidationError({"place": _("This place lies outside the territory of the akim.")})
    was, became = edit(row, values, seen_version=seen_version, by=by)
    if became:
        shown = became.keys() - {"text", *COMPARED}
        record(
            by.actor,
            "request.edited",
            row,
            was={name: was[name] for name in shown},
            became={name: became[name] for name in shown} | ({"text": "…"} if "text" in became else {}),
        )
    return row


@transaction.atomic
def forget_persons(today: dt.date, *, by: Who) -> int:
    """Delete names and contacts whose term is over. Those of open issues and demands wait until they are closed."""
    waiting = RequestPerson.objects.filter(delete_after__lt=today).exclude(
        request__origins__undone_at=None, request__origins__issue__closed_on=None, request__origins__isnull=False
    )
    ids = list(waiting.exclude(demand__answer="open").values_list("pk", flat=True)[:BATCH])
    if not ids:
        return 0
    RequestPerson.objects.filter(pk__in=ids).delete()
    record(by.actor, "persons.forgotten", became={"rows": len(ids)})
    return len(ids)


def reseal(model: type[models.Model], columns: Sequence[str], after: int = 0) -> int:
    """Write sealed rows anew under the first key, one batch. Returns the last id, 0 when there are no more."""
    with transaction.atomic():
        rows = list(model._default_manager.select_for_update().filter(pk__gt=after).order_by("pk")[:BATCH])
        for row in rows:
            for column in columns:
                setattr(row, column, sealing.reseal(getattr(row, column)))
        model._default_manager.bulk_update(rows, columns)
    return rows[-1].pk if rows else 0


def reseal_persons(after: int = 0) -> int:
    """Names and contacts of who asked."""
    return reseal(RequestPerson, ("name_sealed", "phone_sealed", "email_sealed"), after)


def reseal_followers(after: int = 0) -> int:
    """Addresses of who follows."""
    return reseal(Subscription, ("email_sealed",), after)
