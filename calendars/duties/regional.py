"""Once a region and year: develop, approve, notify the maslikhat, submit; and a notice for each correction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Case, DateField, Min, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Least

from deadlines.ids import Subject
from deadlines.services.facts import FactSet, Rows, Told, described_once, proof
from territories.models import Territory
from territories.zones import civil_day_in

from ..models import CalendarVersion, MaslikhatNotice, Submission

DEVELOP, APPROVE, NOTIFY = "826-2.1.h1", "826-2.1.h2", "826-2.1.h3"
CORRECT, SUBMIT = "826-2.1.f2", "826-2.2.h1"
#: From a calendar to the zone of its region.
ZONE = "region__time_zone"


@described_once
def facts(year: int) -> Iterator[Told]:
    regions = Territory.objects.regions().on(dt.date(year, 1, 1))
    fixed = {"year": year}
    versions = CalendarVersion.objects.filter(calendar__region=OuterRef("pk"), calendar__year=year).order_by("number")
    first = versions.annotate(
        approved_on=civil_day_in("approved_at", f"calendar__{ZONE}"),
        order=proof("DOC", number="order_number", date="order_date"),
    )
    approved = owed_by_regions(regions, first, "approved_on", "order")
    yield FactSet((DEVELOP, APPROVE), Subject.CALENDAR, year, approved, period=f"{year}", fixed=fixed)
    told = versions.filter(number=1).annotate(told_on=told_on(), letter=proof("SENT", note=Value("1")))
    notified = owed_by_regions(regions, told, "told_on", "letter")
    yield FactSet((NOTIFY,), Subject.CALENDAR, year, notified, period=f"{year}", fixed=fixed)
    sent = (
        Submission.objects.filter(version__calendar__region=OuterRef("pk"), version__calendar__year=year)
        .annotate(
            sent_on=civil_day_in("submitted_at", f"version__calendar__{ZONE}"),
            letter=proof("SENT", number="letter_number", date="letter_date"),
        )
        .order_by("submitted_at", "pk")
    )
    submitted = owed_by_regions(regions, sent, "sent_on", "letter")
    yield FactSet((SUBMIT,), Subject.CALENDAR, year, submitted, period=f"{year}", fixed=fixed)
    yield FactSet((CORRECT,), Subject.VERSION, year, corrections(year), period=f"{year}", day="calendar.corrected_at")


def owed_by_regions(regions: QuerySet, proofs: QuerySet, met_on: str, evidence: str) -> Rows:
    """Each region owes it; the first of `proofs` (a query over its rows) met it."""
    return Rows.of(
        regions,
        subject_id="pk",
        debtor_id="pk",
        region_id="pk",
        met_on=Subquery(proofs.values(met_on)[:1], output_field=DateField()),
        evidence=Subquery(proofs.values(evidence)[:1], output_field=TextField()),
    )


def corrections(year: int) -> Rows:
    """Versions after the first: the maslikhat is told of each afterwards (826-2.1.f2)."""
    return Rows.of(
        CalendarVersion.objects.filter(calendar__year=year, number__gt=1),
        subject_id="pk",
        debtor_id="calendar__region_id",
        region_id="calendar__region_id",
        day=civil_day_in("approved_at", f"calendar__{ZONE}"),
        met_on=told_on(),
        evidence=proof("SENT", note="number"),
    )


def told_on() -> Subquery:
    """When a version's maslikhat was first known to be notified: a letter accepted and not bounced, or an
    acknowledgement, which proves the notice by whatever way it came."""
    letter = Case(
        When(notice__bounced_at=None, then=civil_day_in("notice__sent_at", f"version__calendar__{ZONE}")),
        output_field=DateField(),
    )
    answer = civil_day_in("acknowledged_at", f"version__calendar__{ZONE}")
    earliest = MaslikhatNotice.objects.filter(version=OuterRef("pk")).order_by().values("version")
    found = earliest.annotate(day=Min(Least(Coalesce(letter, answer), Coalesce(answer, letter))))
    return Subquery(found.values("day"), output_field=DateField())
