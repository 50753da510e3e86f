"""Numbers of the act that planning looks at before there is any duty: terms of announcement, minutes of the report."""

import datetime as dt
from functools import cache

from deadlines.readings import readings_of
from law.deadlines import first_in_time, named_day
from law.limits import limit
from law.register import NoRuleInForce, rule
from territories.models import Territory

#: The longer of the two terms of announcement: what is in time by it is in time for every akim.
LONGER = "826-3.4.e"
#: By which day the calendar is approved.
APPROVE = "826-2.1.h2"
#: How long the report may take.
REPORT = "826-3.3.h1"


def first_announceable(region: Territory, today: dt.date) -> dt.date:
    """The first day of a meeting that can still be announced in time by any akim of the region.

    Counted by the act and the region's readings on `today`; where no announcement is asked for, it is today.
    """
    try:
        return first_in_time(rule(LONGER, today), today, readings_of(region.pk, today))
    except NoRuleInForce:
        return today


def approval_day(year: int) -> dt.date:
    """The day that the act names for the approval of a year's calendar; 1 January where it names none."""
    first = dt.date(year, 1, 1)
    try:
        return named_day(rule(APPROVE, first), year)
    except NoRuleInForce:
        return first


@cache
def most_report_minutes(planned: int, on: dt.date) -> int:
    """The longest report that a meeting of so many planned minutes allows (826-3.3.h1); all of it where no act asks."""
    try:
        share = limit(rule(REPORT, on).timing["expr"])
    except NoRuleInForce:
        return planned
    return share.most("presentation_minutes", {"planned_minutes": planned}, up_to=planned)
