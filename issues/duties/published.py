"""When results, list and plan stood at the last mandatory place (826-3.5.c1–c3, A-16)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Greatest

from calendars.coverage import groups
from deadlines.ids import Subject
from deadlines.services.facts import Proofs, Rows, Told, described_once, proof
from law.places import Groups, mandatory
from law.readings import Readings
from territories.models import Territory

from ..models import Publication, What
from .days import civil_day

RULES = {What.RESULTS: "826-3.5.c1", What.LIST: "826-3.5.c2", What.PLAN: "826-3.5.c3"}
#: The line that names the places of the ten-day publication.
PLACES = "826-3.5.c6"


def facts(year: int) -> Iterator[Told]:
    regions = list(Territory.objects.regions())
    for readings, members in groups(regions, year) if regions else ():
        yield from of_regions(year, readings, tuple(region.pk for region in members))


@described_once
def of_regions(year: int, readings: Readings, regions: tuple[int, ...]) -> Iterator[Told]:
    asked = mandatory(PLACES, readings)
    for what, rule_id in RULES.items():
        rows = Publication.objects.filter(
            version_of__what=what, version_of__meeting__calendar__year=year, region__in=regions
        )
        found = complete(rows, "version_of__meeting_id", asked)
        yield Proofs((rule_id,), Subject.MEETING, columns_of(found, "version_of__meeting_id"))


def complete(rows: QuerySet[Publication], of: str, asked: Groups) -> QuerySet:
    """Documents that stand at a place of every group: `last_day` is the day of the last, `address` of the first."""
    days = {
        f"day_{n}": Min(civil_day("published_at"), filter=Q(channel__code__in=codes)) for n, codes in enumerate(asked)
    }
    found = rows.order_by().values(of).annotate(**days, address=Min("link", filter=Q(channel__code__in=asked[0])))
    return with_last_day(found, days)


def with_last_day(found: QuerySet, days: Mapping[str, Any]) -> QuerySet:
    """Rows in which every one of the annotated days is there, with the last of them."""
    found = found.filter(**{f"{name}__isnull": False for name in days})
    return found.annotate(last_day=Greatest(*days) if len(days) > 1 else F(next(iter(days))))


def columns_of(found: QuerySet, of: str) -> Rows:
    return Rows.of(found, subject_id=of, met_on="last_day", evidence=proof("LINK", date="last_day", address="address"))
