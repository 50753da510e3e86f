"""People record what proves a duty, and take it back; nothing is lost on the way."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from calendars.models import Meeting
from deadlines.ids import Subject, duty_id
from deadlines.models import Duty, Evidence
from deadlines.services import Proof, bring_in_line, record_evidence, withdraw_evidence
from journal.models import Entry
from territories.services.people.stale import Stale
from tests import factories

HELD_ON, TODAY = dt.date(2027, 3, 15), dt.date(2027, 3, 20)
RECEPTION = "826-3.5.a1"
REC = Proof(kind="REC", done_on=dt.date(2027, 3, 16), note="12 citizens")


@pytest.fixture(autouse=True)
def calendars_alone(settings):
    """What the calendars tell, without the rooms further left."""
    settings.DUTY_SOURCES = ["calendars.duties.facts"]


@pytest.fixture
def meeting(land, our_calendar):
    return factories.meeting(our_calendar, land.A, land.a1, HELD_ON, state="held", held_on=HELD_ON)


@pytest.fixture
def reception(meeting) -> Duty:
    """The duty of a reception after our okrug's meeting."""
    bring_in_line(TODAY)
    return now_of(meeting)


def now_of(meeting, rule_id: str = RECEPTION) -> Duty:
    return Duty.objects.get(pk=duty_id(Subject.MEETING, meeting.pk, rule_id))


def prove(duty, person, proof=REC, today=TODAY) -> Evidence:
    return record_evidence(duty, proof, seen_version=duty.version, today=today, by=person.who)


def test_a_record_meets_the_duty_on_the_day_it_names(reception, meeting, okrug_office):
    prove(reception, okrug_office)
    found = now_of(meeting)
    assert (found.met_on, found.noted_on, found.met_by) == (dt.date(2027, 3, 16), TODAY, "hand")
    assert found.evidence == "REC||||12 citizens"


def test_the_sweep_leaves_what_was_proved_by_hand(reception, meeting, okrug_office):
    prove(reception, okrug_office)
    before = Duty.objects.filter(pk=reception.pk).values().get()
    bring_in_line(dt.date(2027, 4, 1))
    assert Duty.objects.filter(pk=reception.pk).values().get() == before


def test_a_day_before_the_recording_is_marked_as_entered_afterwards(reception, okrug_office):
    assert prove(reception, okrug_office).entered_afterwards
    same_day = Proof(kind="REC", done_on=TODAY, note="second day")
    reception.refresh_from_db()
    assert not prove(reception, okrug_office, same_day).entered_afterwards


def test_withdrawn_evidence_stays_readable_and_the_duty_opens_again(reception, meeting, okrug_office):
    row = prove(reception, okrug_office)
    withdraw_evidence(row, reason="another meeting", seen_version=None, today=TODAY, by=okrug_office.who)
    found = now_of(meeting)
    assert (found.met_on, found.trace) == (None, "reopened")
    [kept] = Evidence.objects.filter(duty=found)
    assert (kept.withdrawn_reason, kept.withdrawn_by) == ("another meeting", okrug_office.user)
    assert list(Entry.objects.filter(action__startswith="duty.").values_list("action", flat=True).order_by("pk")) == [
        "duty.evidence_recorded",
        "duty.evidence_withdrawn",
    ]


def test_with_two_proofs_the_earlier_day_counts_and_the_later_remains(reception, meeting, okrug_office):
    first = prove(reception, okrug_office)
    prove(now_of(meeting), okrug_office, Proof(kind="REC", done_on=dt.date(2027, 3, 18), note="once more"))
    assert now_of(meeting).met_on == dt.date(2027, 3, 16)
    withdraw_evidence(first, reason="slip", seen_version=None, today=TODAY, by=okrug_office.who)
    found = now_of(meeting)
    assert (found.met_on, found.trace) == (dt.date(2027, 3, 18), "changed")


def test_evidence_is_withdrawn_once_and_with_a_reason(reception, okrug_office):
    row = prove(reception, okrug_office)
    with pytest.raises(ValidationError):
        withdraw_evidence(row, reason=" ", seen_version=None, today=TODAY, by=okrug_office.who)
    withdraw_evidence(row, reason="slip", seen_version=None, today=TODAY, by=okrug_office.who)
    with pytest.raises(ValidationError):
        withdraw_evidence(row, reason="slip", seen_version=None, today=TODAY, by=okrug_office.who)


@pytest.mark.parametrize(
    ("proof", "field"),
    [
        (Proof(kind="WORD", done_on=TODAY), "kind"),
        (Proof(kind="REC", done_on=dt.date(2027, 3, 21), note="-"), "done_on"),
        (Proof(kind="SENT", done_on=TODAY), "number"),
        (Proof(kind="LINK", done_on=TODAY), "address"),
        (Proof(kind="SNAP", done_on=TODAY), "file"),
        (Proof(kind="SENT", done_on=TODAY, number="5", date=dt.date(2027, 3, 25)), "date"),
        (Proof(kind="SENT", done_on=dt.date(2027, 2, 1), number="5"), "note"),
        (Proof(kind="LINK", done_on=TODAY, address="not an address"), "address"),
    ],
)
def test_evidence_that_proves_nothing_is_refused_by_its_field(reception, okrug_office, proof, field):
    with pytest.raises(ValidationError) as refused:
        prove(reception, okrug_office, proof)
    assert field in refused.value.message_dict
    assert not Evidence.objects.exists()


def test_a_stale_save_is_told_and_writes_nothing(reception, meeting, okrug_office, raion_office):
    prove(reception, okrug_office)
    with pytest.raises(Stale):
        prove(reception, raion_office)
    assert Evidence.objects.count() == 1


def test_the_office_the_raion_and_the_region_may_prove_it_and_nobody_else(
    reception, meeting, okrug_office, raion_office, editor, neighbour, secretary, reviewer, administration
):
    for person in (okrug_office, raion_office, editor):
        prove(now_of(meeting), person)
    for person in (neighbour, secretary, reviewer, administration):
        with pytest.raises(PermissionDenied):
            prove(now_of(meeting), person)
    assert Evidence.objects.count() == 3


def test_nothing_is_proved_of_a_meeting_that_was_cancelled(reception, meeting, okrug_office):
    Meeting.objects.update(state="cancelled")
    bring_in_line(TODAY)
    with pytest.raises(ValidationError):
        prove(now_of(meeting), okrug_office)


def test_what_the_program_proves_itself_stays_proved_by_it(land, our_calendar, okrug_office):
    row = factories.meeting(our_calendar, land.A, land.a1, HELD_ON, announced_on=dt.date(2027, 3, 1))
    bring_in_line(TODAY)
    told = now_of(row, "826-3.4.f")
    link = Proof(kind="LINK", done_on=dt.date(2027, 3, 5), address="https://a.example/")
    prove(told, okrug_office, link)
    assert (now_of(row, "826-3.4.f").met_on, now_of(row, "826-3.4.f").met_by) == (dt.date(2027, 3, 1), "fact")


def test_evidence_is_seen_by_whoever_sees_its_duty(reception, okrug_office, editor, neighbour, reviewer):
    row = prove(reception, okrug_office)
    seen = [person for person in (okrug_office, editor, neighbour, reviewer) if row in visible(person)]
    assert seen == [okrug_office, editor, reviewer]


def visible(person) -> list[Evidence]:
    return list(Evidence.objects.visible_to(person.who))
