"""The unit, the year and the calendar that a page is about, and the tabs above it.

The chosen unit and year hold on every page: the middleware keeps them on the request. Every row
that a page shows comes from `Chosen.rows`, so scope is asked in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from territories.models import Territory
from territories.scope import Who, inside, today

from .. import rules
from ..models import Calendar, Meeting, MeetingState


@dataclass
class Chosen:
    """What the reader looks at: a unit of one region in one year."""

    who: Who
    unit: Territory
    region: Territory
    year: int

    @cached_property
    def calendar(self) -> Calendar | None:
        """The region's calendar of the year; None until somebody opens it."""
        return (
            Calendar.objects.visible_to(self.who)
            .filter(region=self.region, year=self.year)
            .select_related("region")
            .first()
        )

    @cached_property
    def draft(self) -> Calendar:
        """The calendar, or an unsaved one to ask the rules about."""
        return self.calendar or Calendar(region=self.region, year=self.year)

    @property
    def rows(self) -> QuerySet[Meeting]:
        """Rows of the calendar within the reader's scope and the chosen unit."""
        if self.calendar is None:
            return Meeting.objects.none()
        rows = Meeting.objects.of(self.calendar, self.who)
        if self.unit.pk == self.region.pk:
            return rows
        return rows.filter(inside(self.unit.path, "holder", "place"))

    @property
    def under(self) -> str:
        """Path for the coverage; empty where the unit is the whole region."""
        return "" if self.unit.pk == self.region.pk else self.unit.path

    @cached_property
    def of_region(self) -> bool:
        return rules.of_region(self.who, self.draft)

    @cached_property
    def may_enter(self) -> bool:
        return rules.can_enter(self.who, self.draft)

    @cached_property
    def query(self) -> str:
        """Part of an address that names unit and year, so that a link can be sent to a colleague."""
        return urlencode({"unit": self.unit.pk, "year": self.year})

    @cached_property
    def patterns(self) -> dict[str, str]:
        """Addresses of this room with the number 0, by name."""
        return {}

    @cached_property
    def waiting(self) -> int:
        """How many proposals wait for the region's word."""
        return self.rows.filter(state=MeetingState.PROPOSED).count() if self.calendar else 0

    def url(self, name: str, *args, **more) -> str:
        """Address of a page of this room for the chosen unit and year."""
        query = f"{self.query}&{urlencode(more)}" if more else self.query
        if len(args) != 1 or not isinstance(args[0], int):
            return f"{reverse(f'calendars:{name}', args=args)}?{query}"
        # A board links to hundreds of rows by their numbers; the pattern is looked up once.
        if name not in self.patterns:
            self.patterns[name] = reverse(f"calendars:{name}", args=[0])
        return f"{self.patterns[name].replace('/0/', f'/{args[0]}/')}?{query}"


def chosen(request: HttpRequest) -> Chosen:
    """What the request is about. 403 for posts that read approved versions only, 404 outside the scope."""
    who = request.who
    if not rules.reads_rows(who):
        raise PermissionDenied(_("Your post reads approved calendars, not the rows that are being planned."))
    unit = getattr(request, "unit", None) or picked_unit(request)
    if unit is None:
        raise Http404(_("There is no unit to show."))
    year = getattr(request, "year", None) or picked_year(request)
    return Chosen(who=who, unit=unit, region=unit.region or unit, year=year)


def picked_unit(request: HttpRequest) -> Territory | None:
    """The unit that the address names, if the post covers it; else the post's own, else the first region."""
    units = Territory.objects.select_related("region")
    given = request.GET.get("unit", "")
    if given.isascii() and given.isdigit() and len(given) < 19:
        unit = units.filter(pk=int(given)).first()
        return unit if unit and request.who.covers(unit.path) else None
    own = request.who.territory
    if own is not None:
        return units.get(pk=own.pk)
    return units.regions().filter(valid_to=None).first()


def picked_year(request: HttpRequest) -> int:
    """The year that the address names; else next year, which is the one that is being planned."""
    given = request.GET.get("year", "")
    if len(given) == 4 and given.isascii() and given.isdigit() and given >= "2022":
        return int(given)
    return today().year + 1


def tabs(about: Chosen, active: str) -> list[dict[str, Any]]:
    """The views of the calendar for `_tabs.html`."""
    entries: list[tuple[str, str, int | None]] = [
        ("coverage", _("Coverage"), None),
        ("year", pgettext("view of the calendar", "Year"), None),
        ("this_month", pgettext("view of the calendar", "Month"), None),
        ("list", pgettext("view of the calendar", "List"), None),
        ("proposals", _("Proposals"), about.waiting or None),
        ("versions", _("Approval"), None),
    ]
    found = []
    for name, label, count in entries:
        try:
            found.append({"url": about.url(name), "label": label, "active": name == active, "count": count})
        except NoReverseMatch:
            continue
    return found
