"""Days off for the eye: a year whose decree on days off is not known yet shows its weekends only."""

from __future__ import annotations

import datetime as dt

from journal.dates import language, weekday
from law.workdays import YearMissing, is_working, why_not_working


def day_off(day: dt.date) -> bool:
    """Is it a day off? Without the year's file Saturdays and Sundays are."""
    try:
        return not is_working(day)
    except YearMissing:
        return day.weekday() >= 5


def reason_off(day: dt.date) -> str:
    """Why nobody works on that day, in the reader's language; empty for a working day."""
    try:
        return why_not_working(day, language()) or ""
    except YearMissing:
        return weekday(day) if day.weekday() >= 5 else ""
