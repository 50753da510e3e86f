"""What a dispatch would hold now: plain values in the order of its tables, which are frozen when it is registered."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Prefetch, Q

from deadlines.models import ReadingChoice
from issues.models import CentralRouting, CourseUpdate, Issue, RouteState
from issues.models.issues import NATIONAL_LEVELS
from law.periods import period_of
from law.readings import Readings
from law.register import rule
from law.scope import Scope, covered
from territories.models import Organisation, Territory
from territories.scope import Who

from .. import queries

#: Lists of issues by their month: the line for the list and the line for the proposals (826-5.2).
LINES = {2: ("826-5.2.h1", "826-5.2.h2"), 8: ("826-5.2.h3", "826-5.2.h4")}
DAY_OF_LISTS = 15
SCOPES = ("superset", "reporting_year", "previous_half")
ORIGINS = ("offsite_only", "all")


@dataclass(frozen=True)
class Contents:
    """Rows of the document, and what is missing from it by name."""

    rows: list[dict[str, Any]]
    missing: list[dict[str, Any]] = field(default_factory=list)
    reading: str = ""

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def data(self) -> dict[str, Any]:
        """As it is kept: dates as texts."""
        return json.loads(json.dumps({"rows": self.rows, "missing": self.missing}, cls=DjangoJSONEncoder))

    @property
    def sha256(self) -> str:
        text = json.dumps(self.data, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def named(unit: Territory | Organisation) -> dict[str, str]:
    return {"name_kk": unit.name("kk"), "name_ru": unit.name("ru")}


def nations_readings(on: dt.date) -> Readings:
    """Readings chosen for the whole country: the Government's own lists belong to no region."""
    choices = ReadingChoice.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), region=None, valid_from__lte=on)
    return Readings.stored({choice.key: choice.value for choice in choices.order_by("valid_from", "pk")})


# -- Calendars (826-2.2, 5.1) ---------------------------------------------------------------------
def calendars(year: int, *, who: Who, today: dt.date) -> Contents:
    """Each region with the version that lies with the Government; those that sent none, or got theirs back."""
    rows, missing = [], []
    for row in queries.desk(year, who=who, today=today, with_held=False):
        about: dict[str, Any] = {"code": row.region.code, **named(row.region)}
        if row.submission_id is None or row.state == "returned":
            why = "returned" if row.submission_id is not None else "not_received"
            missing.append(about | {"why": why})
            continue
        rows.append(
            about
            | {
                "version_id": row.version_id,
                "version": row.number,
                "order_number": row.order_number,
                "order_date": row.order_date,
                "letter_number": row.letter_number,
                "letter_date": row.letter_date,
                "received_on": row.received_on,
                "incoming_number": row.incoming_number,
                "state": row.state,
                "meetings": row.row_count,
                "required": row.required,
                "planned": row.planned,
            }
        )
    return Contents(rows, missing)


# -- Issues of central level (826-5.2) ------------------------------------------------------------
def scope_of(year: int, month: int, reading: str) -> Scope:
    """The days that a list is about under a reading of A-04."""
    wording = rule(LINES[month][0], dt.date(year, 1, 1))
    return covered(wording, dt.date(year, month, DAY_OF_LISTS), Readings.stored({"r52_scope": reading}))


