"""What lines a–e require, and what of it the calendar plans and the akims have held."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest

from calendars import coverage
from calendars.models import Format, MeetingState, MeetingTarget
from deadlines.models import ReadingChoice
from law.coverage import Unit, norms, required
from law.readings import Readings
from territories.models import Territory
from tests import factories


def choose(user, **readings):
    for key, value in readings.items():
        ReadingChoice.objects.create(
            key=key, value=value, valid_from=dt.date(2020, 1, 1), document="№ 1", reason="-", decided_by=user
        )


def required_in_memory(region: Territory, year: int, readings: Readings) -> set:
    units = [
        Unit(t.pk, t.parent_id, t.kind, t.own_akim, t.valid_from, t.valid_to, t.excluded)
        for t in Territory.objects.filter(path__startswith=region.path)
    ]
    pairs = required(units, norms(dt.date(year, 1, 1), readings), year)
    return {(p.line, p.holder, p.target, p.period.code, p.minimum) for p in pairs}


def required_in_sql(region: Territory, year: int) -> set:
    return {(c.line, c.holder_id, c.target_id, c.period, c.need) for c in coverage.cells([region], year)}


@pytest.mark.parametrize(
    ("readings", "meetings"),
    [
        ({}, 50),
        ({"raion_targets": "every_village"}, 62),
        ({"city_okrug": "none"}, 46),
        ({"city_okrug": "okrug"}, 48),
        ({"micro": "both"}, 54),
    ],
)
def test_the_fixture_of_the_register_needs_so_many_meetings_a_year(land, editor, readings, meetings):
    choose(editor.user, **readings)
    assert sum(t.required for t in coverage.region_totals(land.O, 2027)) == meetings


@pytest.mark.parametrize("since", [dt.date(2027, 3, 1), dt.date(2027, 5, 1)])
@pytest.mark.parametrize("partial_unit", ["not_required", "required", "pro_rata"])
def test_the_statement_and_the_law_in_memory_require_the_same(land, editor, partial_unit, since):
    """Among them a village that takes the place of its city (A-11 `empty_d`) for a part of the year only."""
    choose(editor.user, partial_unit=partial_unit, empty_d="self")
    Territory.objects.filter(pk__in=[land.d1.pk, land.d2.pk]).update(valid_from=since)
    Territory.objects.filter(pk=land.a2.pk).update(valid_from=dt.date(2027, 3, 1))
    Territory.objects.filter(pk=land.B.pk).update(valid_to=dt.date(2027, 9, 1))
    Territory.objects.filter(pk=land.a1.pk).update(excluded=True, excluded_reason="leased")
    readings = Readings.default().with_(partial_unit=partial_unit, empty_d="self")
    assert required_in_sql(land.O, 2027) == required_in_memory(land.O, 2027, readings)


def test_a_region_that_reads_otherwise_does_not_change_its_neighbour(land, editor):
    ReadingChoice.objects.create(
        key="raion_targets",
        value="every_village",
        region=land.O,
        valid_from=dt.date(2026, 1, 1),
        document="№ 1",
        reason="-",
        decided_by=editor.user,
    )
    found = coverage.totals([land.O, land.N], 2027)
    assert coverage.sum_up(found[land.O.pk]).required == 62
    assert required_in_sql(land.N, 2027) == required_in_memory(land.N, 2027, Readings.default())


def test_a_planned_meeting_closes_its_cell_in_the_plan_and_a_held_one_in_the_fact(land, our_calendar):
    meeting = factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 10))
    [first] = [c for c in coverage.cells([land.O], 2027) if c.target_id == land.a1.pk and c.period == "2027-H1"]
    assert (first.planned, first.held, first.first_date) == (1, 0, dt.date(2027, 3, 10))
    meeting.state = MeetingState.HELD
    meeting.save()
    [then] = [c for c in coverage.cells([land.O], 2027) if c.target_id == land.a1.pk and c.period == "2027-H1"]
    assert (then.planned, then.held) == (1, 1)


@pytest.mark.parametrize("state", ["proposed", "returned", "cancelled", "removed"])
def test_a_meeting_that_is_not_in_the_calendar_closes_nothing(land, our_calendar, state):
    factories.meeting(our_calendar, land.A, land.a1, state=state)
    assert coverage.sum_up(coverage.region_totals(land.O, 2027)).planned == 0


def test_a_second_meeting_in_the_same_cell_does_not_count_twice(land, our_calendar):
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 10))
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 4, 10))
    assert coverage.sum_up(coverage.region_totals(land.O, 2027)).planned == 1


def test_the_edges_of_a_half_year_fall_on_the_right_side(land, our_calendar):
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 6, 30))
    factories.meeting(our_calendar, land.A, land.a2, dt.date(2027, 7, 1))
    done = {(c.target_id, c.period) for c in coverage.cells([land.O], 2027) if c.planned}
    assert done == {(land.a1.pk, "2027-H1"), (land.a2.pk, "2027-H2")}


def test_a_videoconference_alone_does_not_close_an_offsite_norm_unless_the_region_reads_so(land, our_calendar, editor):
    factories.meeting(our_calendar, land.A, land.a1, format=Format.VIDEO_ONLY)
    assert coverage.sum_up(coverage.region_totals(land.O, 2027)).planned == 0


def test_a_meeting_off_the_calendar_counts_only_after_a_correction(land, our_calendar, editor):
    factories.meeting(our_calendar, land.A, land.a1, off_calendar=True)
    assert coverage.sum_up(coverage.region_totals(land.O, 2027)).planned == 0
    choose(editor.user, off_calendar_counts="always")
    assert coverage.sum_up(coverage.region_totals(land.O, 2027)).planned == 1


def test_a_joint_meeting_counts_for_the_akim_whom_the_calendar_names(land, our_calendar, editor):
    meeting = factories.meeting(our_calendar, land.R, land.a1)
    meeting.targets.all().delete()
    MeetingTarget.objects.create(meeting=meeting, holder=land.R, target=land.A)
    MeetingTarget.objects.create(meeting=meeting, holder=land.A, target=land.a1)
    assert coverage.sum_up(coverage.region_totals(land.O, 2027)).planned == 2
    choose(editor.user, joint="lead_only")
    assert coverage.sum_up(coverage.region_totals(land.O, 2027)).planned == 1


def test_a_raion_asks_only_for_the_cells_of_its_own_units(land):
    mine = coverage.cells([land.O], 2027, under=land.R.path)
    assert {c.line for c in mine} == {"a", "c", "d", "e"}
    assert all(c.holder_id not in (land.K.pk, land.K4.pk) for c in mine)


def test_the_board_asks_the_database_a_constant_number_of_times(land, our_calendar, django_assert_num_queries):
    with django_assert_num_queries(2):
        coverage.cells([land.O], 2027)
    for village in (land.a1, land.a2, land.a3):
        factories.meeting(our_calendar, land.A, village)
    with django_assert_num_queries(2):
        coverage.cells([land.O], 2027)


@pytest.mark.parametrize("readings", [{}, {"raion_targets": "every_village"}], ids=str)
def test_the_sums_of_the_raions_and_the_holes_are_those_of_the_cells(land, our_calendar, editor, readings):
    choose(editor.user, **readings)
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 6, 30), state=MeetingState.HELD)
    factories.meeting(our_calendar, land.R, land.A, dt.date(2027, 7, 1))
    for under in ("", land.R.path):
        cells = coverage.cells([land.O], 2027, under=under)
        sums, holes = coverage.sums(land.O, 2027, under=under)
        assert coverage.add_sums(sums) == coverage.add_up(cells)
        assert [cell[:8] for cell in holes] == [cell[:8] for cell in cells if cell.missing]
        paths = dict(Territory.objects.values_list("pk", "path"))
        by_raion = Counter()
        for cell in cells:
            _region, step, *_rest = paths[cell.target_id].split("/")
            by_raion[cell.line, int(step or land.O.pk)] += cell.need
        assert {(row.line, row.group_id): row.required for row in sums} == by_raion


def test_an_akim_who_would_count_by_two_sorts_of_period_is_refused(land, monkeypatch):
    rows = norms(dt.date(2027, 1, 1), Readings({}))
    twice = [*rows, replace(next(row for row in rows if row.line == "c"), per="year")]
    monkeypatch.setattr("calendars.required.norms", lambda *_args: twice)
    with pytest.raises(ValueError, match="two sorts of period"):
        coverage.cells([land.O], 2027)
