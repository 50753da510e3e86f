"""What an approval page is about, found within the reader's scope; anything else is answered 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from territories.models import Territory

from ..models import Calendar, CalendarVersion, MaslikhatNotice, Submission


def region_of(request: HttpRequest) -> Territory | None:
    """The region of the chosen unit; None where a national reader has chosen the whole country."""
    unit = request.unit
    return (unit.region or unit) if unit else None


def calendar_of(request: HttpRequest, region: Territory) -> Calendar | None:
    """The region's calendar of the chosen year, if there is one and the post may see it."""
    calendars = Calendar.objects.visible_to(request.who).select_related("region")
    return calendars.filter(region=region, year=request.year).first()


def version_or_404(request: HttpRequest, pk: int) -> CalendarVersion:
    versions = CalendarVersion.objects.visible_to(request.who)
    return get_object_or_404(
        versions.select_related("calendar__region", "approved_by", "approved_under__territory"), pk=pk
    )


def submission_or_404(request: HttpRequest, pk: int) -> Submission:
    rows = Submission.objects.visible_to(request.who)
    return get_object_or_404(rows.select_related("version__calendar__region", "submitted_by", "decided_by"), pk=pk)


def notice_or_404(request: HttpRequest, pk: int) -> MaslikhatNotice:
    rows = MaslikhatNotice.objects.visible_to(request.who)
    return get_object_or_404(rows.select_related("version__calendar__region", "maslikhat"), pk=pk)


def number_or_404(text: str) -> int:
    """A number out of an address; nonsense is an address that does not exist."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise Http404(_("There is no such page."))
    return int(text)
