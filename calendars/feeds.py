"""iCalendar feeds: approved rows at a public address, rows of a draft at a secret one that dies with the post."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from territories.models import Territory
from territories.scope import posts_of, today, under_post

from . import published
from .caching import answer, for_everybody
from .ics import CONTENT_TYPE, Event, calendar_text, draft_event, events_of
from .models import CalendarVersion, FeedLink, Meeting, MeetingState, VersionRow

LANGUAGES = ("kk", "ru", "en")
#: A program that subscribed need not ask the server again for so long (seconds).
FRESH_SECONDS = 3600
#: A reading of a secret address is written down once in so many minutes.
READ_NOTED_MINUTES = 10
SHOWN_STATES = (MeetingState.PROPOSED, MeetingState.PLANNED, MeetingState.HELD, MeetingState.CANCELLED)


def language_of(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else "kk"


@for_everybody(seconds=FRESH_SECONDS)
def public(request: HttpRequest, code: str) -> HttpResponse:
    """Approved meetings of a unit from a year back on; cancelled ones are told as such."""
    unit = published.unit_or_none(code)
    if unit is None:
        raise Http404(_("There is no unit with this code."))
    language = language_of(request)
    since = today() - dt.timedelta(days=published.DAYS_BACK)
    region = published.region_of(unit)
    versions = list(published.newest_versions(region).filter(calendar__year__gte=since.year))

    def make() -> HttpResponse:
        name = _("Meetings of akims: %(unit)s") % {"unit": unit.name(language)}
        events = approved_events(unit, versions, since)
        return ics_response(calendar_text(name, events, language=language, zone=region.time_zone), f"{code}.ics")

    with translation.override(language):
        tag = published.versions_tag(versions, unit.pk, unit.name(), since)
        return answer(request, tag, make, keep=True)


def approved_events(unit: Territory, versions: list[CalendarVersion], since: dt.date) -> Iterable[Event]:
    """Rows of the versions, and what an earlier version promised and the newest no longer holds."""
    by_pk = {v.pk: v for v in versions}
    present: set[int] = set()
    for row in published.rows_of_unit(unit, versions, since):
        present.add(row.meeting_id)
        yield from events_of(by_pk[row.version_id], [row])
    # What moved out of the unit is gone from this feed as well as what was cancelled.
    newest = {v.calendar_id: v for v in versions}
    older = (
        VersionRow.objects.filter(published.of_unit(unit), version__calendar__in=newest, date__gte=since)
        .exclude(version__in=by_pk)
        .order_by("meeting_id", "-version__number")
        .values_list("meeting_id", "version__calendar_id", "data")
    )
    for meeting_id, calendar_id, data in older:
        if meeting_id not in present:
            present.add(meeting_id)
            version = newest[calendar_id]
            yield Event(meeting_id, version.number, version.approved_at, data, cancelled=True)


@login_not_required
@require_safe
def secret(request: HttpRequest, secret: str) -> HttpResponse:
    """Working rows of a unit for the holder of a post, while he holds it and has not revoked the address."""
    link = FeedLink.objects.filter(secret=secret, revoked_at=None).select_related("post__user", "territory").first()
    who = None
    if link is not None and link.post.user.is_active:
        held = {post.pk: post for post in posts_of(link.post.user, today())}
        who = under_post(held[link.post_id]) if link.post_id in held else None
    if link is None or who is None or not who.may_enter or not who.covers(link.territory.path):
        text = _("There is no such feed. Its address may have been ended; make a new one on the page of feeds.")
        raise Http404(text)
    note_reading(link)
    unit, language = link.territory, language_of(request)
    meetings = (
        Meeting.objects.visible_to(who)
        .filter(
            Q(place__path__startswith=unit.path) | Q(holder=unit),
            state__in=SHOWN_STATES,
            date__gte=today() - dt.timedelta(days=published.DAYS_BACK),
        )
        .select_related("holder", "place")
    )
    events = [draft_event(m, cancelled=m.state == MeetingState.CANCELLED) for m in meetings]
    with translation.override(language):
        name = _("Draft of meetings: %(unit)s") % {"unit": unit.name(language)}
    response = ics_response(calendar_text(name, events, language=language, zone=unit.time_zone), "draft.ics")
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def note_reading(link: FeedLink) -> None:
    """So that a forgotten address can be told from a used one."""
    now = timezone.now()
    if link.last_read_at is None or now - link.last_read_at > dt.timedelta(minutes=READ_NOTED_MINUTES):
        FeedLink.objects.filter(pk=link.pk).update(last_read_at=now)


def ics_response(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