def issues(year: int, month: int, *, reading: str, region: Territory | None = None) -> Contents:
    """Issues that need a solution at central level with the proposals for each; those without one are missing."""
    scope = scope_of(year, month, reading)
    found = Issue.objects.standing().filter(level__in=NATIONAL_LEVELS, raised_on__lte=scope.end)
    if scope.start is not None:
        found = found.filter(raised_on__gte=scope.start)
    if scope.open_on is not None:
        found = found.filter(Q(closed_on=None) | Q(closed_on__gt=scope.open_on))
    if region is not None:
        found = found.filter(region=region)
    routings = CentralRouting.objects.select_related("organisation").order_by("sent_on", "pk")
    rows = []
    for issue in (
        found.select_related("region", "unit", "place")
        .prefetch_related(Prefetch("routings", routings))
        .order_by("region__code", "raised_on", "pk")
    ):
        rows.append(
            {
                "id": issue.pk,
                "issue": str(issue),
                "region": named(issue.region) | {"code": issue.region.code},
                "unit": named(issue.unit),
                "place": named(issue.place),
                "raised_on": issue.raised_on,
                "half": period_of("half_year", issue.raised_on).code,
                "text_kk": issue.text("kk"),
                "text_ru": issue.text("ru"),
                "offsite": issue.offsite,
                "state": issue.state,
                "proposals": [
                    {
                        "body": named(routing.organisation),
                        "kk": routing.proposal_kk or routing.proposal_ru,
                        "ru": routing.proposal_ru or routing.proposal_kk,
                        "sent_on": routing.sent_on,
                        "letter_number": routing.letter_number,
                        "state": routing.state,
                        "answered_on": routing.answered_on,
                    }
                    for routing in issue.routings.all()
                ],
            }
        )
    missing = [
        {"id": row["id"], "issue": row["issue"], "region": row["region"]} for row in rows if not row["proposals"]
    ]
    return Contents(rows, missing, reading)


def by_region(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many issues and how many without a proposal each region has, in the order of the rows."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        about = found.setdefault(row["region"]["code"], row["region"] | {"issues": 0, "bare": 0})
        about["issues"] += 1
        about["bare"] += not row["proposals"]
    return list(found.values())


# -- Lists of central bodies (826-5.3) ------------------------------------------------------------
def routed(year: int, quarter: int, *, reading: str) -> Any:
    """Routings that the lists of a quarter hold: sent by its end, of issues not closed before it (A-24)."""
    period = period_of("quarter", dt.date(year, quarter * 3, 1))
    rows = CentralRouting.objects.exclude(state=RouteState.RETURNED).filter(
        Q(issue__closed_on=None) | Q(issue__closed_on__gte=period.start),
        sent_on__lte=period.end,
        issue__joined_into=None,
    )
    return rows.filter(issue__offsite=True) if reading == "offsite_only" else rows


def body(organisation: Organisation, year: int, quarter: int, *, reading: str) -> Contents:
    """The list of one body: each issue with way of solution and course; missing are those not told this quarter."""
    courses = CourseUpdate.objects.filter(
        Q(year__lt=year) | Q(year=year, quarter__lte=quarter),
    ).order_by("-year", "-quarter", "-pk")
    found = routed(year, quarter, reading=reading).filter(organisation=organisation)
    rows, missing = [], []
    for routing in (
        found.select_related("issue__region", "issue__unit", "issue__place")
        .prefetch_related(Prefetch("courses", courses, to_attr="told"))
        .order_by("issue__region__code", "sent_on", "pk")
    ):
        last = routing.told[0] if routing.told else None
        row = {
            "id": routing.issue_id,
            "routing": routing.pk,
            "issue": str(routing.issue),
            "region": named(routing.issue.region) | {"code": routing.issue.region.code},
            "unit": named(routing.issue.unit),
            "raised_on": routing.issue.raised_on,
            "offsite": routing.issue.offsite,
            "text_kk": routing.issue.text("kk"),
            "text_ru": routing.issue.text("ru"),
            "way_kk": (last.way_kk or last.way_ru) if last else "",
            "way_ru": (last.way_ru or last.way_kk) if last else "",
            "course_kk": (last.course_kk or last.course_ru) if last else "",
            "course_ru": (last.course_ru or last.course_kk) if last else "",
            "told": f"{last.year}-Q{last.quarter}" if last else "",
        }
        rows.append(row)
        if row["told"] != f"{year}-Q{quarter}":
            missing.append({"id": row["id"], "issue": row["issue"], "region": row["region"]})
    return Contents(rows, missing, reading)
