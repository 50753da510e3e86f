"""Which units a person may choose, and the list that opens while he types."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from territories.models import Kind, Territory

from ..forms.fields import MOST_CANDIDATES, search_units
from .chosen import Chosen, chosen

#: Rows of the classifier in which nobody meets anybody by the decree.
NOT_OFFERED = (Kind.MINOR, Kind.TERRITORY_ROW)


def living(about: Chosen) -> QuerySet[Territory]:
    return Territory.objects.filter(path__startswith=about.region.path, valid_to=None).exclude(kind__in=NOT_OFFERED)


def holders_for(about: Chosen) -> QuerySet[Territory]:
    """Units whose akim's meetings this person may enter."""
    scope = about.region.path if about.of_region else about.who.path
    return living(about).filter(own_akim=True, path__startswith=scope)


def places_for(about: Chosen) -> QuerySet[Territory]:
    """Units in which a meeting of those akims can take place."""
    scope = about.region.path if about.of_region else about.who.path
    return living(about).filter(path__startswith=scope)


def search_url(about: Chosen) -> str:
    return about.url("units")


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """Options of the combobox: units that fit the text, the higher ones first.

    `for` is "holder" or "place"; a place lies within the unit of the akim that `holder` names.
    """
    about = chosen(request)
    kind = request.GET.get("for", "place")
    found = holders_for(about) if kind == "holder" else places_for(about)
    holder = request.GET.get("holder", "")
    if kind == "place" and holder.isascii() and holder.isdigit() and len(holder) < 19:
        unit = Territory.objects.filter(pk=int(holder)).only("path").first()
        if unit:
            found = found.filter(path__startswith=unit.path)
    text = request.GET.get("q", "")[:100]
    found = search_units(found, text).select_related("parent")
    found = found.order_by(Length("path"), "sort_kk")[: MOST_CANDIDATES + 1]
    rows = list(found)
    context = {
        "units": rows[:MOST_CANDIDATES],
        "more": len(rows) > MOST_CANDIDATES,
        "list_id": request.GET.get("list", "")[:60],
    }
    return render(request, "calendars/_unit_options.html", context)
