"""The ledger in partitions by year (`docker/partition_duties.sql`): the program works on it as on one table."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from calendars.models import Meeting
from deadlines.models import Duty
from deadlines.services import sweep
from reporting.desk import keeping
from tests import factories

AUTUMN = dt.date(2026, 11, 21)
COLUMNS = [column.attname for column in Duty._meta.concrete_fields if column.name not in ("counting", "cancelled_at")]
COLUMNS += ["counting__target_on", "counting__safe_on"]
SQL = Path("docker/partition_duties.sql").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("partitions are PostgreSQL's")


@pytest.fixture
def year(land, our_calendar, their_calendar):
    """Duties of two years and two regions, one of them met late."""
    for place, day in ((land.a1, 15), (land.a2, 16), (land.V, 17)):
        factories.meeting(our_calendar, land.A if place != land.V else land.R, place, dt.date(2027, 3, day))
    factories.meeting(factories.calendar(land.O, 2026), land.A, land.a1, dt.date(2026, 12, 20))
    factories.meeting(their_calendar, land.NA, land.na, dt.date(2027, 3, 15))
    sweep(AUTUMN)


def ask(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def ledger() -> list[dict]:
    """What is owed; without the numbers of countings, which a database that was set back counts on."""
    rows = Duty.objects.order_by("pk").values(*COLUMNS, "cancelled_at")
    return [row | {"cancelled_at": row["cancelled_at"] is not None} for row in rows]


def later(calendar) -> list[dict]:
    """What the ledger says after a moved and a cancelled meeting and half a year."""
    first, second, *_others = calendar.meetings.order_by("pk")
    Meeting.objects.filter(pk=first.pk).update(date=dt.date(2027, 4, 15))
    Meeting.objects.filter(pk=second.pk).update(state="cancelled")
    sweep(dt.date(2027, 5, 3))
    return ledger()


def test_rows_indices_checks_and_triggers_are_those_of_the_whole_table(year):
    rows = ledger()
    assert len({row["year"] for row in rows}) == 2

    def kept() -> tuple:
        names = (
            "SELECT indexname FROM pg_indexes WHERE tablename = 'deadlines_duty' AND indexname LIKE 'duty%' ORDER BY 1"
        )
        checks = (
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = 'deadlines_duty'::regclass AND contype = 'c' ORDER BY 1"
        )
        triggers = (
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger "
            "WHERE tgrelid = 'deadlines_duty'::regclass AND NOT tgisinternal ORDER BY 1"
        )
        return ask(names), ask(checks), ask(triggers)

    before = kept()
    ask(SQL)
    assert kept() == before
    assert len(before[2]) >= 4
    assert ledger() == rows
    parts = ask("SELECT relname FROM pg_class WHERE relname LIKE 'deadlines_duty_20%' AND relkind = 'r' ORDER BY 1")
    assert [name for (name,) in parts] == ["deadlines_duty_2026", "deadlines_duty_2027"]


def test_the_sweep_writes_the_same_ledger_on_partitions(year, our_calendar):
    with transaction.atomic():
        expected = later(our_calendar)
        transaction.set_rollback(True)
    ask(SQL)
    assert later(our_calendar) == expected
    sweep(dt.date(2027, 5, 3))
    assert ledger() == expected


def test_the_desk_still_hears_of_every_change(year):
    keeping.refresh()
    ask(SQL)
    sweep(dt.date(2027, 5, 3))
    keeping.keep()
    done = keeping.refresh()
    assert done is not None
    assert (done.new, done.gone) == (0, 0)


def test_a_year_leaves_by_one_statement(year):
    ask(SQL)
    ask("ALTER TABLE deadlines_duty DETACH PARTITION deadlines_duty_2026")
    assert {row["year"] for row in ledger()} == {2027}


def test_a_second_time_is_refused(year):
    ask(SQL)
    with pytest.raises(DatabaseError, match="partitioned already"), transaction.atomic():
        ask(SQL)


def test_a_new_year_gets_its_own_partition_as_the_page_says(year):
    ask(SQL)
    said = Path("docs/scale.md").read_text(encoding="utf-8").partition("    BEGIN;\n")[2].partition("    COMMIT;")[0]
    Duty.objects.filter(year=2027).update(year=2031)
    rows = ledger()
    ask(said)
    assert ledger() == rows
    assert ask("SELECT count(*) FROM deadlines_duty_2031") == [(Duty.objects.filter(year=2031).count(),)]
