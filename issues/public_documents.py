"""Pages for everybody of what was published: one frozen document with its earlier versions, one quarterly report.

Only what stands at some place already; made of frozen data alone, so no personal data and nothing of a draft.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from calendars.caching import for_everybody
from calendars.public import above

from .models import Level, Publication, PublishedVersion, QuarterlyReport, What
from .snapshots_shown import rows_of

MOST_ID = 2**63 - 1
public_page = for_everybody(seconds=300)


@public_page
def published(request: HttpRequest, pk: int) -> HttpResponse:
    """A document of a meeting as it was frozen, with the versions beside it."""
    if pk > MOST_ID:
        raise Http404
    stands = Publication.objects.filter(version_of=OuterRef("pk"))
    rows = PublishedVersion.objects.filter(Exists(stands)).select_related(
        "meeting__place", "meeting__holder", "meeting__calendar", "unit"
    )
    version = get_object_or_404(rows, pk=pk)
    others = rows.filter(meeting=version.meeting, what=version.what).exclude(pk=pk).order_by("-number")
    siblings = rows.filter(meeting=version.meeting).exclude(what=version.what).order_by("what", "-number")
    places = Publication.objects.filter(version_of=version).select_related("channel").order_by("published_at")
    context: dict[str, Any] = {
        "version": version,
        "above": [*above(version.meeting.place), version.meeting.place],
        "meeting": version.meeting,
        "rows": rows_of(version, get_language() or "kk"),
        "text": version.data.get(f"text_{'ru' if get_language() == 'ru' else 'kk'}", ""),
        "is_results": version.what == What.RESULTS,
        "is_plan": version.what == What.PLAN,
        "others": list(others),
        "siblings": list(siblings),
        "places": list(places),
        "levels": dict(Level.choices),
    }
    return render(request, "public/published.html", context)


@public_page
def quarterly(request: HttpRequest, pk: int) -> HttpResponse:
    """Quarterly information on the progress of issues as it was frozen."""
    if pk > MOST_ID:
        raise Http404
    stands = Publication.objects.filter(quarterly=OuterRef("pk"))
    report = get_object_or_404(QuarterlyReport.objects.filter(Exists(stands)).select_related("unit"), pk=pk)
    russian = get_language() == "ru"
    lines = [
        (row, (row.progress_ru or row.progress_kk) if russian else (row.progress_kk or row.progress_ru))
        for row in report.rows.select_related("issue__place", "issue__unit")
    ]
    context = {
        "report": report,
        "above": [*above(report.unit), report.unit],
        "lines": lines,
        "text": report.text_ru if russian else report.text_kk,
        "places": list(Publication.objects.filter(quarterly=report).select_related("channel")),
    }
    return render(request, "public/quarterly.html", context)
