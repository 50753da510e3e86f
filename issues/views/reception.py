"""The reception after a meeting, the systematised list of its issues, and the clock of ten days."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from calendars.models import Meeting, MeetingState
from territories.scope import today

from .. import services
from ..forms.reception import ParticipantFormSet, ReceptionForm, counts_of
from ..models import Issue, Reception, ReceptionCategory
from ..queries import origin_counts
from ..services.changing import ended_on
from ..tendays import ten_days
from .page import attempt, done, found, meeting_context, meeting_of, require_office


def systematised(meeting: Meeting) -> list[Issue]:
    """Issues of a meeting and its receptions by topic and number, with how many asked."""
    rows = list(
        Issue.objects.standing()
        .filter(meeting=meeting)
        .select_related("place", "topic", "unit")
        .order_by("topic__order", "year", "number")
    )
    counts = origin_counts(row.pk for row in rows)
    for row in rows:
        row.asked = counts.get(row.pk, 0)
    return rows


@require_GET
def reception(request: HttpRequest, pk: int) -> HttpResponse:
    """Receptions of the meeting with their participants, the issues, and from which day the ten days run."""
    meeting = meeting_of(request, pk)
    rows = Reception.objects.filter(meeting=meeting).prefetch_related("participants").order_by("starts_on", "pk")
    context = meeting_context(request, meeting, "reception") | {
        "title": _("Reception"),
        "receptions": list(rows),
        "issues": systematised(meeting),
        "clock": ten_days(meeting, today()),
        "held": meeting.state == MeetingState.HELD,
    }
    return render(request, "issues/reception.html", context)


@require_http_methods(["GET", "POST"])
def reception_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    day = min(today(), ended_on(meeting))
    return form_of(request, meeting, None, {"starts_on": day, "ends_on": day}, {})


@require_http_methods(["GET", "POST"])
def reception_edit(request: HttpRequest, pk: int, reception: int) -> HttpResponse:
    """Mend a reception; a changed last day moves the clock, and the journal keeps the old one."""
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    row = found(Reception.objects.visible_to(request.who).filter(meeting=meeting), reception)
    names = ("starts_on", "ends_on", "citizens", "address", "note", "version")
    people = {p.category: {"invited": p.invited, "present": p.present, "note": p.note} for p in row.participants.all()}
    return form_of(request, meeting, row, {name: getattr(row, name) for name in names}, people)


def form_of(
    request: HttpRequest, meeting: Meeting, row: Reception | None, initial: dict[str, Any], people: dict[str, Any]
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ReceptionForm(data, initial=initial)
    each = [{"category": category} | people.get(category, {}) for category in ReceptionCategory.values]
    formset = ParticipantFormSet(data, prefix="who", initial=each)
    back = reverse("issues:reception", args=[meeting.pk])
    if data is not None and form.is_valid() and formset.is_valid():

        def act() -> Reception:
            shared = {"participants": counts_of(formset), "today": today(), "by": request.who}
            if row is None:
                return services.record_reception(meeting, **form.values, **shared)
            seen = form.cleaned_data["version"] or 0
            return services.edit_reception(row, values=form.values, seen_version=seen, **shared)

        if attempt(form, act) is not None:
            return done(request, _("The reception is recorded."), back)
    wrong = data is not None and not (form.is_valid() and formset.is_valid())
    context = meeting_context(request, meeting, "reception") | {
        "title": _("Record a reception") if row is None else _("Change the reception"),
        "form": form,
        "formset": formset,
        "back": back,
        "held": meeting.state == MeetingState.HELD,
    }
    return render(request, "issues/reception_form.html", context, status=getattr(form, "status", 422 if wrong else 200))
