"""What the planner proposes for required meetings that nobody has planned."""

import datetime as dt

from calendars.coverage import Cell
from calendars.planner import propose

PATHS = {1: "1/", 2: "1/2/", 3: "1/2/3/", 4: "1/2/3/4/", 5: "1/2/3/5/"}


def cell(holder: int, target: int, period: str = "2027-H1", need: int = 1, planned: int = 0) -> Cell:
    return Cell("d", 1, holder, target, period, need, planned, 0, None, None, False)


def weekday(day: dt.date) -> bool:
    return day.weekday() < 5


def plan(cells, taken=(), not_before=dt.date(2027, 1, 1)):
    return propose(cells, paths=PATHS, taken=taken, is_working=weekday, not_before=not_before)


def test_days_are_working_days_of_the_period_after_the_calendar_can_be_announced():
    days = [p.date for p in plan([cell(3, 4), cell(3, 5), cell(2, 3, "2027-H2")])]
    assert all(weekday(day) for day in days)
    assert min(days) >= dt.date(2027, 2, 1)
    assert days[0].month >= 7  # the akim above is planned first


def test_the_meetings_of_one_akim_are_spread_over_the_half_year():
    first, second = (p.date for p in plan([cell(3, 4), cell(3, 5)]))
    assert 60 < (second - first).days < 90


def test_an_akim_is_not_sent_to_two_places_on_one_day():
    taken = [(3, 4, dt.date(2027, 4, 16))]
    [only] = plan([cell(3, 5)], taken)
    assert only.date != dt.date(2027, 4, 16)


def test_an_akim_does_not_hold_his_own_meeting_when_the_one_above_comes():
    [alone] = plan([cell(3, 4)])
    [moved] = plan([cell(3, 4)], [(2, 3, alone.date)])
    assert moved.date != alone.date


def test_a_cell_that_is_planned_already_gets_no_second_day():
    assert plan([cell(3, 4, planned=1)]) == []


def test_a_period_that_is_over_gets_no_proposal():
    assert plan([cell(3, 4)], not_before=dt.date(2027, 7, 1)) == []


def test_with_more_places_than_days_the_least_loaded_day_is_taken_and_marked():
    crowded = plan([cell(3, 4), cell(3, 5)], not_before=dt.date(2027, 6, 30))
    assert [p.crowded for p in crowded] == [False, True]


def test_akims_with_as_many_places_do_not_all_meet_on_the_same_days():
    akims = range(10, 60)
    paths = {1: "1/"} | {a: f"1/{a}/" for a in akims} | {a * 100: f"1/{a}/{a * 100}/" for a in akims}
    cells = [cell(a, a * 100) for a in akims]
    found = propose(cells, paths=paths, taken=(), is_working=weekday, not_before=dt.date(2027, 1, 1))
    assert len({p.date for p in found}) == 50
