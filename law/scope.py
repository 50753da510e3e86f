"""What a schedule, a summary, a list or a report is about: the readings A-04, A-15, A-22 and A-24 as dates.

Pure: days and readings are arguments; a term's own date is counted in `law.deadlines`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from law import register
from law.periods import Period, period_of, periods
from law.readings import Readings
from law.register import Wording

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scope:
    """Days from `start` to `end`; with `open_on` whatever is unsolved at the end of that day, whenever it began."""

    start: date | None
    end: date
    open_on: date | None = None

    def holds(self, raised_on: date, solved_on: date | None = None) -> bool:
        """True if an issue raised (and solved) on these days belongs to it."""
        if raised_on > self.end or (self.start is not None and raised_on < self.start):
            return False
        return self.open_on is None or solved_on is None or solved_on > self.open_on


def covered(wording: Wording, named: date, readings: Readings) -> Scope:
    """What the document of a FIXED date is about; `named` is the day that the act names.

    * `covers = {half, year}`: the half-year that a draft schedule serves (12-3.1);
    * `since_previous_cutoff` with A-22: from the date before this one among the lines of the same paragraph to
      the eve of this one, or the last closed half-year (12-3.3);
    * A-04 `r52_scope`: all that is open when the last half-year ended, or what was raised in the year before or
      in the half-year before (826-5.2).
    """
    timing = wording.timing
    half = period_of("half_year", period_of("half_year", named).start - ONE_DAY)
    choice = readings[timing["covers_reading"]] if timing.get("covers_reading") else ""
    if choice in ("last_closed_half", "previous_half"):
        return Scope(half.start, half.end)
    if choice == "superset":
        return Scope(None, half.end, open_on=half.end)
    if choice == "reporting_year":
        (before,) = periods("year", named.year - 1)
        return Scope(before.start, before.end)
    if choice == "since_cutoff":
        return Scope(_cutoff_before(wording, named), named - ONE_DAY)
    target = timing["covers"]
    year = named.year + (1 if target["year"] == "calendar_year + 1" else 0)
    served = periods("half_year", year)[{"H1": 0, "H2": 1}[target["half"]]]
    return Scope(served.start, served.end)


def _cutoff_before(wording: Wording, named: date) -> date:
    """The date before `named` that the same paragraph gives to its lines."""
    paragraph = wording.rule_id.rpartition(".")[0]
    same = [rule.wordings[-1].timing for rule in register.rules(wording.act) if rule.id.startswith(f"{paragraph}.")]
    days = [
        date(year, *map(int, timing["md"].split("-")))
        for timing in same
        if timing.get("md")
        for year in (named.year - 1, named.year)
    ]
    return max(day for day in days if day < named)


def first_report(meeting_on: date, list_on: date | None, readings: Readings) -> Period | None:
    """The quarter in whose report an issue stands first (A-15): of its meeting, or of its published list.

    None under `of_list` while no list is published.
    """
    day = meeting_on if readings["first_quarter"] == "of_meeting" else list_on
    return None if day is None else period_of("quarter", day)


def owes_report(
    quarter: Period, first_reports: Iterable[tuple[Period | None, Period | None]], readings: Readings
) -> bool:
    """Whether an akim owes the report of a quarter (826-3.5.d1, A-15).

    `first_reports`: for each of his issues the quarter of its first report and the quarter whose report showed it
    solved, None while none did. With issues but no movement the report is owed; with none it is owed only where
    a nil report is required.
    """
    for first, last in first_reports:
        if first is not None and first.start <= quarter.start and (last is None or quarter.start <= last.start):
            return True
    return readings["nil_report"] == "required"


def in_central_list(offsite_meeting: bool, readings: Readings) -> bool:
    """Whether an issue of such a meeting enters the lists of central bodies (826-5.3.h4, A-24)."""
    return offsite_meeting or readings["r53_origin"] == "all"
