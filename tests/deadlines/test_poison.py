"""A duty whose day cannot be counted keeps nobody else's from opening, and the administrator is told (F37)."""

import datetime as dt

import pytest

from deadlines.models import Duty
from deadlines.services import bring_in_line, counting, sweep
from journal.models import Heartbeat
from law.deadlines import dates
from tests import factories

TODAY = dt.date(2027, 1, 10)


@pytest.fixture
def poisoned(monkeypatch):
    """The line of one week cannot be counted for meetings in April."""

    def fails(line, anchors, *more):
        if line.rule_id == "826-3.4.f" and anchors["meeting.date"].month == 4:
            raise ZeroDivisionError("a rule that raises")
        return dates(line, anchors, *more)

    monkeypatch.setattr(counting, "dates", fails)
    return monkeypatch


@pytest.fixture
def three(land, our_calendar):
    return [
        factories.meeting(our_calendar, land.A, place, dt.date(2027, month, 15))
        for month, place in ((3, land.a1), (4, land.a2), (5, land.a3))
    ]


def announcements() -> set[int]:
    return {duty.subject_id for duty in Duty.objects.filter(rule_id="826-3.4.f", cancelled_at=None)}


def test_the_others_open_in_a_new_year_and_in_one_that_is_known(poisoned, three, land, our_calendar):
    counts = sweep(TODAY, [2027])
    assert counts.uncounted == 1
    assert announcements() == {three[0].pk, three[2].pk}
    later = factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 6, 15))
    assert sweep(TODAY, [2027]).uncounted == 1
    assert announcements() == {three[0].pk, three[2].pk, later.pk}
    assert Duty.objects.filter(rule_id="826-3.5.c1").count() == 4


def test_the_administrator_reads_which_day_and_why_until_it_is_mended(poisoned, three, administrator, editor):
    bring_in_line(TODAY, [2027])
    page = administrator.client.get("/staff/duties/delivery/").content.decode()
    assert "ZeroDivisionError: a rule that raises" in page
    assert "2027-04-15" in page
    assert "could not be counted" in administrator.client.get("/staff/").content.decode()
    poisoned.undo()
    assert bring_in_line(TODAY, [2027]).uncounted == 0
    assert announcements() == {row.pk for row in three}
    assert not Heartbeat.objects.filter(name="uncounted").exists()


def test_an_open_duty_keeps_its_day_while_the_new_one_cannot_be_counted(poisoned, three):
    first = three[0]
    bring_in_line(TODAY, [2027])
    before = Duty.objects.get(rule_id="826-3.4.f", due_on=dt.date(2027, 3, 8))
    first.date = dt.date(2027, 4, 20)
    first.save()
    assert bring_in_line(TODAY, [2027]).uncounted == 2
    before.refresh_from_db()
    assert (before.due_on, before.cancelled_at) == (dt.date(2027, 3, 8), None)
