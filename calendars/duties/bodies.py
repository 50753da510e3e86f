"""What the Government and the bodies of the centre owe: 826 para 5, and Resolution 12."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from deadlines.ids import Subject
from deadlines.services.facts import FactSet, Rows, Told
from law.periods import periods
from law.register import NoRuleInForce, rule
from territories.models import Organisation, Post, Role
from territories.models.organisations import OrganisationKind

#: Calendars to the Administration; lists of central issues and proposals, in February and in August.
GOVERNMENT = ("826-5.1.h1", "826-5.2.h1", "826-5.2.h2", "826-5.2.h3", "826-5.2.h4")
LISTS = "826-5.3.h2"
MEET, INFORM = "12-1.1.h2", "12-1.4.h1"
#: Draft schedules and summaries of the authorised body on access to information.
INFORMATION = ("12-3.1.h1", "12-3.1.h2", "12-3.3.h1", "12-3.3.h2")
SCOPE = "12-1.h1"
#: Bodies that Resolution 12 leaves out, by the words of the register and the keys of the directory of bodies.
LEFT_OUT = {
    "defence": "min-defence",
    "foreign_affairs": "min-mfa",
    "emergency_situations": "min-emergency",
    "internal_affairs": "min-mia",
    "justice": "min-justice",
}
#: The authorised body on access to information as long as no post says which body it is.
INFORMATION_BODY = "min-culture-info"


def facts(year: int, today: dt.date) -> Iterator[Told]:
    fixed = {"year": year}
    government = existing(OrganisationKind.GOVERNMENT, year=year)
    yield FactSet(GOVERNMENT, Subject.BODY, year, owed(government), period=f"{year}", fixed=fixed)
    yield FactSet(INFORMATION, Subject.BODY, year, owed(information_body(year)), period=f"{year}", fixed=fixed)
    holders = existing(OrganisationKind.MINISTRY, OrganisationKind.HOLDING, OrganisationKind.COMPANY, year=year)
    for quarter in periods("quarter", year):
        if quarter.start > today:
            continue
        end = {"period.end": quarter.end}
        yield FactSet((LISTS,), Subject.BODY, year, owed(holders), period=quarter.code, fixed=end)
        yield FactSet(
            (MEET, INFORM), Subject.BODY, year, owed(under_resolution_12(year)), period=quarter.code, fixed=end
        )


def existing(*kinds: OrganisationKind, year: int) -> QuerySet[Organisation]:
    """Bodies of these kinds that exist on some day of the year."""
    return Organisation.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=dt.date(year, 12, 31)),
        Q(valid_to=None) | Q(valid_to__gte=dt.date(year, 1, 1)),
        kind__in=kinds,
    )


def under_resolution_12(year: int) -> QuerySet[Organisation]:
    """Central executive bodies except those that the resolution leaves out (12-1.h1)."""
    try:
        excluded = rule(SCOPE, dt.date(year, 1, 1)).timing.get("excluded", ())
    except NoRuleInForce:
        excluded = ()
    keys = [LEFT_OUT[word] for word in excluded if word in LEFT_OUT]
    return existing(OrganisationKind.MINISTRY, year=year).exclude(key__in=keys)


def information_body(year: int) -> QuerySet[Organisation]:
    """The body whose people hold posts of the authorised body; without such posts the one known today."""
    bodies = Organisation.objects.filter(
        pk__in=Post.objects.filter(role=Role.INFORMATION_BODY, closed_on=None)
        .filter(Q(valid_to=None) | Q(valid_to__gte=dt.date(year, 1, 1)), organisation__isnull=False)
        .values("organisation")
    )
    return bodies if bodies.exists() else Organisation.objects.filter(key=INFORMATION_BODY)


def owed(bodies: QuerySet[Organisation]) -> Rows:
    return Rows.of(bodies, subject_id="pk", body_id="pk")
