"""Applies the filters of an address to the rows of a calendar."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from journal.dates import fold
from law.coverage import norms
from law.readings import Readings
from territories.models import Kind, Territory
from territories.scope import inside

from ..coverage import LINES
from ..forms import FilterForm
from ..models import Meeting, MeetingState
from .chosen import Chosen

#: Columns by which a list may be sorted, and what they mean in the database.
ORDERS = {
    "date": ("date", "time", "number"),
    "number": ("number",),
    "holder": ("holder__sort_kk", "date", "number"),
    "place": ("place__sort_kk", "date", "number"),
    "state": ("state", "date", "number"),
    "address": ("address", "date", "number"),
}
#: Kinds that stand between a region and its villages.
MIDDLE_KINDS = (Kind.RAION, Kind.CITY_OBLAST, Kind.RAION_IN_CITY)


@cache
def holder_kinds() -> dict[str, tuple[str, ...]]:
    """Kinds of akim by line of 826-2.1, under the default readings: readings move targets, not akims."""
    found: dict[str, tuple[str, ...]] = {line: () for line in LINES}
    for norm in norms(dt.date(2027, 1, 1), Readings.default()):
        found[norm.line] = tuple(dict.fromkeys((*found[norm.line], *norm.holder_kinds)))
    return found


def line_word(line: str) -> str:
    """A line of the list in 826-2.1 as people name it."""
    return {
        "a": _("a: akim of the oblast"),
        "b": _("b: akim of a city of republican significance"),
        "c": _("c: akim of a raion"),
        "d": _("d: akim of a city or rural okrug"),
        "e": _("e: akim of a village, settlement, raion in a city"),
    }[line]


def levels_of(region: Territory) -> list[tuple[str, str]]:
    """Kinds of akim that a region of this kind has."""
    kinds: tuple[str, ...]
    if region.kind == Kind.OBLAST:
        kinds = (
            Kind.OBLAST, Kind.RAION, Kind.CITY_OBLAST, Kind.RAION_IN_CITY,
            Kind.CITY_RAION, Kind.OKRUG, Kind.SETTLEMENT, Kind.VILLAGE,
        )  # fmt: skip
    else:
        kinds = (region.kind, Kind.RAION_IN_CITY)
    return [(kind.value, str(kind.label)) for kind in map(Kind, kinds)]


def filter_form(given: QueryDict, about: Chosen, *, days: bool = True) -> FilterForm:
    """The form for the filters that an address holds, with the choices of this region."""
    raions = [
        (str(unit.pk), unit.name())
        for unit in Territory.objects.filter(
            parent=about.region, kind__in=MIDDLE_KINDS, own_akim=True, path__startswith=raion_scope(about)
        ).order_by("sort_kk")
    ]
    lines = [(line, line_word(line)) for line, kinds in holder_kinds().items() if kinds]
    if about.region.kind == Kind.OBLAST:
        lines = [pair for pair in lines if pair[0] != "b"]
    else:
        lines = [pair for pair in lines if pair[0] in "be"]
    return FilterForm(given or QueryDict(), levels=levels_of(about.region), raions=raions, lines=lines, days=days)


def raion_scope(about: Chosen) -> str:
    """Path under which raions are offered: the chosen unit's own raion, or the whole region."""
    parts = about.unit.path.split("/")
    return "/".join(parts[:2]) + "/" if len(parts) > 2 else about.region.path


def narrowed(rows: QuerySet[Meeting], values: dict[str, Any]) -> QuerySet[Meeting]:
    """The rows that fit the clean values of a `FilterForm`."""
    if level := values.get("level"):
        rows = rows.filter(holder__kind=level)
    if line := values.get("line"):
        rows = rows.filter(holder__kind__in=holder_kinds()[line])
    if raion := values.get("raion"):
        unit = Territory.objects.filter(pk=raion).only("path").first()
        path = unit.path if unit else "-"
        rows = rows.filter(inside(path, "holder", "place"))
    if state := values.get("state"):
        rows = in_state(rows, state)
    if since := values.get("since"):
        rows = rows.filter(date__gte=since)
    if until := values.get("until"):
        rows = rows.filter(date__lte=until)
    if text := values.get("q"):
        rows = rows.filter(matching(text))
    return rows


def in_state(rows: QuerySet[Meeting], state: str) -> QuerySet[Meeting]:
    if state == "announced":
        return rows.filter(state=MeetingState.PLANNED, announced_on__isnull=False)
    if state == "planned":
        return rows.filter(state=MeetingState.PLANNED, announced_on__isnull=True)
    return rows.filter(state=state)


def matching(text: str) -> Q:
    """Every word in the names of akim's unit or place, or the text in the address, or the number."""
    place, holder = Q(), Q()
    for word in fold(text).split():
        place &= Q(place__search__contains=word)
        holder &= Q(holder__search__contains=word)
    # SQLite compares Cyrillic letters of either case as different ones.
    found = Q(address__icontains=text) | Q(address__icontains=text.capitalize())
    if place:
        found |= place | holder
    if text.isascii() and text.isdigit() and len(text) < 9:
        found |= Q(number=int(text))
    return found


def ordered(rows: QuerySet[Meeting], order: str) -> QuerySet[Meeting]:
    """Sorted by a column of the table; a leading minus turns it round."""
    columns = ORDERS.get(order.removeprefix("-"), ORDERS["date"])
    if order.startswith("-"):
        return rows.order_by(f"-{columns[0]}", *columns[1:])
    return rows.order_by(*columns)
