"""Quiet hours: when a digest may leave. A rule of the house; pure functions over `HouseRules` and the days off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from law import workdays

from .models import HouseRules

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5
#: A run of days off is never longer; a wrong list of days must not silence reminders for ever.
LONGEST_REST = 14


def is_day_off(day: dt.date) -> bool:
    """A year without a list of days off still has its weekends."""
    try:
        return not workdays.is_working(day)
    except workdays.YearMissing:
        return day.weekday() >= SATURDAY


def is_quiet(moment: dt.datetime, rules: HouseRules, day_off: Callable[[dt.date], bool] = is_day_off) -> bool:
    """May no digest leave at this moment (hours of Kazakhstan)?"""
    if rules.quiet_on_days_off and day_off(moment.date()):
        return True
    start, end, hour = rules.quiet_from, rules.quiet_until, moment.time()
    if start == end:
        return False
    if start < end:
        return start <= hour < end
    return hour >= start or hour < end


def allowed_from(
    moment: dt.datetime, rules: HouseRules, day_off: Callable[[dt.date], bool] = is_day_off
) -> dt.datetime:
    """The first moment from this one on at which a digest may leave: the moment itself, or the end of a quiet time."""
    if not is_quiet(moment, rules, day_off):
        return moment
    zone = moment.tzinfo
    for days in range(LONGEST_REST + 2):
        day = moment.date() + days * ONE_DAY
        for hour in sorted({dt.time(), rules.quiet_until}):
            candidate = dt.datetime.combine(day, hour, zone)
            if candidate > moment and not is_quiet(candidate, rules, day_off):
                return candidate
    return dt.datetime.combine(moment.date() + ONE_DAY, rules.quiet_until, zone)
