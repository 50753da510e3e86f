"""Before the meeting: its board, commission, announcement, channels, audience, broadcast and points."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calendars.models import Meeting
from calendars.warnings import Announcements
from territories.models import Territory
from territories.scope import today

from .. import announcing, services
from ..board import Facts, checklist
from ..forms.preparation import (
    MEMBER_ROWS,
    AnnouncementForm,
    AudienceForm,
    BroadcastForm,
    ChannelForm,
    CommissionForm,
    MemberFormSet,
    ReasonForm,
    VideoPointForm,
    members_of,
)
from ..models import (
    NAMED_AUDIENCE,
    Audience,
    AudienceCategory,
    BroadcastRecord,
    Channel,
    ChannelUse,
    Commission,
    FileKind,
    Purpose,
    StoredFile,
    VideoPoint,
)
from .page import (
    VersionForm,
    attempt,
    done,
    form_page,
    found,
    meeting_context,
    meeting_of,
    posted,
    require_office,
)


@require_GET
def preparation(request: HttpRequest, pk: int) -> HttpResponse:
    """What is there and what is missing before the meeting; each hole leads to the form that fills it."""
    meeting = meeting_of(request, pk)
    facts = Facts(meeting)
    context = meeting_context(request, meeting, "preparation") | {
        "title": _("Preparation"),
        "facts": facts,
        "lines": checklist(meeting, facts, today()),
        "announcements": facts.table(Purpose.ANNOUNCEMENT),
        "campaign": facts.table(Purpose.CAMPAIGN),
        "audience": audience_rows(facts),
        "letters": services.invited(meeting).count(),
    }
    return render(request, "issues/preparation.html", context)


def audience_rows(facts: Facts) -> list[dict[str, Any]]:
    """The four named categories first, whether or not something is recorded; then those that are."""
    named = [(category, True) for category in NAMED_AUDIENCE]
    others = [(category, False) for category in AudienceCategory if category not in NAMED_AUDIENCE]
    return [
        {"category": category, "label": category.label, "named": is_named, "row": facts.audience.get(category)}
        for category, is_named in (*named, *others)
    ]


def board(meeting: Meeting, part: str = "") -> str:
    return reverse("issues:preparation", args=[meeting.pk]) + (f"#{part}" if part else "")


def own_meeting(request: HttpRequest, pk: int) -> Meeting:
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    return meeting


def stored(request: HttpRequest, form: Form, name: str, unit: Territory, kind: str) -> StoredFile | None:
    """The uploaded file of a field, checked by its content and kept; None without one."""
    upload = form.cleaned_data.get(name)
    if not upload:
        return None
    try:
        checked = services.read_upload(upload)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error
    return services.store_file(checked, unit=unit, kind=kind, by=request.who)


# -- Commission -----------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def commission(request: HttpRequest, pk: int) -> HttpResponse:
    """The commission that serves the meeting, and the form for one: standing, or of this meeting alone."""
    meeting = own_meeting(request, pk)
    unit, now = meeting.holder, today()
    bodies = services.bodies_of(unit)
    serving = services.commission_of(meeting)
    if request.method == "GET" and serving is not None and "new" not in request.GET:
        context = meeting_context(request, meeting, "preparation") | {
            "title": _("Commission"),
            "commission": serving,
            "members": list(serving.members.all()),
            "others": list(Commission.objects.filter(unit=unit).exclude(pk=serving.pk)[:20]),
        }
        return render(request, "issues/commission.html", context)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CommissionForm(data, files, bodies=bodies, initial={"order_date": now, "valid_from": now, "own": False})
    formset = MemberFormSet(data, prefix="member")
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        values = form.cleaned_data

        def act() -> Commission:
            order = stored(request, form, "order_file", unit, FileKind.ORDER)
            return services.form_commission(
                unit,
                order_number=values["order_number"],
                order_date=values["order_date"],
                members=members_of(formset),
                valid_from=values["valid_from"],
                valid_to=values["valid_to"],
                meeting=meeting if values["own"] else None,
                no_assembly_note=values.get("no_assembly_note", ""),
                no_council_note=values.get("no_council_note", ""),
                order_file=order,
                today=now,
                by=request.who,
            )

        if attempt(form, act) is not None:
            return done(request, _("The commission is formed."), board(meeting))
    return commission_form(request, form, formset, _("Form a commission"), board(meeting), unit)


def commission_form(
    request: HttpRequest, form: Form, formset: Any, title: str, back: str, unit: Territory
) -> HttpResponse:
    names = ", ".join(str(label) for value, label in commission_bodies(unit))
    help_text = _("At least one member of: %(bodies)s.") % {"bodies": names} if names else ""
    if formset.is_bound and not formset.is_valid() and not hasattr(form, "status"):
        form.status = 422
    context = {"formset": formset, "formset_title": _("Members"), "formset_help": help_text, "form_class": "form-wide"}
    return form_page(request, form, title=title, back=back, context=context)


def commission_bodies(unit: Territory) -> list[tuple[str, str]]:
    from ..models import Capacity

    return [(value, Capacity(value).label) for value in services.bodies_of(unit)]


@require_http_methods(["GET", "POST"])
def commission_edit(request: HttpRequest, pk: int, commission: int) -> HttpResponse:
    """Composition and term of a commission; a stale save shows both."""
    meeting = own_meeting(request, pk)
    row = found(Commission.objects.visible_to(request.who).filter(unit=meeting.holder), commission)
    names = ("order_number", "order_date", "valid_from", "valid_to", "no_assembly_note", "no_council_note")
    initial = {name: getattr(row, name) for name in names} | {"version": row.version}
    now = [{"capacity": m.capacity, "post": m.post, "name": m.name, "chair": m.chair} for m in row.members.all()]
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CommissionForm(data, files, bodies=services.bodies_of(meeting.holder), editing=True, initial=initial)
    formset = MemberFormSet(data, prefix="member", initial=now)
    formset.extra = max(MEMBER_ROWS - len(now), 2)
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        values = {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}

        def act() -> Commission:
            order = stored(request, form, "order_file", meeting.holder, FileKind.ORDER)
            return services.edit_commission(
                row,
                values=values | ({"order_file": order} if order else {}),
                members=members_of(formset),
                seen_version=form.cleaned_data["version"] or 0,
                by=request.who,
            )

        if attempt(form, act) is not None:
            return done(request, _("The commission is changed."), reverse("issues:commission", args=[meeting.pk]))
    back = reverse("issues:commission", args=[meeting.pk])
    return commission_form(request, form, formset, _("Change the commission"), back, meeting.holder)


@require_http_methods(["GET", "POST"])
def commission_close(request: HttpRequest, pk: int, commission: int) -> HttpResponse:
    meeting = own_meeting(request, pk)
    row = found(Commission.objects.visible_to(request.who).filter(unit=meeting.holder), commission)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.close_commission(row, reason=reason, by=request.who)) is not None:
            return done(request, _("The commission is closed."), board(meeting))
    return form_page(request, form, title=_("Close the commission"), back=board(meeting), button=_("Close"))


# -- Announcement and channels --------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """The text in both languages: a first wording is proposed, each change is a new number."""
    meeting = own_meeting(request, pk)
    newest = meeting.announcement_texts.first()
    if request.method == "POST":
        form = AnnouncementForm(request.POST)
        if form.is_valid():
            values = form.cleaned_data
            if attempt(form, lambda: services.write_announcement(meeting, **values, by=request.who)) is not None:
                return done(request, _("The text of the announcement is saved."), board(meeting, "announcement"))
    else:
        proposed = announcing.draft(meeting)
        wording = {"text_kk": newest.text_kk, "text_ru": newest.text_ru} if newest else proposed
        form = AnnouncementForm(initial=proposed if "draft" in request.GET else wording)
    note = "" if newest or request.method == "POST" else _("This is a proposal. Read it and change what is needed.")
    stale = newest is not None and request.method == "GET" and "draft" not in request.GET
    context = {"note": note, "form_class": "form-wide two"}
    if stale and announcing.day_words(meeting, "kk") not in newest.text_kk:
        context["note"] = _("The day, hour or place in this text is no longer that of the meeting.")
    return form_page(
        request, form, title=_("Text of the announcement"), back=board(meeting, "announcement"), context=context
    )


@require_http_methods(["GET", "POST"])
def channel_use(request: HttpRequest, pk: int, purpose: str, code: str) -> HttpResponse:
    """A channel was used (day, address, copy or photograph), or the reason why not."""
    meeting = own_meeting(request, pk)
    channel = get_object_or_404(Channel, code=code)
    if purpose not in Purpose.values:
        raise Http404
    is_announcement = purpose == Purpose.ANNOUNCEMENT
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ChannelForm(data, files, announcement=is_announcement, initial={"on": today()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data

        def act() -> ChannelUse:
            if values["reason_unused"]:
                return services.skip_channel(
                    meeting, purpose=purpose, channel=channel, reason=values["reason_unused"], by=request.who
                )
            kind = FileKind.PHOTO if channel.by_photo else FileKind.COPY
            return services.record_channel(
                meeting,
                purpose=purpose,
                channel=channel,
                published_at=form.published_at,
                address=values["address"],
                copy=stored(request, form, "copy", meeting.holder, kind),
                reason_late=values.get("reason_late", ""),
                today=today(),
                by=request.who,
            )

        if attempt(form, act) is not None:
            return done(request, _("The channel is recorded."), board(meeting, purpose))
    lead, day = str(Purpose(purpose).label), None
    if is_announcement:
        lead = _("The first public announcement counts.")
        day = Announcements(meeting.calendar).legal_day(meeting.holder, meeting.date, meeting.announced_on)
    return form_page(request, form, title=channel.name(), back=board(meeting, purpose), lead=lead, context={"day": day})


@require_http_methods(["GET", "POST"])
def channel_withdraw(request: HttpRequest, pk: int, use: int) -> HttpResponse:
    """A row entered by mistake counts no longer; it stays with the reason."""
    meeting = own_meeting(request, pk)
    row = found(ChannelUse.objects.visible_to(request.who).filter(meeting=meeting).select_related("channel"), use)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.withdraw_channel(row, reason=reason, by=request.who)) is not None:
            return done(request, _("The entry counts no longer."), board(meeting, row.purpose))
    return form_page(
        request, form, title=_("Withdraw the entry"), back=board(meeting, row.purpose), lead=row.channel.name()
    )


# -- Audience, broadcast, points --------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def audience(request: HttpRequest, pk: int, category: str) -> HttpResponse:
    """How many of a category were invited and came."""
    meeting = own_meeting(request, pk)
    if category not in AudienceCategory.values:
        raise Http404
    row = Audience.objects.filter(meeting=meeting, category=category).first()
    names = ("invited", "invited_on", "present", "note")
    initial = {name: getattr(row, name) for name in names} | {"version": row.version} if row else {}
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AudienceForm(data, files, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names}

        def act() -> Audience:
            letter = stored(request, form, "letter", meeting.holder, FileKind.LETTER)
            return services.record_audience(
                meeting,
                category=category,
                values=values | ({"letter": letter} if letter else {}),
                seen_version=form.cleaned_data["version"],
                by=request.who,
            )

        if attempt(form, act) is not None:
            return done(request, _("The audience is recorded."), board(meeting, "audience"))
    title = AudienceCategory(category).label
    return form_page(request, form, title=title[:1].upper() + title[1:], back=board(meeting, "audience"))


@require_http_methods(["GET", "POST"])
def broadcast(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the meeting is broadcast and whether people may comment, or the reason why it is not."""
    meeting = own_meeting(request, pk)
    row = BroadcastRecord.objects.filter(meeting=meeting).first()
    names = ("address", "comments_open", "reason", "recording", "comment_count")
    initial: dict[str, Any] = {}
    if row is not None:
        initial = {name: getattr(row, name) for name in names} | {"version": row.version}
        initial["comments_open"] = "" if row.comments_open is None else str(int(row.comments_open))
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = BroadcastForm(data, files, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names}

        def act() -> BroadcastRecord:
            copy = stored(request, form, "comments_copy", meeting.holder, FileKind.COPY)
            return services.record_broadcast(
                meeting,
                values=values | ({"comments_copy": copy} if copy else {}),
                seen_version=form.cleaned_data["version"],
                by=request.who,
            )

        if attempt(form, act) is not None:
            return done(request, _("The broadcast is recorded."), board(meeting))
    lead = _("If there is a broadcast, people must be able to comment on it (826, para 3, subpara 2).")
    return form_page(request, form, title=_("Online broadcast"), back=board(meeting), lead=lead)


