"""Days that cannot be are refused in words, and what is known too late keeps its trace."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from deadlines.ids import Subject, duty_id
from deadlines.models import Duty, Trace
from deadlines.services import Proof, bring_in_line, record_evidence
from journal.models import Entry
from law import workdays
from territories.models import Organisation
from territories.scope import clock
from tests import factories

TODAY = dt.date(2027, 5, 20)
CLOCK = clock("test")


@pytest.fixture
def ministry(db):
    row = Organisation.objects.create(key="min-health", kind="ministry", name_kk="М", name_ru="М")
    bring_in_line(TODAY, [2027])
    return row


def of_quarter(body, quarter: str) -> Duty:
    return Duty.objects.get(pk=duty_id(Subject.BODY, body.pk, "12-1.4.h1", quarter))


def prove(duty: Duty, day: dt.date, by):
    proof = Proof(kind="SENT", done_on=day, number="1", note="found in the archive")
    return record_evidence(duty, proof, seen_version=None, today=TODAY, by=by)


def test_what_is_owed_for_a_quarter_was_not_done_before_it_began(ministry):
    with pytest.raises(ValidationError) as refused:
        prove(of_quarter(ministry, "2027-Q1"), dt.date(2026, 12, 31), CLOCK)
    assert "2027" in refused.value.message_dict["done_on"][0]
    assert prove(of_quarter(ministry, "2027-Q1"), dt.date(2027, 4, 5), CLOCK).done_on == dt.date(2027, 4, 5)


def test_what_is_owed_by_a_day_of_the_year_may_be_done_in_the_year_before_and_no_earlier(land):
    bring_in_line(TODAY, [2027])
    duty = Duty.objects.get(rule_id="826-2.1.h2", debtor=land.O, year=2027)
    with pytest.raises(ValidationError):
        prove(duty, dt.date(2025, 12, 30), CLOCK)
    assert prove(duty, dt.date(2026, 12, 30), CLOCK)


def test_a_fact_that_is_deleted_after_the_duty_was_met_leaves_its_trace(land, our_calendar):
    meeting = factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 4, 15), announced_on=dt.date(2027, 4, 1))
    bring_in_line(TODAY, [2027])
    pk = duty_id(Subject.MEETING, meeting.pk, "826-3.4.f")
    meeting.targets.all().delete()
    meeting.delete()
    bring_in_line(TODAY, [2027])
    duty = Duty.objects.get(pk=pk)
    assert (duty.met_on, duty.trace) == (dt.date(2027, 4, 1), Trace.FACT_GONE)
    assert Entry.objects.filter(action="duty.fact_gone", object_id=str(pk)).count() == 1


def test_a_year_without_days_off_stops_no_sweep_and_is_named(land, our_calendar, monkeypatch):
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 4, 15))
    known = workdays.year

    def year(number: int):
        if number == 2027:
            raise workdays.YearMissing(number)
        return known(number)

    monkeypatch.setattr(workdays, "year", year)
    counts = bring_in_line(TODAY, [2026, 2027])
    assert counts.uncounted > 0
    assert not Duty.objects.filter(rule_id="826-2.1.h2", year=2027).exists()
    monkeypatch.undo()
    assert bring_in_line(TODAY, [2026, 2027]).uncounted == 0
    assert Duty.objects.filter(rule_id="826-2.1.h2", year=2027, debtor=land.O).exists()
