"""Many rows at once: what COPY writes is what the ORM would have written."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from calendars.models import Meeting, MeetingTarget
from journal.bulk import FEW, insert, insert_columns
from journal.models import Entry
from tests import factories

NASTY = "бір\tекі\nүш\\төрт \\N \\. «бес» 'алты' \"жеті\" ё\u0301 🏔 \r\n ;=1+1"


def new_meetings(land, calendar, many: int, **fields) -> list[Meeting]:
    return [
        Meeting(calendar=calendar, number=n, holder=land.A, place=land.a1, date=dt.date(2027, 3, 10), **fields)
        for n in range(1, many + 1)
    ]


@pytest.mark.parametrize("many", [0, 1, FEW - 1, FEW, 3 * FEW])
def test_rows_come_back_as_they_went_in_and_in_their_order(land, our_calendar, many):
    rows = new_meetings(land, our_calendar, many, address=NASTY[:300], remarks=NASTY, time=dt.time(9, 5))
    insert(rows)
    stored = list(Meeting.objects.order_by("pk"))
    assert [row.pk for row in stored] == [row.pk for row in rows]
    assert [row.number for row in stored] == list(range(1, many + 1))
    for row in stored:
        assert (row.address, row.remarks, row.time) == (NASTY[:300], NASTY, dt.time(9, 5))
        assert row.created_at is not None
        assert row.held_on is None


@pytest.mark.parametrize("many", [1, FEW - 1, 3 * FEW])
def test_rows_given_by_columns_are_those_that_objects_would_have_been(land, our_calendar, many):
    same = {"calendar_id": our_calendar.pk, "holder_id": land.A.pk, "place_id": land.a1.pk, "remarks": NASTY}
    days = [dt.date(2027, 3, 1) + dt.timedelta(days=n % 20) for n in range(many)]
    numbers = list(range(1, many + 1))
    ids = insert_columns(Meeting, {"number": numbers, "date": days}, same)
    stored = list(Meeting.objects.order_by("pk"))
    assert [row.pk for row in stored] == ids
    assert [(row.number, row.date) for row in stored] == list(zip(numbers, days, strict=True))
    default = Meeting()
    for row in stored:
        assert (row.remarks, row.holder, row.address, row.state) == (NASTY, land.A, default.address, default.state)
        assert row.created_at is not None


def test_columns_of_different_length_are_no_rows(land, our_calendar):
    same = {"calendar_id": our_calendar.pk, "holder_id": land.A.pk, "place_id": land.a1.pk}
    with pytest.raises(ValueError, match="shorter"):
        insert_columns(Meeting, {"number": range(50), "date": [dt.date(2027, 3, 1)] * 49}, same)
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("many", [2, 30])
def test_every_kind_of_value_of_a_journal_entry_survives(db, many):
    batch = uuid.uuid4()
    was = {"текст": NASTY, "none": None, "flag": True, "number": 1.5, "list": [1, "\\"], "empty": ""}
    insert(
        [Entry(action="x", was=was, became={}, reason=NASTY, address="2001:db8::1", batch=batch) for _ in range(many)]
    )
    assert Entry.objects.count() == many
    for entry in Entry.objects.all():
        assert (entry.was, entry.became, entry.reason) == (was, {}, NASTY)
        assert (entry.address, entry.batch, entry.actor_id) == ("2001:db8::1", batch, None)


@pytest.mark.parametrize("many", [2, 2 * FEW])
def test_rows_that_the_database_refuses_are_djangos_error_and_nothing_is_left(land, our_calendar, many):
    rows = new_meetings(land, our_calendar, many)
    rows[-1].number = 1
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(rows)
    assert not Meeting.objects.exists()


def test_a_later_row_gets_a_later_id(land, our_calendar):
    rows = insert(new_meetings(land, our_calendar, 2 * FEW))
    later = factories.meeting(our_calendar, land.B)
    assert later.pk > rows[-1].pk
    insert([MeetingTarget(meeting=row, holder=land.A, target=land.a1) for row in rows])
    assert MeetingTarget.objects.filter(meeting__in=rows).count() == 2 * FEW


@pytest.mark.postgres
def test_on_postgresql_the_rows_go_in_by_copy(land, our_calendar):
    statements = []

    def look(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        insert(new_meetings(land, our_calendar, 2 * FEW))
    assert not any(sql.startswith("INSERT") for sql in statements)


def test_a_few_rows_go_in_by_one_statement_and_have_their_ids(land, our_calendar):
    rows = new_meetings(land, our_calendar, FEW - 1)
    with CaptureQueriesContext(connection) as found:
        insert(rows)
    assert len(found) == 1
    assert [Meeting.objects.get(pk=row.pk).number for row in rows] == [row.number for row in rows]
