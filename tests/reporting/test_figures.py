"""The figures of the desk: known day by day out of dated rows, and kept beforehand without a difference."""

import datetime as dt
import json

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError

from calendars.models import Meeting
from deadlines.services import sweep
from issues import services
from issues.models import Issue
from reporting.desk import keeping
from reporting.desk.figures import Figures, Member, added_up, as_of, key, members, series
from reporting.desk.models import Cell

from .. import factories
from ..issues import factories as raised_by

YEAR = 2026


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"{YEAR}-{text}")


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(dt.datetime(2026, 3, 16, 5, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def year(land):
    """The okrug A announced its meeting in time and B did not; the ledger looked in February and in March."""
    calendar = factories.calendar(land.O, YEAR)
    factories.calendar(land.N, YEAR)
    met = factories.meeting(calendar, land.A, land.a1, day("03-10"))
    factories.meeting(calendar, land.B, land.b1, day("03-12"))
    sweep(day("02-10"), [YEAR])
    Meeting.objects.filter(pk=met.pk).update(announced_on=day("02-20"))
    sweep(day("02-25"), [YEAR])
    Meeting.objects.filter(pk=met.pk).update(state="held", held_on=day("03-10"))
    sweep(day("03-14"), [YEAR])
    met.refresh_from_db()
    return met


def figures(unit, on: str, *, own: bool = False):
    member = Member(unit, own=own)
    return as_of([member], YEAR, day(on)).get(key(member), Figures())


def test_an_announcement_counts_from_the_day_on_which_the_ledger_knew_it(year, land):
    assert [figures(land.A, on).announce_met for on in ("02-20", "02-24", "02-25")] == [0, 0, 1]


def test_what_was_never_done_is_contested_and_then_late_by_the_passing_of_days(year, land):
    states = {}
    for on in ("03-04", "03-05", "03-06", "03-07", "03-08"):
        row = figures(land.B, on)
        states[on] = (row.announce_contested, row.announce_late)

    assert sorted(states.values()) == list(states.values())
    assert states["03-04"] == (0, 0)
    assert states["03-08"] == (0, 1)


@pytest.fixture
def slipped(year, land):
    """An issue promised for 20 May, put off on 25 May to 20 June, and done on 1 July."""
    issue = raised_by.issue(land.A, place=land.a1, meeting=year)
    item = raised_by.item(issue)
    asked = services.ask_due_change(item, to=day("06-20"), reason="Шам келмеді", today=day("05-25"), by=raised_by.CLOCK)
    services.grant_due_change(asked, decision="", today=day("05-25"), by=raised_by.CLOCK)
    return issue


def test_an_issue_is_past_its_day_by_the_day_promised_at_the_time(slipped, land, march):
    march.move_to(dt.datetime(2026, 7, 1, 5, tzinfo=dt.UTC))
    services.close_issue(
        slipped, kind="explained", on=day("07-01"), text_kk="Түсіндірілді", seen_version=raised_by.seen(slipped),
        today=day("07-01"), by=raised_by.CLOCK,
    )  # fmt: skip

    past = {on: figures(land.A, on).past for on in ("05-20", "05-21", "05-24", "05-25", "06-20", "06-21", "07-01")}

    assert past == {
        "05-20": 0, "05-21": 1, "05-24": 1, "05-25": 0, "06-20": 0, "06-21": 1, "07-01": 0,
    }  # fmt: skip
    before, after = figures(land.A, "06-30"), figures(land.A, "07-01")
    assert (before.open, before.explained, before.slipped) == (1, 0, 1)
    assert (after.open, after.explained, after.slipped) == (0, 1, 1)


def test_today_the_sums_say_what_the_issues_themselves_say(slipped, land):
    for on in ("05-21", "05-26", "06-25"):
        row, now = figures(land.A, on), day(on)
        if now >= day("05-25"):
            assert row.past == Issue.objects.past_their_day(now).count()
        assert row.open == Issue.objects.open().count()


def test_what_is_kept_is_what_the_rows_say_at_every_level_and_on_every_day(slipped, land):
    keeping.refresh()

    for unit in (None, land.O, land.R):
        chosen = members(unit, day("03-01"))
        for on in ("02-20", "02-25", "03-06", "03-14", "05-22", "06-30"):
            kept = as_of(chosen, YEAR, day(on))
            counted = added_up(chosen, YEAR, day(on))
            empty = {place: row for place, row in kept.items() if any(vars(row).values())}
            assert empty == {place: row for place, row in counted.items() if any(vars(row).values())}
        assert series(chosen, YEAR, [day("03-14")])[0].held == 1


def test_the_rows_of_a_level_add_up_to_the_level_above(slipped, land):
    keeping.refresh()

    whole = as_of([Member(land.O, opens=True)], YEAR, day("06-30"))[land.O.pk, True]
    parts = as_of(members(land.O, day("03-01")), YEAR, day("06-30")).values()

    for name in ("held", "announce_met", "announce_late", "duty_late", "raised", "open", "past"):
        assert getattr(whole, name) == sum(getattr(row, name) for row in parts), name


@pytest.mark.postgres
def test_keeping_twice_writes_nothing_and_a_spoilt_cell_is_found(slipped, capsys):
    first = keeping.refresh()
    again = keeping.refresh()
    assert first.new > 0
    assert (again.new, again.gone) == (0, 0)
    call_command("check_desk")

    Cell.objects.filter(pk=Cell.objects.first().pk).update(held=99)

    with pytest.raises(CommandError) as refused:
        call_command("check_desk", "--year", str(YEAR))
    assert refused.value.returncode == 1
    capsys.readouterr()
    call_command("check_desk", "--mend", "--format", "json")
    assert json.loads(capsys.readouterr().out)["differences"] == {str(YEAR): 0}
