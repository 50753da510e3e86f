"""Civil days and instants (A-20): when a day ends where the country had two zones, and one night an hour twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.zones import begins_at, civil_day, expires_at

EAST, NORTH, WEST, SOUTH = "Asia/Almaty", "Asia/Qostanay", "Asia/Aqtobe", "Asia/Qyzylorda"


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "zone", "ends"),
    [
        (date(2024, 2, 28), EAST, "2024-02-28T18:00"),  # the last ordinary midnight at +6
        (date(2024, 2, 29), EAST, "2024-02-29T19:00"),  # 25 hours: the second midnight, at +5
        (date(2024, 2, 29), NORTH, "2024-02-29T19:00"),
        (date(2024, 2, 29), WEST, "2024-02-29T19:00"),  # an ordinary day at +5
        (date(2024, 2, 28), WEST, "2024-02-28T19:00"),
        (date(2024, 3, 1), EAST, "2024-03-01T19:00"),
        (date(2018, 12, 19), SOUTH, "2018-12-19T18:00"),
        (date(2018, 12, 20), SOUTH, "2018-12-20T19:00"),  # Qyzylorda left +6 that night
        (date(2018, 12, 21), SOUTH, "2018-12-21T19:00"),
        (date(2014, 1, 14), EAST, "2014-01-14T18:00"),  # Decree 615 lies in the time of two zones
        (date(2014, 1, 14), WEST, "2014-01-14T19:00"),
        (date(2026, 12, 31), EAST, "2026-12-31T19:00"),
    ],
)
def test_a_term_runs_out_with_the_civil_day_of_the_region(day, zone, ends):
    assert expires_at(day, zone) == utc(ends)


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2024-02-29T17:30", EAST, date(2024, 2, 29)),  # 23:30 for the first time
        ("2024-02-29T18:30", EAST, date(2024, 2, 29)),  # 23:30 for the second time
        ("2024-02-29T19:00", EAST, date(2024, 3, 1)),
        ("2024-02-28T18:30", EAST, date(2024, 2, 29)),  # half past midnight at +6 …
        ("2024-02-28T18:30", WEST, date(2024, 2, 28)),  # … is still the evening before in the west
        ("2027-01-14T18:59", EAST, date(2027, 1, 14)),
        ("2027-01-14T19:00", EAST, date(2027, 1, 15)),
    ],
)
def test_an_instant_belongs_to_the_civil_day_of_the_region(moment, zone, day):
    assert civil_day(utc(moment), zone) == day


def test_a_moment_without_an_offset_is_no_instant():
    with pytest.raises(ValueError, match="no offset"):
        civil_day(datetime(2027, 1, 14, 12), EAST)


@given(st.dates(date(2013, 1, 1), date(2028, 12, 31)), st.sampled_from([EAST, NORTH, WEST, SOUTH, "Asia/Oral"]))
def test_a_day_ends_where_the_next_begins_and_holds_all_its_instants(day, zone):
    start, end = begins_at(day, zone), expires_at(day, zone)
    assert end - start in (timedelta(hours=24), timedelta(hours=25), timedelta(hours=23))
    assert civil_day(start, zone) == civil_day(end - timedelta(microseconds=1), zone) == day
    assert civil_day(start - timedelta(microseconds=1), zone) == day - timedelta(days=1)
    assert civil_day(end, zone) == day + timedelta(days=1)