@require_http_methods(["GET", "POST"])
def video_point(request: HttpRequest, pk: int, point: int | None = None) -> HttpResponse:
    """A point connected by videoconference."""
    meeting = own_meeting(request, pk)
    rows = VideoPoint.objects.visible_to(request.who).filter(meeting=meeting).select_related("place")
    row = found(rows, point) if point is not None else None
    names = ("place", "address", "connected", "present")
    initial: dict[str, Any] = {}
    if row is not None:
        initial = {name: getattr(row, name) for name in names} | {"version": row.version}
        initial["connected"] = {True: "1", False: "0"}.get(row.connected, "")
    units = Territory.objects.filter(path__startswith=meeting.calendar.region.path, valid_to=None)
    form = VideoPointForm(
        request.POST if request.method == "POST" else None, units=units, initial=initial, search_url=units_url(meeting)
    )
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names}
        seen = form.cleaned_data["version"]

        def act() -> VideoPoint:
            return services.record_video_point(meeting, values=values, point=row, seen_version=seen, by=request.who)

        if attempt(form, act) is not None:
            return done(request, _("The point is recorded."), board(meeting))
    return form_page(request, form, title=_("Videoconference point"), back=board(meeting))


def units_url(meeting: Meeting) -> str:
    """Where a box for a unit looks while one types: places of the akim's region."""
    return f"{reverse('calendars:units')}?unit={meeting.calendar.region_id}&year={meeting.calendar.year}&for=place"


@require_POST
def video_point_remove(request: HttpRequest, pk: int, point: int) -> HttpResponse:
    meeting = own_meeting(request, pk)
    row = found(VideoPoint.objects.visible_to(request.who).filter(meeting=meeting), point)
    form = VersionForm(request.POST)
    if form.is_valid():
        seen = form.cleaned_data["version"] or 0
        if attempt(form, lambda: services.remove_video_point(row, seen_version=seen, by=request.who) or row):
            return done(request, _("The point is taken out."), board(meeting))
    lead = f"{row.place.name() if row.place else ''} {row.address}".strip()
    return form_page(request, form, title=_("Take the point out"), back=board(meeting), button=_("Take out"), lead=lead)
