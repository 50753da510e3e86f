"""Reads of units and bodies that several callers share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from journal.dates import fold, kk_sort_key

from .kato.kinds import bare
from .models import Edition, Kind, Territory, TerritoryState
from .models.tree import TerritoryQuerySet
from .scope import Who

#: Kinds that a list of parts shows first; the others are places that no norm names.
OWN_PARTS = tuple(kind for kind in Kind if kind not in (Kind.OTHER_MAIN, Kind.MINOR, Kind.TERRITORY_ROW))
_RANK = {kind: rank for rank, kind in enumerate(Kind)}


def units_found(text: str, units: TerritoryQuerySet) -> TerritoryQuerySet:
    """Units whose names hold every word of the text, however it is typed, or whose code begins with it."""
    digits = text.replace(" ", "")
    if digits.isdecimal():
        return units.filter(code__startswith=digits)
    for word in fold(text).split():
        units = units.filter(search__contains=word)
    return units


def narrowed(values: Mapping[str, object], who: Who) -> QuerySet[Territory]:
    """Units by the values of the search form, with the names of the units above them."""
    units = Territory.objects.visible_to(who).exclude(kind=Kind.TERRITORY_ROW)
    state = values.get("state") or ""
    units = units.exclude(valid_to=None) if state == "abolished" else units.filter(valid_to=None)
    if state in ("akim", "excluded", "manual"):
        units = units.filter(**{{"akim": "own_akim", "excluded": "excluded", "manual": "manual"}[state]: True})
    region = values.get("region")
    if isinstance(region, Territory):
        units = units.filter(path__startswith=region.path)
    if values.get("kind"):
        units = units.filter(kind=values["kind"])
    units = units_found(str(values.get("q") or ""), units)
    return units.select_related("parent__parent__parent").order_by("sort_kk", "code")


def regions(who: Who) -> list[Territory]:
    """The regions with how many raions and cities, and how many units with an akim, each has."""
    units = list(Territory.objects.visible_to(who).regions().filter(valid_to=None))
    rows = (
        Territory.objects.filter(valid_to=None, region__in=units)
        .values("region_id")
        .annotate(
            second=Count("pk", filter=Q(kind__in=[Kind.RAION, Kind.CITY_OBLAST, Kind.RAION_IN_CITY], own_akim=True)),
            akims=Count("pk", filter=Q(own_akim=True)),
            places=Count("pk", filter=Q(kind__in=[Kind.VILLAGE, Kind.SETTLEMENT], own_akim=False)),
        )
    )
    counts = {row["region_id"]: row for row in rows}
    for unit in units:
        unit.counts = counts.get(unit.pk, {})
    return by_name(units)


def by_name(units: Iterable[Territory]) -> list[Territory]:
    """In the order of the reader's alphabet; one key serves Kazakh and Russian."""
    language = get_language()
    return sorted(units, key=lambda unit: (kk_sort_key(bare(unit.name(language))), unit.code))


def parts(unit: Territory) -> tuple[list[Territory], list[Territory]]:
    """Living units directly below: those that the act names, and the other places."""
    children = by_name(unit.children.filter(valid_to=None).exclude(kind=Kind.TERRITORY_ROW))
    named = sorted((child for child in children if child.kind in OWN_PARTS), key=lambda child: _RANK[Kind(child.kind)])
    return named, [child for child in children if child.kind not in OWN_PARTS]


def above(unit: Territory) -> list[Territory]:
    """The units that contain it, the region first; one query whatever the depth."""
    ids = [int(part) for part in unit.path.split("/") if part][:-1]
    found = Territory.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def states_of(unit: Territory) -> QuerySet[TerritoryState]:
    """What each edition said of the unit, the newest first."""
    return unit.states.select_related("edition").order_by("-edition__as_of")


def newest_edition() -> Edition | None:
    return Edition.objects.select_related("loaded_by").first()
