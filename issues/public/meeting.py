"""The pages of one meeting: its announcement before it, and results, list and plan after it as they were published."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calendars import published
from calendars.caching import answer
from calendars.models import Meeting, MeetingState
from calendars.public import above, public_page
from territories.downloads import download
from territories.scope import today

from ..announcing import hall
from ..documents.announcement import ics as calendar_file
from ..models import AnnouncementText, Level, Minutes, PublishedVersion, Topic, What
from ..personal import findings
from ..public_ask import public_meeting
from . import facts
from .words import Text, pair

FORMS = ("docx", "pdf")


@public_page
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The announcement: day, hour, hall, akim, how to ask; after it, what was published."""
    row = public_meeting(pk)
    now = today()
    frozen = row.frozen.filter(version__in=published.newest_versions(row.calendar.region)).first()
    one = facts.of_meeting(row) if row.announced_on or frozen is None else facts.of_row(frozen, row)
    words = announced_words(row) if row.announced_on else None
    issues = facts.issues_of(None).filter(meeting=row)
    counts = facts.standing(issues, now)
    documents = facts.published_of([row.pk]).get(row.pk, [])
    shas = [version.sha256 for version in documents]
    papers = minutes_of(row)
    tag = published.etag("meeting", row.pk, row.version, row.announced_on, one, words, counts, shas, papers, now)

    def make() -> HttpResponse:
        language = get_language() or "kk"
        context = {
            "meeting": one,
            "row": row,
            "hall": hall(row, language) if row.announced_on else one["address"],
            "words": words,
            "above": [*above(row.place), row.place],
            "can_ask": row.state == MeetingState.PLANNED and row.date >= now,
            "over": row.state == MeetingState.HELD,
            "cancelled": row.state == MeetingState.CANCELLED,
            "counts": counts,
            "documents": documents,
            "minutes": papers,
            "issues": [facts.shown(issue) for issue in facts.listed(issues).order_by("year", "number")[:100]],
            "today": now,
        }
        return render(request, "public/meeting.html", context)

    return answer(request, tag, make)


def announced_words(row: Meeting) -> Text | None:
    """The text of the announcement in the reader's language; the office's telephone in it is meant for all."""
    newest = AnnouncementText.objects.filter(meeting=row).first()
    if newest is None:
        return None
    return Text(newest.text_ru, "ru") if get_language() == "ru" else Text(newest.text_kk, "kk")


@public_page
def ics(request: HttpRequest, pk: int) -> HttpResponse:
    """An announced meeting for a calendar program; a cancelled one says so."""
    row = public_meeting(pk)
    if not row.announced_on:
        raise Http404(_("This meeting has not been announced yet."))

    def make() -> HttpResponse:
        text = calendar_file(row, get_language() or "kk")
        return download(text, name=f"{row.date:%Y-%m-%d}.ics", content_type="text/calendar; charset=utf-8")

    return answer(request, published.etag("ics", row.pk, row.version, row.state, row.place.name()), make)


# -- After it -------------------------------------------------------------------------------------
def versions_of(row: Meeting) -> list[PublishedVersion]:
    """Everything that was published of a meeting, with the places where it stands, the newest first."""
    rows = PublishedVersion.objects.filter(meeting=row, publications__isnull=False).distinct()
    return list(rows.prefetch_related("publications__channel").order_by("what", "-number"))


@public_page
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Results, list and plan side by side as published last, each with its time and digest, and older versions."""
    return results_page(request, public_meeting(pk))


def results_page(request: HttpRequest, row: Meeting) -> HttpResponse:
    everything = versions_of(row)
    newest: dict[str, PublishedVersion] = {}
    for found in everything:
        newest.setdefault(found.what, found)
    chosen = [newest[part] for part in What.values if part in newest]
    if not chosen:
        raise Http404(_("Nothing of this meeting has been published yet."))
    places = [(p.pk, p.link) for found in everything for p in found.publications.all()]
    shas = [found.sha256 for found in chosen]
    papers = minutes_of(row)
    tag = published.etag("results", row.pk, row.version, row.place.name(), shas, places, len(everything), papers)

    def make() -> HttpResponse:
        topics = {topic.code: topic.name() for topic in Topic.objects.filter(region=None)}
        older = [found for found in everything if found not in chosen]
        context = {
            "row": row,
            "above": [*above(row.place), row.place],
            "documents": [document(found, topics) for found in chosen],
            "older": [document(found, topics) for found in older],
            "minutes": papers,
        }
        return render(request, "public/results.html", context)

    return answer(request, tag, make)


def minutes_of(row: Meeting) -> list[dict[str, Any]]:
    """Published minutes of a meeting, the newest first, each with its files and their digests; one query."""
    rows = Minutes.objects.filter(meeting=row, published_at__isnull=False).order_by("-number")
    return [
        {
            "number": found.number,
            "document_number": found.document_number,
            "signed_on": found.signed_on,
            "files": [
                {"language": language, "form": form, "sha256": kept.sha256}
                for language, form in product(("kk", "ru"), FORMS)
                if (kept := getattr(found, f"{form}_{language}")) is not None
            ],
        }
        for found in rows.select_related("docx_kk", "docx_ru", "pdf_kk", "pdf_ru").defer("data")
    ]


@public_page
def minutes(request: HttpRequest, pk: int, number: int, language: str, form: str) -> HttpResponse:
    """Published minutes as Word or PDF in one language, always to be saved."""
    row = public_meeting(pk)
    if form not in FORMS or language not in ("kk", "ru"):
        raise Http404
    rows = Minutes.objects.filter(meeting=row, published_at__isnull=False, number=min(number, 32767))
    found = rows.select_related(f"{form}_{language}").first()
    kept = getattr(found, f"{form}_{language}") if found else None
    if found is None or kept is None:
        raise Http404(_("These minutes have not been published."))

    def make() -> HttpResponse:
        with kept.file.open("rb") as opened:
            return download(opened.read(), name=kept.shown_name, content_type=kept.content_type)

    return answer(request, published.etag("minutes", found.pk, found.version, kept.sha256), make)


def document(version: PublishedVersion, topics: dict[str, str]) -> dict[str, Any]:
    """A frozen document in the reader's language; the digest is of the whole, both languages in it."""
    publications = list(version.publications.all())
    return {
        "pk": version.pk,
        "what": version.what,
        "title": version.get_what_display(),
        "number": version.number,
        "sha256": version.sha256,
        "reason": "" if findings(version.reason) else version.reason,
        "published_at": publications[0].published_at if publications else None,
        "places": [
            {"name": place.channel.name(), "link": place.link, "at": place.published_at} for place in publications
        ],
        "data": version.data,
        "text": pair(version.data, "text") if version.what == What.RESULTS else None,
        "rows": [frozen_row(entry, topics) for entry in version.data.get("rows", ())],
    }


def frozen_row(entry: dict[str, Any], topics: dict[str, str]) -> dict[str, Any]:
    levels = dict(Level.choices)
    who = ", ".join(filter(None, (entry.get("organisation", ""), entry.get("post", ""))))
    return {
        "issue": entry.get("issue", ""),
        "code": entry.get("code", ""),
        "text": pair(entry, "text"),
        "measure": pair(entry, "measure"),
        "completion": pair(entry, "completion"),
        "who": "" if findings(who) else who,
        "due_on": dt.date.fromisoformat(entry["due_on"]) if entry.get("due_on") else None,
        "topic": topics.get(entry.get("topic", ""), ""),
        "level": levels.get(entry.get("level", ""), ""),
    }
