"""The hall page: for a laptop or tablet in the hall, by keyboard, through a bad connection."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calendars import services as calendar_services
from calendars.forms.fields import DayField
from calendars.models import Meeting, MeetingState
from journal.dates import long_date
from territories.scope import today

from .. import hall as facts
from .. import services
from ..models import Audience, AudienceCategory
from .page import VersionForm, attempt, done, form_page, meeting_context, meeting_of, posted, require_office

#: A body larger than that is no typing.
MOST_BYTES = 2 * 1024 * 1024


@require_GET
def hall(request: HttpRequest, pk: int) -> HttpResponse:
    """Agenda, clock, what is being said, who came. Whoever may not type reads it."""
    meeting = meeting_of(request, pk)
    context = meeting_context(request, meeting, "hall")
    runs = meeting.state in (MeetingState.PLANNED, MeetingState.HELD)
    language = "ru" if get_language() == "ru" else "kk"
    agenda = [row | {"text": row[language] or row["kk"] or row["ru"]} for row in facts.agenda(meeting)]
    context |= {
        "title": _("Hall"),
        "agenda": agenda,
        "state": facts.state(meeting),
        "settings": {
            "meeting": meeting.pk,
            "save": reverse("issues:hall_save", args=[meeting.pk]),
            "read": reverse("issues:hall_state", args=[meeting.pk]),
            "types": context["may_edit"] and runs and today() >= meeting.date,
        },
        "may_type": context["may_edit"] and runs and today() >= meeting.date,
        "not_yet": runs and today() < meeting.date,
        "may_hold": context["may_edit"] and meeting.state == MeetingState.PLANNED and today() >= meeting.date,
        "categories": AudienceCategory,
        "quarter": meeting.planned_minutes // 4,
        "clock_words": [
            ("started", pgettext("clock of the hall", "Meeting begins")),
            ("report_started", pgettext("clock of the hall", "Report begins")),
            ("report_ended", pgettext("clock of the hall", "Report ended")),
            ("ended", pgettext("clock of the hall", "Meeting ended")),
        ],
    }
    return render(request, "issues/hall.html", context)


@require_GET
def hall_state(request: HttpRequest, pk: int) -> JsonResponse:
    """What stands now, so that two laptops show the same."""
    return JsonResponse({"state": facts.state(meeting_of(request, pk))})


@require_POST
def hall_save(request: HttpRequest, pk: int) -> JsonResponse:
    """Take what was typed: `{"changes": [...]}`; answers what was kept, refused, in clash, and what stands now."""
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    try:
        body = json.loads(request.body[: MOST_BYTES + 1])
        changes = body["changes"]
        if not isinstance(changes, list) or not all(isinstance(change, dict) for change in changes):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": _("This change cannot be read.")}, status=400)
    try:
        saved = services.save_hall(meeting, changes, today=today(), by=request.who)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=409)
    answer: dict[str, Any] = {"done": saved.done, "refused": saved.refused, "clashes": saved.clashes}
    return JsonResponse(answer | {"state": facts.state(meeting)})


class HeldForm(VersionForm):
    on = DayField(label=gettext_lazy("Held on"))
    attendance = forms.IntegerField(
        label=gettext_lazy("People present"),
        min_value=0,
        max_value=200_000,
        help_text=gettext_lazy("All of them; the sum of the categories is proposed."),
    )


@require_http_methods(["GET", "POST"])
def hall_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the meeting took place, with its attendance."""
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    came = Audience.objects.filter(meeting=meeting).aggregate(all=Sum("present"))["all"]
    form = HeldForm(posted(request), initial={"on": meeting.date, "attendance": came, "version": meeting.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Meeting:
            try:
                outcome = calendar_services.hold(
                    meeting,
                    on=data["on"],
                    attendance=data["attendance"],
                    seen_version=data["version"] or 0,
                    today=today(),
                    by=request.who,
                )
            except calendar_services.Conflict as clash:
                raise services.Conflict(row=clash.meeting, mine=clash.mine, fields=clash.fields) from clash
            return outcome.meetings[0]

        if attempt(form, act) is not None:
            text = _("The meeting is recorded as held. Next: the minutes and the reception of citizens.")
            return done(request, text, reverse("issues:minutes", args=[meeting.pk]))
    lead = f"{meeting.place.name()}, {long_date(meeting.date)}"
    back = reverse("issues:hall", args=[meeting.pk])
    return form_page(request, form, title=_("The meeting was held"), back=back, lead=lead, button=_("Record"))
