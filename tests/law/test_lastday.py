"""Until when each step of a meeting can still be done, before it and after it."""

import datetime as dt

import pytest

from law import lastday, workdays
from law.readings import Readings

DEFAULT = Readings.default()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def last(kind: str, meeting: str, readings: Readings = DEFAULT, **more) -> dict[str, str | None]:
    found = lastday.steps(kind, day(meeting), readings, workdays, **more)
    return {step.wording.rule_id: step.last and step.last.isoformat() for step in found}


@pytest.mark.parametrize(
    ("kind", "meeting", "rule_id", "until"),
    [
        ("oblast", "2027-03-15", "826-3.4.e", "2027-03-01"),
        ("raion", "2027-03-15", "826-3.4.e", "2027-03-01"),
        ("okrug", "2027-03-15", "826-3.4.f", "2027-03-08"),
        # The day before the meeting, of the meeting and after it: across a leap day and a year's end.
        ("village", "2028-03-01", "826-3.4.f", "2028-02-23"),
        ("oblast", "2028-01-10", "826-3.4.e", "2027-12-27"),
        ("okrug", "2027-03-15", "826-3.4.a1", "2027-03-15"),
        ("okrug", "2027-03-15", "826-3.5.a1", "2027-03-25"),
        ("okrug", "2027-03-15", "826-3.5.c1", "2027-03-25"),
        ("okrug", "2027-12-25", "826-3.5.c3", "2028-01-04"),
        # The quarter of the meeting is told by the 25th of the month after it.
        ("okrug", "2027-03-31", "826-3.5.d1", "2027-04-25"),
        ("okrug", "2027-04-01", "826-3.5.d1", "2027-07-25"),
        ("okrug", "2027-12-31", "826-3.5.d1", "2028-01-25"),
        # Central issues: an issue of the first half-year goes into August, of the second into February.
        ("okrug", "2027-06-30", "826-5.2.h3", "2027-08-14"),
        ("okrug", "2027-07-01", "826-5.2.h1", "2028-02-14"),
    ],
)
def test_the_last_day_of_a_step(kind, meeting, rule_id, until):
    assert last(kind, meeting)[rule_id] == until


def test_steps_without_a_number_have_no_last_day_after_the_meeting():
    found = last("okrug", "2027-03-15")
    assert (found["826-3.5.b1"], found["826-3.5.b2"]) == (None, None)


def test_a_reception_moves_the_publication():
    found = last("okrug", "2027-03-15", reception_on=day("2027-03-20"))
    assert found["826-3.5.c1"] == "2027-03-30"


def test_another_reading_gives_another_day():
    assert last("okrug", "2027-03-15", DEFAULT.with_(back_mode="full_days"))["826-3.4.f"] == "2027-03-07"


def test_off_the_calendar_the_announcement_may_ask_for_no_term():
    none = DEFAULT.with_(announce_off_calendar="none")
    assert last("okrug", "2027-03-15", none, off_calendar=True)["826-3.4.f"] is None


@pytest.mark.parametrize(("kind", "days"), [("oblast", 14), ("city_raion", 14), ("okrug", 7), ("raion_in_city", 7)])
def test_announced_today_the_first_lawful_day_is_a_term_away_and_its_last_day_is_today(kind, days):
    today = day("2027-02-10")
    first = lastday.earliest_meeting(kind, today, DEFAULT)
    assert first == today + dt.timedelta(days=days)
    announce = next(s for s in lastday.steps(kind, first, DEFAULT, workdays) if s.wording.rule_id in lastday.ANNOUNCE)
    assert announce.last == today


def test_steps_before_the_meeting_come_first_and_each_group_by_its_day():
    found = lastday.steps("okrug", day("2027-03-15"), DEFAULT, workdays)
    sides = [step.side for step in found]
    assert sides == sorted(sides, key=lambda side: side == lastday.AFTER)
    dated = [step.last for step in found if step.side == lastday.AFTER and step.last]
    assert dated == sorted(dated)
