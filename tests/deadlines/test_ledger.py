"""Duties follow what happens to calendars and meetings."""

import datetime as dt

import pytest
from django.utils import timezone

from calendars.duties.meetings import ONE_WEEK, TWO_WEEKS
from calendars.duties.regional import APPROVE, CORRECT, NOTIFY, SUBMIT
from calendars.models import CalendarVersion, MaslikhatNotice, Meeting, Submission
from deadlines.ids import Subject, duty_id
from deadlines.models import Duty, ReadingChoice
from deadlines.services import bring_in_line, sweep
from tests import factories

AUTUMN = dt.date(2026, 11, 21)


def duty(rule_id: str, **found) -> Duty:
    return Duty.objects.get(rule_id=rule_id, year=2027, **found)


def approve(calendar, person, day: dt.date, number: int = 1) -> CalendarVersion:
    return CalendarVersion.objects.create(
        calendar=calendar,
        number=number,
        order_number="12",
        order_date=day,
        scan_name="order.pdf",
        reason="" if number == 1 else "flood",
        approved_at=timezone.make_aware(dt.datetime.combine(day, dt.time(12))),
        approved_by=person.user,
        row_count=0,
    )


@pytest.mark.parametrize(
    ("rule_id", "safe", "due", "late_after", "target"),
    [
        # The table of one year under the default readings, register 4.2.
        (APPROVE, "2027-01-14", "2027-01-14", "2027-01-15", "2027-01-14"),
        (NOTIFY, "2027-01-14", "2027-01-14", "2027-01-15", "2027-01-14"),
        (SUBMIT, "2027-01-19", "2027-01-19", "2027-01-20", "2027-01-19"),
    ],
)
def test_from_autumn_on_the_region_owes_the_calendar_of_the_next_year(land, rule_id, safe, due, late_after, target):
    bring_in_line(AUTUMN)
    found = duty(rule_id, debtor=land.O)
    assert [str(d) for d in (found.counting.safe_on, found.due_on, found.late_after, found.counting.target_on)] == [
        safe,
        due,
        late_after,
        target,
    ]


def test_a_summer_sweep_does_not_speak_of_the_next_year(land):
    bring_in_line(dt.date(2026, 9, 30))
    assert not Duty.objects.filter(year=2027).exists()


@pytest.mark.parametrize(
    ("holder", "rule_id", "last_day"),
    [
        ("O", TWO_WEEKS, "2027-03-01"),
        ("R", TWO_WEEKS, "2027-03-01"),
        ("A", ONE_WEEK, "2027-03-08"),
    ],
)
def test_the_akims_level_says_how_early_a_meeting_is_announced(land, our_calendar, holder, rule_id, last_day):
    meeting = factories.meeting(our_calendar, getattr(land, holder), land.a1, dt.date(2027, 3, 15))
    bring_in_line(AUTUMN)
    assert str(duty(rule_id, pk=duty_id(Subject.MEETING, meeting.pk, rule_id)).due_on) == last_day


def test_moving_a_meeting_moves_its_duty_and_cancelling_it_drops_the_duty(land, our_calendar):
    meeting = factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 15))
    bring_in_line(AUTUMN)
    Meeting.objects.update(date=dt.date(2027, 4, 15))
    bring_in_line(AUTUMN)
    assert duty(ONE_WEEK).due_on == dt.date(2027, 4, 8)
    Meeting.objects.update(state="cancelled")
    bring_in_line(AUTUMN)
    assert duty(ONE_WEEK, pk=duty_id(Subject.MEETING, meeting.pk, ONE_WEEK)).cancelled_at is not None


def test_a_sweep_that_runs_again_changes_nothing(land, our_calendar):
    factories.meeting(our_calendar, land.A, land.a1)
    sweep(AUTUMN)
    before = list(Duty.objects.order_by("pk").values())
    again = sweep(AUTUMN)
    assert list(Duty.objects.order_by("pk").values()) == before
    assert (again.opened, again.redated, again.met, again.dropped) == (0, 0, 0, 0)


def test_approval_and_submission_meet_their_duties_with_evidence(land, our_calendar, approver):
    version = approve(our_calendar, approver, dt.date(2027, 1, 14))
    Submission.objects.create(
        version=version,
        letter_number="5",
        letter_date=dt.date(2027, 1, 20),
        submitted_at=timezone.make_aware(dt.datetime(2027, 1, 20, 10)),
        submitted_by=approver.user,
    )
    bring_in_line(dt.date(2027, 1, 20))
    states = dict(Duty.objects.with_state(dt.date(2027, 2, 1)).filter(debtor=land.O).values_list("rule_id", "state"))
    assert states[APPROVE] == "met"
    assert states[SUBMIT] == "met_contested"
    assert states[NOTIFY] == "breach"
    assert duty(APPROVE, debtor=land.O).evidence == "DOC|12|2027-01-14||"


@pytest.mark.parametrize(
    ("today", "state"), [("2027-01-14", "open"), ("2027-01-15", "contested"), ("2027-01-16", "breach")]
)
def test_an_open_duty_is_called_a_breach_only_after_the_most_lenient_reading(land, today, state):
    bring_in_line(AUTUMN)
    found = Duty.objects.with_state(dt.date.fromisoformat(today)).get(rule_id=APPROVE, debtor=land.O, year=2027)
    assert found.state == state


def test_a_met_duty_keeps_its_dates_when_a_reading_changes_and_an_open_one_moves(land, our_calendar, approver):
    approve(our_calendar, approver, dt.date(2027, 1, 10))
    bring_in_line(AUTUMN)
    ReadingChoice.objects.create(
        key="until_edge",
        value="inclusive",
        valid_from=dt.date(2026, 1, 1),
        document="№ 1",
        reason="-",
        decided_by=approver.user,
    )
    bring_in_line(AUTUMN)
    assert duty(APPROVE, debtor=land.O).due_on == dt.date(2027, 1, 14)
    assert duty(SUBMIT, debtor=land.O).due_on == dt.date(2027, 1, 20)


def test_a_correction_owes_the_maslikhat_a_notice_to_which_the_act_gives_no_number(land, our_calendar, approver):
    approve(our_calendar, approver, dt.date(2027, 1, 10))
    approve(our_calendar, approver, dt.date(2027, 3, 10), number=2)
    bring_in_line(dt.date(2027, 3, 11))
    found = Duty.objects.with_state(dt.date(2027, 6, 1)).get(rule_id=CORRECT)
    assert (found.state, found.due_on) == ("no_number", None)


def test_an_acknowledgement_proves_the_notice_even_if_the_letter_never_left(land, our_calendar, approver):
    version = approve(our_calendar, approver, dt.date(2027, 1, 10))
    MaslikhatNotice.objects.create(
        version=version,
        maslikhat=factories.maslikhat(land.O, "m@test.example"),
        address="m@test.example",
        token_digest="x",
        expires_at=timezone.now(),
        acknowledged_at=timezone.make_aware(dt.datetime(2027, 1, 12, 9)),
    )
    bring_in_line(dt.date(2027, 1, 13))
    assert duty(NOTIFY, debtor=land.O).met_on == dt.date(2027, 1, 12)


def test_a_neighbour_does_not_see_our_duties(land, neighbour):
    bring_in_line(AUTUMN)
    seen = Duty.objects.visible_to(neighbour.who)
    assert {d.region_id for d in seen} == {land.N.pk}
