"""The ten days of the publication after a meeting and its reception, and how they were counted (826-3.5.c, A-06)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import get_language

from calendars.models import Meeting
from deadlines.legal import LegalDay, Question
from law import workdays
from law.deadlines import standing
from law.register import NormTextMissing, NoRuleInForce, rule

from .models import Reception
from .services.changing import ended_on

#: The line that stands for the three of equal timing: results, list, plan.
RESULTS = "826-3.5.c1"


@dataclass(frozen=True)
class TenDays:
    """The dates of the publication. `from_reception` tells which of the two days is the later one."""

    due: LegalDay
    cite: str
    meeting_ended: dt.date
    reception_ended: dt.date | None
    state: str

    @property
    def due_on(self) -> dt.date | None:
        return self.due.due_on

    @property
    def late_after(self) -> dt.date | None:
        return self.due.late_after

    @property
    def from_reception(self) -> bool:
        return self.reception_ended is not None and self.reception_ended > self.meeting_ended


def last_reception(meeting: Meeting) -> dt.date | None:
    """The last day of the meeting's receptions; None without one."""
    return Reception.objects.filter(meeting=meeting).order_by("-ends_on").values_list("ends_on", flat=True).first()


def ten_days(meeting: Meeting, today: dt.date, *, done_on: dt.date | None = None) -> TenDays | None:
    """The dates for a meeting under its region's readings; None for a year whose rule or days off are not held."""
    ended, received = ended_on(meeting), last_reception(meeting)
    anchors: dict[str, dt.date | int] = {"meeting.end_date": ended}
    if received is not None:
        anchors["reception.end_date"] = received
    language = get_language() or "kk"
    try:
        line = rule(RESULTS, ended)
        question = Question(line, anchors, meeting.calendar.region_id, dt.date(meeting.calendar.year, 1, 1))
        found = question.counted()
    except (NoRuleInForce, NormTextMissing, workdays.YearMissing):
        return None
    return TenDays(
        due=question.day(found, met_on=done_on),
        cite=f"{line.act} {line.cite[language if language in line.cite else 'kk']}",
        meeting_ended=ended,
        reception_ended=received,
        state=standing(found, today=today, done_on=done_on),
    )
