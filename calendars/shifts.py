"""Where a day goes when a row is moved by days or weeks, or repeated in the other half-year. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from law.periods import period_of

ONE_DAY = dt.timedelta(days=1)
#: A meeting repeated in the other half-year keeps its weekday: half a year is 26 weeks.
HALF_YEAR = dt.timedelta(weeks=26)


def shifted(day: dt.date, amount: int, measure: str, is_working: Callable[[dt.date], bool]) -> dt.date:
    """The day `amount` days, weeks or working days later (earlier if negative).

    A day off that days or weeks lead to becomes the next working day; working days count from the day itself.
    """
    if measure == "working":
        step = ONE_DAY if amount > 0 else -ONE_DAY
        left = abs(amount)
        while left:
            day += step
            left -= is_working(day)
        return day
    day += dt.timedelta(days=amount * (7 if measure == "weeks" else 1))
    while not is_working(day):
        day += ONE_DAY
    return day


def other_half(day: dt.date, is_working: Callable[[dt.date], bool]) -> dt.date:
    """The same weekday 26 weeks away in the other half of the year, or the nearest working day within that half."""
    wanted = day + HALF_YEAR if day.month <= 6 else day - HALF_YEAR
    half = period_of("half_year", dt.date(day.year, 12 if day.month <= 6 else 1, 1))
    wanted = min(max(wanted, half.start), half.end)
    for distance in range(half.days):
        for candidate in (wanted + distance * ONE_DAY, wanted - distance * ONE_DAY):
            if half.start <= candidate <= half.end and is_working(candidate):
                return candidate
    return wanted
