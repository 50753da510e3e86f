"""A wording and the days of its anchors -> the dates by which it is owed, and how they were counted.

Every date comes with its strictest and its most lenient listed reading (register, 4.0):

* `safe_on`: the last day in time under the strictest reading of the words; the product plans by it;
* `due_on`: the last day in time under the readings chosen;
* `late_after`: the last day that some listed reading allows; only later is it a breach;
* `target_on`: the internal target, a working day on or before `due_on`; a house rule, never law.

All four are civil dates of the region; `law.zones` knows when such a day ends. Pure: anchors, readings and days
off are arguments.

Anchors by rule: FIXED and WITH a date need `year`, the year of the calendar or of the date; PERIODIC `period.end`;
BACK `meeting.date` (and `off_calendar`: 1 for a meeting outside the calendar, with `short_notice_reason`: 1 where
its reason is recorded); FWD what its anchor names; LIMIT the numbers of its expression; WINDOW and COVER
`period.end` (without it they count events and have no day); AFTER with a house term what its anchor names.
"""

from datetime import date, timedelta
from typing import Protocol

from law.count import Anchors, Count, Days, MissingAnchor
from law.derivation import LIMIT, NO_NUMBER, NUMBER, DueDates, Step
from law.readings import Readings
from law.register import Wording

__all__ = [
    "BREACH",
    "CONTESTED",
    "LIMIT",
    "MET",
    "MET_CONTESTED",
    "NO_NUMBER",
    "NUMBER",
    "OPEN",
    "Anchors",
    "Dated",
    "Days",
    "DueDates",
    "MissingAnchor",
    "Step",
    "dates",
    "first_in_time",
    "named_day",
    "standing",
    "term_before",
]

MET, MET_CONTESTED, OPEN, CONTESTED, BREACH = "met", "met_contested", "open", "contested", "breach"


class Dated(Protocol):
    """Whatever is owed by a day: dates that were counted, or a duty that keeps them."""

    @property
    def due_on(self) -> date | None: ...

    @property
    def late_after(self) -> date | None: ...


def dates(wording: Wording, anchors: Anchors, readings: Readings, days: Days) -> DueDates:
    """The dates of a wording for these anchors; raises MissingAnchor, and YearMissing from `days`."""
    return Count(wording, anchors, readings, days).result()


def standing(due: Dated, *, today: date, done_on: date | None = None) -> str:
    """How a duty stands on a day: met, met_contested, open, contested, breach, or no_number (register, 4.0)."""
    if due.due_on is None or due.late_after is None:
        return NO_NUMBER
    if done_on is not None:
        if done_on <= due.due_on:
            return MET
        return MET_CONTESTED if done_on <= due.late_after else BREACH
    if today <= due.due_on:
        return OPEN
    return CONTESTED if today <= due.late_after else BREACH


def term_before(wording: Wording, readings: Readings) -> int:
    """How many calendar days a BACK term in days or weeks asks for under the readings (A-07)."""
    timing = wording.timing
    days: int = timing["n"] * {"week": 7, "calendar_day": 1}[timing["unit"]]
    return days + (readings["back_mode"] == "full_days")


def named_day(wording: Wording, year: int) -> date:
    """The day of a year that a FIXED line names, before any reading of its words."""
    month, day = (int(part) for part in wording.timing["md"].split("-"))
    return date(year, month, day)


def first_in_time(wording: Wording, today: date, readings: Readings) -> date:
    """The first day of a meeting that can still be announced in time if it is announced on the day after today."""
    return today + timedelta(days=term_before(wording, readings) + 1)
