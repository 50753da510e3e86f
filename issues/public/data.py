"""Published issues as data for programs: CSV, JSON and feeds of news, with a page that says what the fields mean."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calendars import published
from calendars.caching import answer
from calendars.public import public_page, safe, unit_or_404
from journal import dates
from territories.models import Territory
from territories.scope import today

from ..models import Issue
from ..personal import findings
from . import facts
from .lists import chosen, narrowed

#: Rows of one file; news in one feed.
MOST_ROWS, NEWS = 50_000, 50
FEEDS = {"rss": Rss201rev2Feed, "atom": Atom1Feed}
FIELDS = (
    "code",
    "number",
    "place_code",
    "place_kk",
    "place_ru",
    "office_code",
    "text_kk",
    "text_ru",
    "topic",
    "level",
    "state",
    "raised_on",
    "first_due_on",
    "due_on",
    "slips",
    "closed_on",
    "address",
)


def place_of(code: str | None) -> Territory | None:
    return unit_or_404(code) if code else None


def rows_of(request: HttpRequest, place: Territory | None) -> list[dict[str, Any]]:
    """The issues that the list of this address shows, the newest first."""
    rows = facts.listed(narrowed(facts.issues_of(place), chosen(request))).order_by("-raised_on", "-pk")
    return [line(issue) for issue in rows[:MOST_ROWS]]


def line(issue: Issue) -> dict[str, Any]:
    """One issue in the order of `FIELDS`; a text with somebody's number in it is left out."""
    return {
        "code": issue.code,
        "number": str(issue),
        "place_code": issue.place.code,
        "place_kk": issue.place.name_kk,
        "place_ru": issue.place.name_ru,
        "office_code": issue.unit.code,
        "text_kk": "" if findings(issue.text_kk) else issue.text_kk,
        "text_ru": "" if findings(issue.text_ru) else issue.text_ru,
        "topic": issue.topic.code if issue.topic else "",
        "level": issue.level,
        "state": issue.state,
        "raised_on": iso(issue.raised_on),
        "first_due_on": iso(issue.first_due_on),
        "due_on": iso(issue.due_on),
        "slips": issue.slips,
        "closed_on": iso(issue.closed_on),
        "address": settings.SITE_URL + reverse("public:issue", args=[issue.code]),
    }


def iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def tag_of(request: HttpRequest, place: Territory | None, form: str) -> str:
    counts = facts.standing(facts.issues_of(place), today())
    return published.etag("data", form, place and place.pk, place and place.name(), chosen(request), counts, today())


def file_name(code: str | None, form: str) -> str:
    return f"issues-{code}.{form}" if code else f"issues.{form}"


@public_page
def csv_file(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Comma-separated, UTF-8 with a mark; no cell is calculated by a spreadsheet."""
    place = place_of(code)

    def make() -> HttpResponse:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(FIELDS)
        for row in rows_of(request, place):
            writer.writerow([safe(value) if isinstance(value, str) else value for value in row.values()])
        return as_file("\ufeff" + out.getvalue(), "text/csv; charset=utf-8", file_name(code, "csv"))

    return answer(request, tag_of(request, place, "csv"), make)


@public_page
def json_file(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """An object with the unit, the day and the list of issues; empty days are empty texts."""
    place = place_of(code)

    def make() -> HttpResponse:
        data = {"unit": place.code if place else None, "on": today().isoformat(), "issues": rows_of(request, place)}
        text = json.dumps(data, ensure_ascii=False, indent=1)
        response = as_file(text, "application/json; charset=utf-8", file_name(code, "json"))
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return answer(request, tag_of(request, place, "json"), make)


def as_file(text: str, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@public_page
def feed(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """What changed last among the published issues of a unit, as RSS or Atom."""
    if form not in FEEDS:
        raise Http404
    place = unit_or_404(code)
    issues = facts.issues_of(place)

    def make() -> HttpResponse:
        about = {"place": place.name()}
        news = FEEDS[form](
            title=_("Problem issues: %(place)s") % about,
            link=settings.SITE_URL + reverse("public:unit", args=[code]),
            description=_("Published problem issues with their promised days and slips"),
            language=get_language(),
            feed_url=settings.SITE_URL + request.path,
        )
        zone = ZoneInfo(settings.TIME_ZONE)
        for issue in facts.listed(issues).order_by("-updated_at")[:NEWS]:
            one = facts.shown(issue)
            link = settings.SITE_URL + reverse("public:issue", args=[issue.code])
            news.add_item(
                title=f"{one['state_words']}: {str(one['text'])[:120] or issue.code}",
                link=link,
                description=feed_words(one),
                unique_id=f"{issue.code}-{issue.version}",
                unique_id_is_permalink=False,
                pubdate=(issue.published_at or issue.created_at).astimezone(zone),
                updateddate=issue.updated_at.astimezone(zone),
            )
        kind = "application/atom+xml" if form == "atom" else "application/rss+xml"
        return HttpResponse(news.writeString("utf-8"), content_type=f"{kind}; charset=utf-8")

    return answer(request, tag_of(request, place, form), make)


def feed_words(one: dict[str, Any]) -> str:
    words = [one["place"]]
    if one["due_on"]:
        words.append(f"{_('promised by')} {dates.official_date(one['due_on'])}")
    if one["slips"]:
        words.append(f"{_('Slips')}: {one['slips']}")
    return " · ".join(words)


@public_page
def about(request: HttpRequest) -> HttpResponse:
    """What the files hold, field by field, and where they lie."""

    def make() -> HttpResponse:
        language = f"{settings.SITE_URL}/{get_language()}"
        addresses = [
            (f"{language}/units/CODE/issues.csv", _("issues, comma-separated, UTF-8")),
            (f"{language}/units/CODE/issues.json", _("issues, JSON")),
            (f"{language}/units/CODE/issues.rss", _("news feed, RSS 2.0")),
            (f"{language}/units/CODE/issues.atom", _("news feed, Atom 1.0")),
            (f"{language}/regions/CODE/{today().year}.csv", _("approved calendar of a region and year")),
            (f"{settings.SITE_URL}/feeds/public/CODE.ics", _("meetings for a calendar program")),
        ]
        fields = [
            ("code", _("code in the address of the page")),
            ("number", _("number of the issue at its office")),
            ("place_code, place_kk, place_ru", _("code of the place and its names")),
            ("office_code", _("code of the unit whose akim answers")),
            ("text_kk, text_ru", _("text in Kazakh and Russian")),
            ("topic", _("code of the topic")),
            ("level", _("level of solution: akim, raion, oblast, central, holding")),
            ("state", _("state: raised, planned, in_work, reported, done, explained, declined")),
            (
                "raised_on, first_due_on, due_on, closed_on",
                _("days as YYYY-MM-DD: raised, first promised, promised now, closed"),
            ),
            ("slips", _("how often a promised day was put off")),
        ]
        return render(request, "public/open_data.html", {"addresses": addresses, "fields": fields})

    return answer(request, published.etag("open-data", today().year), make)
