"""The page of a village, okrug, raion or region: when the akim comes, what was asked, what was promised, what came."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from calendars import published
from calendars.caching import answer
from calendars.public import above, public_page, unit_or_404
from territories.models import Territory
from territories.scope import today

from . import facts

#: Meetings told in full, meetings and issues in the lists, before "all of them".
NEXT, MORE, EARLIER, ASKED = 2, 8, 10, 8


@public_page
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """All of a place in one look. Made of frozen and published rows, whatever the office has in work."""
    place = unit_or_404(code)
    now = today()
    versions = list(published.newest_versions(published.region_of(place)).filter(calendar__year__gte=now.year - 1))
    meetings = facts.meetings_of(place, versions, now)
    coming = [one for one in meetings if one["date"] >= now and one["state"] != "held"]
    earlier = [one for one in meetings if one not in coming and not one["cancelled"]][::-1]
    results = facts.published_of(one["id"] for one in earlier[:EARLIER])
    for one in earlier[:EARLIER]:
        one["results"] = results.get(one["id"], [])
    issues = facts.issues_of(place)
    counts = facts.standing(issues, now)
    documents = [(v.pk, v.sha256) for rows in results.values() for v in rows]
    reports = facts.quarterly_of(place)
    shas = [report.sha256 for report in reports]
    tag = published.versions_tag(versions, "place", place.pk, place.name(), now, meetings, counts, documents, shas)

    def make() -> HttpResponse:
        rows = facts.listed(issues)
        late = rows.filter(facts.late(now)).order_by("due_on", "pk")[:ASKED] if counts["late"] else []
        below = Territory.objects.filter(parent=place, valid_to=None)
        open_ones = [one for one in coming if not one["cancelled"]]
        context = {
            "unit": place,
            "region": published.region_of(place),
            "above": list(above(place)),
            "next": coming[:NEXT] if open_ones else coming[:1],
            "coming": coming[NEXT : NEXT + MORE],
            "more": max(0, len(coming) - NEXT - MORE),
            "none_coming": not open_ones,
            "earlier": earlier[:EARLIER],
            "planned": bool(versions),
            "counts": counts,
            "asked": [facts.shown(issue) for issue in rows[:ASKED]] if counts["all"] else [],
            "late": [facts.shown(issue) for issue in late],
            "reports": reports,
            "below": below.exclude(kind__in=("minor", "territory_row")).order_by("code"),
            "feed": request.build_absolute_uri(reverse("feeds:public", args=[place.code])),
            "today": now,
        }
        return render(request, "public/unit.html", context)

    return answer(request, tag, make)
