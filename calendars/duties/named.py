"""What duties are about in words, with the page on which it is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import urlencode

from django.urls import reverse

from deadlines.ids import Subject
from deadlines.subjects import About, Subjects
from territories.models import Territory

from ..models import CalendarVersion, Meeting
from ..models.meeting import READERS_OF_VERSIONS


def named(subjects: Mapping[Subject, Collection[tuple[int, str]]]) -> Subjects:
    """Meetings by their place, akims by their board of coverage, calendars by their year; a query a kind."""
    found: Subjects = {}
    if pairs := subjects.get(Subject.MEETING):
        link = reverse("calendars:meeting", args=[0])
        rows = Meeting.objects.filter(pk__in={pk for pk, _period in pairs})
        for pk, kk, ru in rows.values_list("pk", "place__name_kk", "place__name_ru"):
            found[Subject.MEETING, pk, ""] = About(kk, ru, link.replace("/0/", f"/{pk}/"), READERS_OF_VERSIONS)
    if pairs := subjects.get(Subject.CALENDAR):
        for pk, period in pairs:
            query = urlencode({"unit": pk, "year": period[:4]})
            found[Subject.CALENDAR, pk, period] = About(period, period, f"{reverse('calendars:approval')}?{query}")
    if pairs := subjects.get(Subject.VERSION):
        versions = CalendarVersion.objects.filter(pk__in={pk for pk, _period in pairs})
        for pk, number, year, region in versions.values_list("pk", "number", "calendar__year", "calendar__region_id"):
            query = urlencode({"unit": region, "year": year})
            text = f"{year}, № {number}"
            found[Subject.VERSION, pk, f"{year}"] = About(text, text, f"{reverse('calendars:approval')}?{query}")
    if pairs := subjects.get(Subject.AKIM):
        units = set(Territory.objects.filter(pk__in={pk for pk, _period in pairs}).values_list("pk", flat=True))
        for pk, period in pairs:
            if pk in units:
                query = urlencode({"unit": pk, "year": period[:4]})
                found[Subject.AKIM, pk, period] = About(
                    period, period, f"{reverse('calendars:coverage')}?{query}", READERS_OF_VERSIONS
                )
    return found
