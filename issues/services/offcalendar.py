"""Meetings outside the calendar: on demand of the population or by necessity (826-3.1.h1, h2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from calendars.models import Calendar, Meeting, MeetingState
from calendars.services import Create, WallHit, apply, open_calendar
from territories.models import Territory
from territories.scope import Who

from ..models import Demand, DemandAnswer
from .changing import need, require_office
from .preparation import answer_demand


@transaction.atomic
def plan_off_calendar(
    unit: Territory, *, values: Mapping[str, Any], reason: str, demand: Demand | None = None, today: dt.date, by: Who
) -> Meeting:
    """Plan a meeting of the akim outside the calendar, with its reason; a demand is granted by it.

    It needs nobody's acceptance: the duty to hold it lies on the akim himself. `values`: `place_id`, `date`,
    `time`, `address`, `planned_minutes`. Raises ValidationError by field.
    """
    require_office(by, unit)
    reason = need(reason, "reason", _("Give the reason why the meeting is held outside the calendar."))
    date = values["date"]
    if date < today:
        raise ValidationError({"date": _("This day has passed already.")})
    region = unit.region or unit
    calendar = Calendar.objects.filter(region=region, year=date.year).first() or open_calendar(region, date.year, by=by)
    minutes = values["planned_minutes"]
    row = {
        "holder_id": unit.pk,
        "report_minutes": minutes // 4,
        "format": "in_person",
        "broadcast": "later",
        "broadcast_note": "",
        "languages": "both",
        "remarks": reason,
        "off_calendar": True,
    }
    try:
        outcome = apply(
            calendar,
            [Create(row | dict(values))],
            by=by,
            label=_("Meeting outside the calendar"),
            reason=reason,
            fresh_state=MeetingState.PLANNED,
        )
    except WallHit as hit:
        raise ValidationError({p.field: p.text for p in hit.problems[0]}) from hit
    meeting = Meeting.objects.select_related("holder", "place", "calendar__region").get(pk=outcome.meetings[0].pk)
    if demand is not None:
        answer_demand(
            demand,
            answer=DemandAnswer.GRANTED,
            on=today,
            meeting=meeting,
            seen_version=demand.version,
            today=today,
            by=by,
        )
    return meeting
