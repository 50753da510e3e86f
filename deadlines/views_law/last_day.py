"""The last lawful day of each step, for a meeting that exists or as a question: "if the meeting is on that day"."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from law import asked, lastday, workdays
from law.units import AKIM_KINDS
from territories.models import Territory
from territories.scope import today

from ..forms import LastDayForm
from ..legal import NATION, LegalDay, Question
from ..readings import readings_of
from .tabs import LAST_DAY, tabs

#: How far ahead the question looks when no day is given.
USUAL_DISTANCE = dt.timedelta(days=28)


@require_GET
def last_day(request: HttpRequest) -> HttpResponse:
    """One table of steps before the meeting and one after it; the readings are those of the akim's region."""
    day = today()
    holder = holder_of(request)
    asked_for = {
        "kind": holder.kind if holder else AKIM_KINDS[0],
        "day": day + USUAL_DISTANCE,
        "off_calendar": False,
        "reception": None,
    }
    form = LastDayForm(request.GET if "day" in request.GET else None, initial=asked_for)
    if form.is_bound and form.is_valid():
        asked_for |= form.cleaned_data | {"kind": form.cleaned_data["kind"] or asked_for["kind"]}
    context: dict[str, Any] = {
        "form": form,
        "holder": holder,
        "today": day,
        "tabs": tabs(LAST_DAY),
        "asked": asked_for,
        "kind_word": asked.words()["kinds"][asked_for["kind"]][get_language() or "kk"],
    }
    if form.is_bound and not form.is_valid():
        return render(request, "deadlines/law/last_day.html", context, status=422)
    context |= counted(asked_for, holder, day)
    if holder is not None and holder.kind != asked_for["kind"]:
        context["holder"] = None  # the question is about an akim of another level; the readings stay the region's
    return render(request, "deadlines/law/last_day.html", context)


def holder_of(request: HttpRequest) -> Territory | None:
    """The unit whose akim is asked for: the one named, else the chosen one; None if it has no akim of its own."""
    wanted = request.GET.get("holder", "")
    unit = request.unit
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19:
        unit = Territory.objects.visible_to(request.who).filter(pk=int(wanted)).first() or unit
    return unit if unit is not None and unit.own_akim and unit.kind in AKIM_KINDS else None


def counted(asked_for: dict[str, Any], holder: Territory | None, day: dt.date) -> dict[str, Any]:
    first = dt.date(asked_for["day"].year, 1, 1)
    region = int(holder.path.partition("/")[0]) if holder else None
    readings = readings_of(region or NATION, first)
    try:
        found = lastday.steps(
            asked_for["kind"],
            asked_for["day"],
            readings,
            workdays,
            reception_on=asked_for["reception"],
            off_calendar=asked_for["off_calendar"],
        )
    except workdays.YearMissing:
        return {"hole": _("The days off of that year are not known yet, so its dates cannot be counted.")}
    language = get_language() or "kk"
    rows = [told(step, asked_for, region, language, day) for step in found]
    earliest = lastday.earliest_meeting(asked_for["kind"], day, readings)
    return {
        "groups": [
            (side, label, [row for row in rows if row["step"].side == side])
            for side, label in ((lastday.BEFORE, _("Before the meeting")), (lastday.AFTER, _("After the meeting")))
        ],
        "earliest": earliest,
        "why_earliest": why_earliest(asked_for["kind"], earliest, region, first) if earliest else "",
    }


def why_earliest(kind: str, earliest: dt.date, region: int | None, first: dt.date) -> str:
    """The counting back from the first lawful day: it ends today."""
    line = lastday.announcement(kind, earliest)
    return Question(line, {"meeting.date": earliest}, region, first).why if line else ""


def told(
    step: lastday.Step, asked_for: dict[str, Any], region: int | None, language: str, day: dt.date
) -> dict[str, Any]:
    """One step in words, with its day and the address of its counting."""
    line = step.wording
    question = Question(line, step.anchors, region, dt.date(asked_for["day"].year, 1, 1))
    return {
        "step": step,
        "sentence": line.sentence[language],
        "cite": f"{line.act} {line.cite[language]}",
        "when": asked.when(line.timing, language),
        "who": asked.bound(line, language) if not line.bound.akims else "",
        "day": LegalDay(line.rule_id, question.why, step.last, step.due.late_after or step.last),
        "missed": step.last is not None and step.last < day,
    }
