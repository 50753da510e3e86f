"""What anybody may read: rows of the newest approved version of each calendar, and nothing else.

Free remarks and notes of the staff are left out: they may name people.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from territories.models import Territory

from .models import CalendarVersion, VersionRow

#: Public pages and feeds reach so far back.
DAYS_BACK = 366


def newest_versions(region: Territory | None = None, year: int | None = None) -> QuerySet[CalendarVersion]:
    """The version in force of each calendar; of a region and year where they are given."""
    versions = CalendarVersion.objects.newest().select_related("calendar__region").defer("coverage", "difference")
    if region is not None:
        versions = versions.filter(calendar__region=region)
    if year is not None:
        versions = versions.filter(calendar__year=year)
    return versions.order_by("calendar__region__code", "-calendar__year")


def of_unit(unit: Territory) -> Q:
    """Rows that concern a unit: held inside it, or by its own akim."""
    return Q(place__path__startswith=unit.path) | Q(holder=unit)


def rows_of_unit(unit: Territory, versions: Iterable[CalendarVersion], since: dt.date) -> QuerySet[VersionRow]:
    """Approved rows that concern a unit, from a day on, in the order of the year."""
    rows = VersionRow.objects.filter(of_unit(unit), version__in=[v.pk for v in versions], date__gte=since)
    return rows.order_by("date", "data__time", "number")


def unit_or_none(code: str) -> Territory | None:
    """The living unit with a code, its region and parent with it."""
    units = Territory.objects.filter(code=code, valid_to=None).select_related("region", "parent")
    return units.first()


def region_of(unit: Territory) -> Territory:
    return unit.region or unit


def etag(*parts: object) -> str:
    """Tag of a page that depends on these facts, the language and the release of the program."""
    text = "|".join([get_language() or "", settings.SITE_URL, *map(str, parts)])
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def versions_tag(versions: Sequence[CalendarVersion], *parts: object) -> str:
    """Tag of a page made of these versions; a restored database that counts anew gives other tags."""
    return etag(*(f"{v.pk}:{v.rows_sha256}:{v.approved_at.timestamp()}" for v in versions), *parts)
