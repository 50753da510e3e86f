"""Builds the nation year by year; what is there already is left alone, so that a run that was stopped goes on."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from calendars.models import Calendar, Meeting
from deadlines.models import Duty
from deadlines.services import moves
from deadlines.services.sweep import swept_years
from issues.models import Issue
from law.register import NormTextMissing, NoRuleInForce, rule
from reporting.desk import keeping
from territories import demo_people
from territories.demo import FOLDER
from territories.models import Organisation, Territory
from territories.models.organisations import OrganisationKind

from . import calendars, ledger, lives, tree
from .bar import Bar

YEARS = 5
#: A line that every calendar is made of.
REQUIRED = "826-2.1.a"
#: Beside the classifier, where its folder is given by AKIM_DATA.
CLASSIFIER, BODIES = "kato_2026-07-17.csv", "central_bodies.csv"


def years(planned: int, count: int = YEARS) -> list[int]:
    """So many years up to the planned one; later ones where the register does not hold the words of the first."""
    first = planned - count + 1
    while first < planned and not is_held(first):
        first += 1
    return list(range(first, first + count))


def is_held(year: int) -> bool:
    """Does the register hold what the act asked for in a year?"""
    try:
        return bool(rule(REQUIRED, dt.date(year, 12, 31)))
    except (NormTextMissing, NoRuleInForce):
        return False


def build(chosen: Sequence[int], *, today: dt.date, seed: int, data: Path | None, bar: Bar) -> dict[str, int]:
    """Everything of these years up to today; answers how many rows of each kind there are.

    `data`: folder with the classifier, or the file itself; without it the tree is made up.
    """
    if connection.vendor != "postgresql":
        raise CommandError("The nation needs PostgreSQL: set DATABASE_URL.")
    bar.step(load_tree(data))
    regions = list(Territory.objects.regions().filter(valid_to=None).order_by("code"))
    for year in chosen:
        if not Calendar.objects.filter(year=year, meetings__isnull=False).exists():
            make_year(year, regions, today=today, seed=seed, bar=bar)
        else:
            bar.step(f"{year}: is there already")
    moves.all_taken(chosen, swept_years(today))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    keeping.refresh()
    bar.step("figures of the desk")
    return {
        "offices": Territory.objects.filter(own_akim=True, valid_to=None).count(),
        "meetings": Meeting.objects.count(),
        "issues": Issue.objects.count(),
        "duties": Duty.objects.count(),
    }


def steps(count: int) -> int:
    """How many steps `build` tells the bar of for so many fresh years."""
    return 2 + 4 * count


def load_tree(data: Path | None) -> str:
    """The tree, the bodies of the centre, and in a demonstration its accounts."""
    classifier = data / CLASSIFIER if data is not None and data.is_dir() else data
    done = tree.load(classifier)
    if not Organisation.objects.filter(kind=OrganisationKind.MINISTRY).exists():
        beside = data / BODIES if data is not None and data.is_dir() else None
        bodies = beside if beside is not None and beside.exists() else FOLDER / "bodies.csv"
        call_command("import_bodies", str(bodies), verbosity=0, stdout=io.StringIO())
    if settings.DEMO:
        demo_people.load_people()
    return done


@transaction.atomic
def make_year(year: int, regions: Sequence[Territory], *, today: dt.date, seed: int, bar: Bar) -> None:
    """One year in one transaction: it is there whole, or not at all."""
    with connection.cursor() as cursor:
        # Statements over whole tables: room to sort in memory, and no compiling.
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '128MB'; SET LOCAL synchronous_commit = off")
    keeping.recount_later()
    rows = calendars.plan(regions, year, today=today, seed=seed)
    bar.step(f"{year}: {rows} meetings planned")
    if today >= dt.date(year, *calendars.ACCEPTED):
        calendars.approve(regions, year)
    bar.step(f"{year}: calendars approved")
    lives.texts(seed)
    lives.play(year, today)
    bar.step(f"{year}: meetings held, issues promised and solved")
    opened = ledger.open_year(year, today)
    bar.step(f"{year}: {opened} duties")
