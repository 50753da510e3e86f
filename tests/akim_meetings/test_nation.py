"""`create_demo --scale nation`: the same nation for the same seed, whole, and told by the program's own ledger."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from akim_meetings.nation import build, tree
from akim_meetings.nation.bar import Bar
from calendars.models import CalendarVersion, Meeting
from deadlines.models import Duty
from issues.models import Issue, PlanItem, PublishedVersion, QuarterlyReport
from reporting.desk import keeping
from territories.kato.reading import read
from territories.kato.units import units_of
from territories.models import Edition, Organisation
from territories.models.organisations import OrganisationKind

TODAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(dt.datetime(2026, 11, 20, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def loaded(land):
    """A small tree that was loaded from some file, with a ministry that takes issues of central level."""
    Edition.objects.create(as_of=dt.date(2026, 1, 1), file_name="units.csv", sha256="", row_count=0)
    Organisation.objects.create(key="min", kind=OrganisationKind.MINISTRY, name_kk="Министрлік", name_ru="Министерство")


def made(*years: int) -> dict[str, int]:
    return build.build(years, today=TODAY, seed=826, data=None, bar=Bar(build.steps(len(years)), str, drawn=False))


def test_the_tree_that_is_made_up_has_as_many_offices_as_the_country():
    units = units_of(read(tree.made_up(), "units_2026-01-01.csv"))

    assert sum(unit.own_akim for unit in units) == 2589
    assert sum(unit.kind == "village" for unit in units) > 5000
    assert len({unit.code for unit in units}) == len(units)


def test_years_of_which_the_register_holds_no_words_are_left_out():
    assert build.years(2027) == [2024, 2025, 2026, 2027, 2028]
    assert build.years(2029) == [2025, 2026, 2027, 2028, 2029]


@pytest.mark.django_db
def test_without_postgresql_the_command_says_what_is_needed():
    if connection.vendor == "postgresql":
        pytest.skip("this run is on PostgreSQL")
    with pytest.raises(CommandError, match="PostgreSQL"):
        call_command("create_demo", "--scale", "nation", "--quiet")


@pytest.mark.postgres
def test_a_year_of_every_office_is_planned_held_promised_published_and_judged(loaded):
    found = made(2026)

    assert found["meetings"] == Meeting.objects.count() > 50
    assert CalendarVersion.objects.filter(calendar__year=2026, submissions__state="accepted").count() == 2
    held = Meeting.objects.filter(state="held")
    assert not held.filter(date__gte=TODAY).exists()
    assert 4 <= Issue.objects.count() / held.count() <= 10
    assert set(Issue.objects.values_list("state", flat=True)) >= {"done", "explained", "declined", "in_work"}
    assert not PlanItem.objects.filter(issue__slips=1).exclude(due_changes__state="granted").exists()
    assert PublishedVersion.objects.filter(what="plan").exists()
    assert QuarterlyReport.objects.filter(state="frozen", rows__solved=True).exists()
    late = Duty.objects.in_state("breach", TODAY).filter(rule_id__startswith="826-3.5.c").count()
    met = Duty.objects.in_state("met", TODAY).filter(rule_id__startswith="826-3.5.c").count()
    assert 0 < late < met
    assert keeping.differences() == {2026: 0}


def told() -> list[tuple]:
    return sorted(
        Issue.objects.values_list("code", "state", "due_on", "text_ru", "meeting__date", "meeting__attendance")
    )


@pytest.mark.postgres
def test_the_same_seed_tells_the_same_and_a_second_run_writes_nothing(loaded):
    with transaction.atomic():
        made(2026)
        first = told()
        transaction.set_rollback(True)
    assert not Issue.objects.exists()

    counts = made(2026)

    assert told() == first
    assert made(2026) == counts


def test_the_bar_tells_how_far_it_is():
    out = io.StringIO()
    bar = Bar(2, out.write, drawn=False)
    bar.step("the tree")
    bar.step("2026")

    first, second = out.getvalue().splitlines()
    assert "50 %" in first
    assert first.endswith("the tree")
    assert "100 %" in second
