"""Publication after a meeting: results, list and plan, frozen, at each mandatory place, in time or late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calendars.models import Meeting, MeetingState
from territories.scope import today
from territories.zones import civil

from .. import looking, services
from ..duties.published import PLACES
from ..forms.publishing import FreezeForm, PublishForm
from ..models import Channel, CheckResult, FileKind, Minutes, Publication, PublicationCheck, PublishedVersion, What
from ..services.snapshots import digest, list_of, plan_of
from ..snapshots_shown import rows_of
from ..tendays import TenDays, ten_days
from .page import attempt, done, form_page, found, meeting_context, meeting_of, require_office
from .uploads import kept

PARTS = {What.RESULTS: "абз. 4", What.LIST: "абз. 4", What.PLAN: "абз. 4"}


@dataclass
class Place:
    """One mandatory group of places: what stands there, or the hole."""

    codes: tuple[str, ...]
    names: str
    rows: list[Publication]
    late: bool = False


@dataclass
class Part:
    """One of the three documents on the page."""

    what: What
    versions: list[PublishedVersion]
    places: list[Place]
    others: list[Publication]
    stale: bool
    complete_on: dt.date | None
    state: str

    @property
    def newest(self) -> PublishedVersion | None:
        return self.versions[0] if self.versions else None


def parts_of(meeting: Meeting, clock: TenDays | None) -> list[Part]:
    """The three documents with their places; a constant number of queries."""
    versions = list(PublishedVersion.objects.filter(meeting=meeting).order_by("-number"))
    rows = list(Publication.objects.filter(version_of__meeting=meeting).select_related("channel", "copy", "version_of"))
    mark_looks(rows)
    groups = services.mandatory_places(PLACES, region_id=meeting.calendar.region_id, on=first_day(meeting))
    names = {channel.code: channel.name() for channel in Channel.objects.all()}
    return [part(meeting, what, versions, rows, groups, names, clock) for what in What]


def first_day(meeting: Meeting) -> dt.date:
    return dt.date(meeting.calendar.year, 1, 1)


def part(meeting, what, versions, rows, groups, names, clock) -> Part:
    mine = [row for row in rows if row.version_of.what == what]
    own = [version for version in versions if version.what == what]
    due = clock.due_on if clock else None
    places = []
    for codes in groups:
        there = [row for row in mine if row.channel.code in codes]
        first = min((civil(row.published_at) for row in there), default=None)
        joined = ", ".join(names.get(code, code) for code in codes)
        places.append(Place(codes, joined, there, late=bool(first and due and first > due)))
    days = [min((civil(row.published_at) for row in place.rows), default=None) for place in places]
    complete = max(day for day in days if day) if days and all(days) else None
    mandatory = {code for codes in groups for code in codes}
    stale = bool(own) and what != What.RESULTS and own[0].sha256 != digest(fresh(meeting, what))
    state = ten_days(meeting, today(), done_on=complete).state if clock else ""
    others = [row for row in mine if row.channel.code not in mandatory]
    return Part(what, own, places, others, stale, complete, state)


def fresh(meeting: Meeting, what: What) -> dict[str, Any]:
    return list_of(meeting) if what == What.LIST else plan_of(meeting)


def mark_looks(rows: list[Publication]) -> None:
    """Give each own page its last look and the first one that found it as published."""
    own = [row.pk for row in rows if row.own_page]
    checks: dict[int, list[PublicationCheck]] = {}
    for check in PublicationCheck.objects.filter(publication__in=own).order_by("-at"):
        checks.setdefault(check.publication_id, []).append(check)
    for row in rows:
        seen = checks.get(row.pk, [])
        row.last_look = seen[0] if seen else None
        row.first_fine = next((check for check in reversed(seen) if check.result == CheckResult.FINE), None)
        row.wrong_looks = [check for check in seen if check.result != CheckResult.FINE][:5]


@require_GET
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands where since when; holes, late places, vanished pages and stale versions stand out."""
    meeting = meeting_of(request, pk)
    clock = ten_days(meeting, today())
    context = meeting_context(request, meeting, "publication") | {
        "title": _("Publication"),
        "parts": parts_of(meeting, clock),
        "minutes": list(Minutes.objects.filter(meeting=meeting).defer("data").order_by("-number")[:5]),
        "clock": clock,
        "held": meeting.state == MeetingState.HELD,
    }
    return render(request, "issues/publication.html", context)


def own(request: HttpRequest, pk: int) -> Meeting:
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    return meeting


def page_address(meeting: Meeting) -> str:
    return reverse("issues:publication", args=[meeting.pk])


