"""Pages without log-in: approved versions only, no personal data, cached by whoever stands between.

Every page is made of frozen rows, so its tag changes only with a new version, a new day or the language.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from journal import dates
from territories.models import Territory
from territories.scope import today

from . import published
from .caching import answer, for_everybody
from .difference import unit_name, words
from .models import CalendarVersion, VersionRow
from .tiles import arranged

FOUND_SHOWN = 40
#: A cell that a spreadsheet would take for a formula gets an apostrophe in front.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


public_page = for_everybody(seconds=300)


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The twenty regions, and the search for one's own village."""
    asked = dates.fold(request.GET.get("q", "")[:100])
    year = today().year
    versions = list(published.newest_versions().filter(calendar__year__in=(year, year + 1)))
    found = list(search(asked)) if len(asked) > 1 else []

    def make() -> HttpResponse:
        by_region: dict[int, CalendarVersion] = {}
        for version in versions:
            shown = by_region.get(version.calendar.region_id)
            if shown is None or abs(version.calendar.year - year) < abs(shown.calendar.year - year):
                by_region[version.calendar.region_id] = version
        regions = list(Territory.objects.regions().filter(valid_to=None).order_by("code"))
        context = {
            "squares": [(unit, by_region.get(unit.pk)) if unit else None for unit in arranged(regions)],
            "regions": [(unit, by_region.get(unit.pk)) for unit in regions],
            "q": request.GET.get("q", "")[:100],
            "asked": asked,
            "found": found,
            "year": year,
        }
        return render(request, "public/home.html", context)

    return answer(request, published.versions_tag(versions, "home", year, asked, *(u.pk for u in found)), make)


def search(asked: str):
    """Living units whose folded name holds every word that was typed."""
    units = Territory.objects.filter(valid_to=None).exclude(kind__in=("minor", "territory_row", "other_main"))
    for word in asked.split():
        units = units.filter(search__contains=word)
    return units.select_related("parent", "region").order_by("code")[:FOUND_SHOWN]


def unit_or_404(code: str) -> Territory:
    unit = published.unit_or_none(code)
    if unit is None:
        raise Http404(_("There is no unit with this code."))
    return unit


@public_page
def region(request: HttpRequest, code: str) -> HttpResponse:
    """A region's approved calendar: by month, within a raion if one is chosen."""
    unit = unit_or_404(code)
    if not unit.is_region:
        raise Http404(_("There is no region with this code."))
    versions = list(published.newest_versions(unit))
    version = chosen_version(versions, request.GET.get("year", ""))
    raions = list(Territory.objects.filter(parent=unit, valid_to=None).order_by("code"))
    raion = next((r for r in raions if r.code == request.GET.get("raion")), None)
    month = month_of(request.GET.get("month", ""), version)
    chosen = (version and version.pk, raion and raion.pk, month)
    tag = published.versions_tag(versions, "region", unit.name(), *chosen, today())

    def make() -> HttpResponse:
        months, rows = [], []
        if version is not None:
            all_rows = version.rows.all()
            if raion is not None:
                all_rows = all_rows.filter(published.of_unit(raion))
            counts = dict(all_rows.values_list("date__month").annotate(n=Count("pk")).order_by("date__month"))
            months = [
                {"number": n, "name": dates.month_name(n), "count": counts.get(n, 0), "active": n == month}
                for n in range(1, 13)
            ]
            rows = list(all_rows.filter(date__month=month).order_by("date", "data__time", "number"))
        context = {
            "unit": unit,
            "version": version,
            "versions": versions,
            "raions": raions,
            "raion": raion,
            "month": month,
            "months": months,
            "rows": lines(rows),
            "today": today(),
        }
        return render(request, "public/region.html", context)

    return answer(request, tag, make)


def chosen_version(versions: list[CalendarVersion], asked: str) -> CalendarVersion | None:
    """The version of the year asked for, else of this year, else the latest."""
    by_year = {str(v.calendar.year): v for v in versions}
    return by_year.get(asked) or by_year.get(str(today().year)) or (versions[0] if versions else None)


def month_of(asked: str, version: CalendarVersion | None) -> int:
    """The month asked for, else this one if it is the year's, else January."""
    if asked.isascii() and asked.isdecimal() and len(asked) < 3 and 1 <= int(asked) <= 12:
        return int(asked)
    now = today()
    return now.month if version is not None and version.calendar.year == now.year else 1


def above(unit: Territory) -> list[Territory]:
    """The units over this one, the region first; the region itself has a page of its own kind."""
    ids = [int(pk) for pk in unit.path.strip("/").split("/")[:-1]]
    found = Territory.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def lines(rows: list[VersionRow]) -> list[dict[str, Any]]:
    """Frozen rows as the public reads them; notes and remarks of the staff stay inside."""
    return [
        {
            "date": row.date,
            "time": row.data["time"],
            "holder": unit_name(row.data["holder"]),
            "place": unit_name(row.data["place"]),
            "place_code": row.data["place"]["code"],
            "address": row.data["address"],
            "format": words(row.data, "format"),
            "languages": words(row.data, "languages"),
            "broadcast": row.data["broadcast"] == "yes",
        }
        for row in rows
    ]


@public_page
def table(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The approved calendar of a region as CSV: UTF-8 with a mark, semicolons, as offices' Excel opens it."""
    unit = unit_or_404(code)
    version = published.newest_versions(unit, year).first()
    if version is None:
        raise Http404(_("There is no approved calendar of this region and year."))
    tag = published.versions_tag([version], "csv")

    def make() -> HttpResponse:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow(
            [
                "№",
                _("Date"),
                _("Time"),
                _("Akim of (code)"),
                _("Akim of"),
                _("Place (code)"),
                _("Place"),
                _("Hall and address"),
                _("Planned minutes"),
                _("Format"),
                _("Languages"),
            ]
        )
        for row in version.rows.order_by("date", "number"):
            data = row.data
            writer.writerow(
                [
                    data["number"],
                    data["date"],
                    data["time"],
                    data["holder"]["code"],
                    safe(unit_name(data["holder"])),
                    data["place"]["code"],
                    safe(unit_name(data["place"])),
                    safe(data["address"]),
                    data["planned_minutes"],
                    words(data, "format"),
                    words(data, "languages"),
                ]
            )
        response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
        name = f"calendar-{code}-{year}-{get_language()}.csv"
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return answer(request, tag, make)


def safe(text: str) -> str:
    """Text that no spreadsheet calculates."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
