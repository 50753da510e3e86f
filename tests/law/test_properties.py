"""What holds for every date: terms run away from their anchor, later facts are not due earlier, both ways agree."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from law import register, workdays
from law.deadlines import dates, first_in_time, term_before
from law.periods import period_of
from law.readings import Readings
from tests.law.test_deadlines import BACK, DAYS, FIXED, FORWARD, READINGS, duties

DAY = timedelta(days=1)
QUARTERLY = ("826-3.5.d1", "12-1.4.h1")


def on(rule_id):
    return register.rule(rule_id, date(2027, 1, 1))


@given(duties())
def test_a_term_never_ends_on_the_wrong_side_of_its_anchor(duty):
    rule_id, anchors, readings = duty
    due = dates(on(rule_id), anchors, readings, workdays)
    if rule_id in BACK:
        assert due.safe_on <= due.due_on <= due.late_after < anchors["meeting.date"]
    elif rule_id in FORWARD:
        assert anchors["meeting.end_date"] < due.safe_on
        assert anchors.get("reception.end_date", anchors["meeting.end_date"]) < due.late_after
    elif rule_id in QUARTERLY:
        assert period_of("quarter", anchors["period.end"]).end < due.safe_on


@given(st.sampled_from([*BACK, *FORWARD]), DAYS, st.integers(1, 60), READINGS)
def test_a_later_meeting_is_never_due_earlier_under_any_reading(rule_id, day, shift, readings):
    def four(meeting):
        found = dates(on(rule_id), {"meeting.date": meeting, "meeting.end_date": meeting}, readings, workdays)
        return found.safe_on, found.due_on, found.late_after, found.target_on

    assert all(first <= second for first, second in zip(four(day), four(day + shift * DAY), strict=True))


@given(st.sampled_from(FIXED), st.integers(2024, 2026), READINGS)
def test_a_later_year_is_due_later(rule_id, year, readings):
    due = [dates(on(rule_id), {"year": number}, readings, workdays).due_on for number in (year, year + 1)]
    assert due[0] < due[1]


@given(st.sampled_from(QUARTERLY), DAYS, READINGS)
def test_every_day_of_a_quarter_gives_the_same_day(rule_id, day, readings):
    end = period_of("quarter", day).end
    found = [dates(on(rule_id), {"period.end": anchor}, readings, workdays).due_on for anchor in (day, end)]
    assert found[0] == found[1]


@given(st.sampled_from(BACK), DAYS, st.sampled_from(["same_weekday", "full_days"]))
def test_the_way_back_from_a_meeting_and_the_way_forward_from_a_day_agree(rule_id, meeting, mode):
    """Announced on its due day a meeting is in time; a day later only the next day's meeting is."""
    readings = Readings.default().with_(back_mode=mode)
    due = dates(on(rule_id), {"meeting.date": meeting}, readings, workdays).due_on
    assert due + term_before(on(rule_id), readings) * DAY == meeting
    assert first_in_time(on(rule_id), due - DAY, readings) == meeting
    assert first_in_time(on(rule_id), due, readings) == meeting + DAY


@given(duties())
def test_the_days_off_move_only_what_they_may(duty):
    """Without days off every date is the same or nearer to its words: only targets, shifts and late days move."""
    rule_id, anchors, readings = duty
    unshifted = readings.with_(nonworking_shift="none")
    with_holidays = dates(on(rule_id), anchors, unshifted, workdays)
    always = dates(on(rule_id), anchors, unshifted, EveryDay())
    assert (with_holidays.safe_on, with_holidays.due_on) == (always.safe_on, always.due_on)
    assert always.late_after <= with_holidays.late_after
    assert with_holidays.target_on <= always.target_on == always.due_on


class EveryDay:
    """A calendar without a day off."""

    def is_working(self, day):
        return True

    def why_not_working(self, day, lang):
        return None

    def next_working(self, day):
        return day + DAY

    def next_working_on_or_after(self, day):
        return day

    def previous_working_on_or_before(self, day):
        return day
