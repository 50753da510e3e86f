"""What each akim owes in a period: a meeting a year, those of lines a to e, and the quarterly progress of issues."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models.functions import Coalesce

from deadlines.ids import Subject
from deadlines.marks import EVERYTHING
from deadlines.services.facts import FactSet, Rows, Told, described_once
from law.coverage import norms
from law.periods import periods
from law.readings import Readings
from law.register import NoRuleInForce, rule
from territories.models import Territory

from ..coverage import groups
from ..models import Meeting, MeetingState
from ..required import Statement

MEET, PROGRESS = "826-1.h1", "826-3.5.d1"
MET = ("subject_id", "debtor_id", "region_id", "met_on", "evidence")
COVERED = (*MET, "rule_id")


def facts(year: int, today: dt.date) -> Iterator[Told]:
    yield from coverage(year)
    yield from yearly(year)
    yield from progress(year, today)


def coverage(year: int) -> Iterator[Told]:
    """Each akim owes his line of 826-2.1 once a period; it is met on the day on which the last target was held."""
    regions = list(Territory.objects.regions().on(dt.date(year, 1, 1)).order_by("pk"))
    for readings, members in groups(regions, year) if regions else ():
        yield from coverage_of(year, readings, tuple(members))


@described_once
def coverage_of(year: int, readings: Readings, regions: tuple[Territory, ...]) -> Iterator[Told]:
    lines: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for norm in norms(dt.date(year, 1, 1), readings):
        lines[norm.per][norm.line] = norm.rule_id
    for per, rules in lines.items():
        for period in periods(per, year):
            found = Statement(year, readings, regions, lines=list(rules))
            sql = found.by_holder(period)
            rows = Rows.raw(sql, found.params, COVERED)
            fixed = {"period.end": period.end}
            chosen = tuple(rules.values())
            yield FactSet(chosen, Subject.AKIM, year, rows, period=period.code, fixed=fixed)


def yearly(year: int) -> Iterator[Told]:
    """Akims of all levels meet the population in the year (826-1.h1), those without targets too (A-11)."""
    try:
        wording = rule(MEET, dt.date(year, 1, 1))
    except NoRuleInForce:
        return
    regions = list(Territory.objects.regions().on(dt.date(year, 1, 1)).order_by("pk"))
    [period] = periods(wording.timing["per"], year)
    for readings, members in groups(regions, year):
        found = Statement(year, readings, members)
        sql = found.each_akim(wording, period)
        rows = Rows.raw(sql, found.params, MET)
        yield FactSet((MEET,), Subject.AKIM, year, rows, period=period.code, fixed={"period.end": period.end})


def quarters_begin(since: dt.date, today: dt.date, years: Sequence[int]) -> Iterator[int]:
    """A quarter that begins after `since`, up to `today`, gives each akim lines of a new period: everything moves."""
    if any(since < quarter.start <= today for year in years for quarter in periods("quarter", year)):
        yield EVERYTHING


def progress(year: int, today: dt.date) -> Iterator[Told]:
    """From the quarter of his first held meeting on an akim reports the progress of what was raised (A-15).

    Which of the issues are still open only the room of issues knows; its own facts stand in for these.
    """
    for quarter in periods("quarter", year):
        if quarter.start > today:
            continue
        since = dt.date(year - 1, 1, 1)
        held = Meeting.objects.filter(state=MeetingState.HELD).annotate(on=Coalesce("held_on", "date"))
        holders = held.filter(on__gte=since, on__lte=quarter.end).distinct()
        rows = Rows.of(holders, subject_id="holder_id", debtor_id="holder_id", region_id="calendar__region_id")
        yield FactSet((PROGRESS,), Subject.AKIM, year, rows, period=quarter.code, fixed={"period.end": quarter.end})
