"""What people are warned of before a row is saved; they may save it all the same."""

import datetime as dt

import pytest

from calendars.models import Broadcast, Format
from calendars.warnings import Row, check
from tests import factories

TODAY = dt.date(2027, 1, 11)


def codes(calendar, *rows: Row, today: dt.date = TODAY) -> list[list[str]]:
    found = check(calendar, rows, today=today)
    return [[warning.code for warning in found.get(index, [])] for index in range(len(rows))]


def test_an_ordinary_row_has_no_warning(land, our_calendar):
    assert codes(our_calendar, Row(land.A, land.a1, dt.date(2027, 3, 10))) == [[]]


@pytest.mark.parametrize("day", ["2027-03-06", "2027-03-08", "2027-03-22"])
def test_a_day_off_is_told_with_the_nearest_working_day(land, our_calendar, day):
    [[warning]] = check(our_calendar, [Row(land.A, land.a1, dt.date.fromisoformat(day))], today=TODAY).values()
    assert warning.code == "day_off"
    assert warning.suggestion > dt.date.fromisoformat(day)


def test_an_akim_cannot_be_in_two_places_at_one_hour(land, our_calendar):
    factories.meeting(our_calendar, land.A, land.a2, dt.date(2027, 3, 10), time=dt.time(10))
    near = Row(land.A, land.a1, dt.date(2027, 3, 10), dt.time(11, 30))
    later = Row(land.A, land.a1, dt.date(2027, 3, 10), dt.time(12))
    assert codes(our_calendar, near, later) == [["holder_busy"], []]


def test_a_row_is_not_in_the_way_of_itself(land, our_calendar):
    meeting = factories.meeting(our_calendar, land.A, land.a1)
    assert codes(our_calendar, Row.of(meeting, time=dt.time(11))) == [[]]


def test_the_day_of_the_superior_is_told_to_the_akim_below_and_the_other_way_round(land, our_calendar):
    factories.meeting(our_calendar, land.R, land.a1, dt.date(2027, 3, 10), time=dt.time(15))
    factories.meeting(our_calendar, land.B, land.b1, dt.date(2027, 3, 11), time=dt.time(9))
    below = Row(land.A, land.a2, dt.date(2027, 3, 10), dt.time(9))
    above = Row(land.R, land.b1, dt.date(2027, 3, 11), dt.time(15))
    elsewhere = Row(land.B, land.b1, dt.date(2027, 3, 10), dt.time(9))
    found = codes(our_calendar, below, above, elsewhere)
    assert found[0] == ["superior_clash"]
    assert "superior_clash" in found[1]
    assert "superior_clash" not in found[2]


@pytest.mark.parametrize(
    ("holder", "place", "today", "late"),
    [
        ("A", "a1", "2027-03-03", False),
        ("A", "a1", "2027-03-04", True),
        ("R", "a1", "2027-02-24", False),
        ("R", "a1", "2027-02-25", True),
    ],
)
def test_too_late_to_announce_by_the_akims_level(land, our_calendar, holder, place, today, late):
    row = Row(getattr(land, holder), getattr(land, place), dt.date(2027, 3, 10))
    assert ("short_notice" in codes(our_calendar, row, today=dt.date.fromisoformat(today))[0]) is late


def test_the_first_day_in_time_is_offered(land, our_calendar):
    row = Row(land.A, land.a1, dt.date(2027, 3, 10))
    [[warning]] = check(our_calendar, [row], today=dt.date(2027, 3, 4)).values()
    assert (warning.suggestion, warning.basis) == (dt.date(2027, 3, 11), "826-3.4.f")


def test_a_meeting_that_no_line_asks_for_is_allowed_but_told(land, our_calendar):
    assert codes(our_calendar, Row(land.C, land.C, dt.date(2027, 3, 10))) == [["serves_none"]]


def test_a_second_meeting_in_the_same_half_year_is_told(land, our_calendar):
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 2, 10))
    first_half = Row(land.A, land.a1, dt.date(2027, 3, 10))
    second_half = Row(land.A, land.a1, dt.date(2027, 9, 8))
    assert codes(our_calendar, first_half, second_half) == [["already_covered"], []]


def test_a_videoconference_alone_does_not_close_an_offsite_norm(land, our_calendar):
    row = Row(land.A, land.a1, dt.date(2027, 3, 10), format=Format.VIDEO_ONLY)
    assert codes(our_calendar, row) == [["video_only"]]


def test_a_meeting_without_broadcast_needs_its_reason(land, our_calendar):
    row = Row(land.A, land.a1, dt.date(2027, 3, 10), broadcast=Broadcast.NO)
    told = Row(land.A, land.a1, dt.date(2027, 3, 10), broadcast=Broadcast.NO, broadcast_note="no line")
    assert codes(our_calendar, row, told) == [["broadcast_reason"], []]


def test_many_rows_are_checked_with_as_many_queries_as_one(land, our_calendar, django_assert_num_queries):
    rows = [Row(land.A, land.a1, dt.date(2027, 3, 1) + dt.timedelta(days=n)) for n in range(40)]
    with django_assert_num_queries(4):
        check(our_calendar, rows[:1], today=TODAY)
    with django_assert_num_queries(4):
        check(our_calendar, rows, today=TODAY)
