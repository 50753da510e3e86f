"""Who owes the quarterly information on progress, and when it stood at the last mandatory place (826-3.5.d, A-15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from calendars.coverage import groups
from calendars.models import Meeting, MeetingState
from deadlines.ids import Subject
from deadlines.services.facts import FactSet, Proofs, Rows, Told, described_once
from law.periods import Period, periods
from law.places import mandatory
from law.readings import Readings
from territories.models import Territory

from ..models import Issue, Publication, QuarterlyRow, QuarterState
from .published import columns_of, complete

PROGRESS = "826-3.5.d1"
#: The line that names the two places.
PLACES = "826-3.5.d2"


def facts(year: int, today: dt.date) -> Iterator[Told]:
    regions = list(Territory.objects.regions())
    for readings, members in groups(regions, year) if regions else ():
        for number, quarter in enumerate(periods("quarter", year), 1):
            if quarter.start <= today:
                yield from of_quarter(year, number, readings, tuple(region.pk for region in members))


@described_once
def of_quarter(year: int, number: int, readings: Readings, regions: tuple[int, ...]) -> Iterator[Told]:
    quarter = list(periods("quarter", year))[number - 1]
    units = Territory.objects.filter(own_akim=True).filter(Q(pk__in=regions) | Q(region__in=regions))
    rows = Rows.of(
        units.filter(owing(readings, quarter)), subject_id="pk", debtor_id="pk", region_id=Coalesce("region_id", "pk")
    )
    yield FactSet((PROGRESS,), Subject.AKIM, year, rows, period=quarter.code, fixed={"period.end": quarter.end})
    frozen = Publication.objects.filter(
        quarterly__year=year, quarterly__quarter=number, quarterly__state=QuarterState.FROZEN, region__in=regions
    )
    found = complete(frozen, "unit_id", mandatory(PLACES, readings))
    yield Proofs((PROGRESS,), Subject.AKIM, columns_of(found, "unit_id"), period=quarter.code)


def owing(readings: Readings, quarter: Period) -> Q:
    """Condition on an akim's unit: it has issues of meetings that no earlier report showed as solved.

    `first_quarter`: an issue appears first in the quarter of its meeting, or in that of its published list.
    `nil_report` = required: whoever has ever held a meeting reports, issues or none.
    """
    before = QuarterlyRow.objects.filter(
        Q(report__year__lt=quarter.start.year)
        | Q(report__year=quarter.start.year, report__quarter__lt=(quarter.start.month + 2) // 3),
        issue=OuterRef("pk"),
        solved=True,
        report__state=QuarterState.FROZEN,
    )
    issues = Issue.objects.standing().filter(~Exists(before), unit=OuterRef("pk"), meeting__isnull=False)
    if str(readings["first_quarter"]) == "of_list":
        issues = issues.filter(published_at__date__lte=quarter.end)
    else:
        issues = issues.filter(raised_on__lte=quarter.end)
    found = Q(Exists(issues))
    if str(readings["nil_report"]) == "required":
        held = Meeting.objects.filter(holder=OuterRef("pk"), state=MeetingState.HELD, held_on__lte=quarter.end)
        found |= Q(Exists(held))
    return found