@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Freeze one of the three documents as it stands now; a changed one is the next version with a reason."""
    meeting = own(request, pk)
    kind = What(what)
    newest = PublishedVersion.objects.filter(meeting=meeting, what=what).order_by("-number").first()
    initial = {name: newest.data.get(name, "") for name in ("text_kk", "text_ru")} if newest else {}
    data = request.POST if request.method == "POST" else None
    form = FreezeForm(data, words=kind == What.RESULTS, first=newest is None, initial=initial)

    def act() -> PublishedVersion:
        return services.freeze_document(meeting, what=what, by=request.who, **form.cleaned_data)

    if data is not None and form.is_valid() and attempt(form, act) is not None:
        return done(request, _("The document is frozen. Now record each place where it stands."), page_address(meeting))
    return form_page(
        request, form, title=_("Freeze for publication: %(what)s") % {"what": kind.label}, back=page_address(meeting),
        button=_("Freeze"), lead=_("What is frozen is never changed; what must change is the next version beside it."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """A frozen document stands at a place: address, hour, copy."""
    meeting = own(request, pk)
    row = found(PublishedVersion.objects.filter(meeting=meeting).select_related("meeting"), version)
    channels = Channel.objects.filter(publication=True)
    form = publish_form(request, channels)
    if form.is_bound and form.is_valid():

        def act() -> Publication:
            link = looking.address(row) if form.cleaned_data["own_page"] else form.cleaned_data["link"]
            copy = kept(
                form.cleaned_data["copy"], field="copy", unit=meeting.holder, kind=FileKind.COPY, by=request.who
            )
            return services.publish(
                row, channel=form.cleaned_data["channel"], published_at=form.published_at, link=link, copy=copy,
                own_page=form.cleaned_data["own_page"], by=request.who,
            )  # fmt: skip

        if attempt(form, act) is not None:
            return done(request, _("The place is recorded."), page_address(meeting))
    title = _("Where it stands: %(what)s, version %(number)s") % {
        "what": row.get_what_display(),
        "number": row.number,
    }
    return form_page(request, form, title=title, back=page_address(meeting))


def publish_form(request: HttpRequest, channels: QuerySet[Channel]) -> PublishForm:
    """The form with the place that the address asks for, and this hour."""
    now = timezone.localtime()
    chosen = channels.filter(code=request.GET.get("place", "")).first() if request.GET.get("place") else None
    initial = {"day": now.date(), "hour": now.time().replace(second=0, microsecond=0), "channel": chosen}
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return PublishForm(data, files, channels=channels, initial=initial)


@require_POST
def look_now(request: HttpRequest, pk: int, publication: int) -> HttpResponse:
    """Look at our own page now instead of within the hour."""
    meeting = own(request, pk)
    rows = Publication.objects.filter(version_of__meeting=meeting, own_page=True)
    row = found(rows.select_related("version_of", "quarterly"), publication)
    check = looking.look(row, at=timezone.now())
    return done(request, _("Seen: %(result)s.") % {"result": check.get_result_display()}, page_address(meeting))


@require_GET
def compare(request: HttpRequest, pk: int, what: str, number: int) -> HttpResponse:
    """A version beside the one before it, row by row."""
    meeting = meeting_of(request, pk)
    rows = PublishedVersion.objects.filter(meeting=meeting, what=what)
    version = found(rows, rows.filter(number=number).values_list("pk", flat=True).first() or 0)
    before = rows.filter(number=number - 1).first()
    language = get_language() or "kk"
    context = meeting_context(request, meeting, "publication") | {
        "title": f"{version.get_what_display()}, № {number}",
        "version": version,
        "before": before,
        "sides": [side(v, language) for v in (before, version) if v is not None],
        "pairs": side_by_side(before, version, language),
    }
    return render(request, "issues/publication_compare.html", context)


def side(version: PublishedVersion, language: str) -> dict[str, Any]:
    return {"version": version, "kk": version.data.get("text_kk", ""), "ru": version.data.get("text_ru", "")}


def side_by_side(before: PublishedVersion | None, version: PublishedVersion, language: str) -> list[tuple]:
    """Pairs (row before, row now, differs), found again by the code of the issue and the item."""
    old = {(row["code"], row.get("item")): row for row in rows_of(before, language)} if before else {}
    pairs = []
    for row in rows_of(version, language):
        was = old.pop((row["code"], row.get("item")), None)
        pairs.append((was, row, was != row))
    return pairs + [(row, None, True) for row in old.values()]
