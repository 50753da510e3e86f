"""A sweep of what has moved leaves the ledger that a sweep of everything leaves, whatever happened in between."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction

from calendars.models import CalendarVersion, Meeting, MeetingTarget, VersionRow
from deadlines.ids import Subject, duty_id
from deadlines.marks import EVERY_YEAR
from deadlines.models import Duty, Moved, MovedUnit, ReadingChoice
from deadlines.services import Proof, moves, record_evidence, sweep, withdraw_evidence
from issues import services
from issues.models import (
    Channel,
    Commission,
    Issue,
    QuarterlyReport,
    QuarterlyRow,
    ReceptionCategory,
    ReceptionParticipant,
    VideoPoint,
)
from issues.services import Member
from territories.models import Role
from tests import factories
from tests.cast import Person

from .factories import CLOCK, LATER, MET_ON, TODAY, at, channel, held_meeting, issue, item, seen

pytestmark = pytest.mark.postgres
#: Countings by what they count: their ids are given anew after a savepoint.
KEY = [f"counting__{name}" for name in ("wording", "readings", "day", "other_day", "number")]
OWN = [field.attname for field in Duty._meta.concrete_fields if field.name not in ("cancelled_at", "counting")]
COLUMNS = ["cancelled_at", *OWN, *KEY]
YEAR = [2026]


def ledger() -> list[tuple]:
    rows = Duty.objects.order_by("pk").values_list(*COLUMNS)
    return [(cancelled_at is not None, *values) for cancelled_at, *values in rows]


def swept(day: dt.date, full_each: int) -> list[tuple]:
    assert sweep(day, YEAR, mail=False, full_each=full_each) is not None
    return ledger()


def both(day: dt.date) -> tuple[list[tuple], list[tuple]]:
    """The ledger as a sweep of everything would leave it, and as one of what has moved does leave it."""
    place = transaction.savepoint()
    everything = swept(day, 0)
    transaction.savepoint_rollback(place)
    return everything, swept(day, 1000)


def events(calendar, met, raised, land, administrator, okrug_office) -> Iterator[str]:
    """One thing after another that makes, moves, meets or drops duties; its name after it has happened."""
    coming = factories.meeting(calendar, land.A, land.a1, dt.date(2026, 3, 30))
    yield "planned"
    of_other = factories.meeting(calendar, land.B, land.b1, dt.date(2026, 9, 30))
    yield "planned for the autumn"
    Meeting.objects.filter(pk=of_other.pk).update(date=dt.date(2026, 9, 2))
    yield "moved within the autumn"
    Meeting.objects.filter(pk=coming.pk).update(date=dt.date(2026, 4, 6), announced_on=TODAY)
    yield "moved and announced"
    for row in Channel.objects.filter(campaign=True):
        services.skip_channel(coming, purpose="campaign", channel=row, reason="Жоқ", by=CLOCK)
    use = {"purpose": "announcement", "channel": channel("site"), "address": "https://a.example/"}
    services.record_channel(coming, published_at=at(TODAY), today=TODAY, by=CLOCK, **use)
    yield "campaign"
    commission = services.form_commission(
        land.A,
        order_number="7",
        order_date=dt.date(2026, 1, 9),
        members=[Member("assembly", "мүше")],
        valid_from=dt.date(2026, 1, 9),
        today=TODAY,
        by=CLOCK,
    )
    yield "commission of all meetings of an akim"
    Commission.objects.filter(pk=commission.pk).update(valid_to=dt.date(2026, 4, 1))
    yield "commission that ends before one of them"
    services.freeze_pool(coming, [issue(land.A)], analysis="Талдау", today=TODAY, by=CLOCK)
    yield "pool"
    for category in ("deputies", "parties", "organisations", "opposition"):
        values = {"invited": 2, "invited_on": TODAY}
        services.record_audience(coming, category=category, values=values, seen_version=None, by=CLOCK)
    yield "audience"
    services.record_broadcast(met, values={"address": "https://live.example/"}, seen_version=None, by=CLOCK)
    yield "broadcast"
    point = VideoPoint.objects.create(unit=land.A, region=land.O, meeting=met, place=land.a2, connected=True)
    yield "point"
    point.delete()
    yield "point removed"
    services.record_reception(
        met, starts_on=TODAY, ends_on=TODAY, citizens=7, participants={"deputies": (2, 1, "")}, today=TODAY, by=CLOCK
    )
    yield "reception"
    everyone = {category: (1, 0, "") for category in ReceptionCategory.values}
    services.record_reception(
        met, starts_on=TODAY, ends_on=TODAY, citizens=1, participants=everyone, today=TODAY, by=CLOCK
    )
    yield "complete reception"
    ReceptionParticipant.objects.filter(reception__meeting=met, category="police").delete()
    yield "participant removed"
    item(raised)
    for what in ("list", "plan"):
        version = services.freeze_document(met, what=what, by=CLOCK)
        for code in ("site", "egov"):
            link = f"https://{code}.example/{what}"
            services.publish(version, channel=channel(code), link=link, published_at=at(TODAY), by=CLOCK)
    yield "published"
    data = {"session_number": "3", "session_date": TODAY, "decision": "Қаржы жоқ", "outcome": "refused"}
    services.record_financing(met, [raised], values=data, today=TODAY, by=CLOCK)
    yield "financing"
    colleague = Person(Role.OFFICE_STAFF, land.B)
    of_akim = Duty.objects.get(pk=duty_id(Subject.AKIM, land.B.pk, "826-1.h1", "2026"))
    proof = Proof(kind="REC", done_on=TODAY, note="1")
    evidence = record_evidence(of_akim, proof, seen_version=1, today=TODAY, by=colleague.who)
    yield "an akim's duty proved by hand"
    joint = held_meeting(calendar, land.B, land.b1)
    yield "held by another akim"
    rows = [MeetingTarget(meeting=joint, holder=land.A, target=village) for village in (land.a2, land.a3)]
    MeetingTarget.objects.bulk_create(rows)
    yield "held for the villages of a second akim too"
    joint.targets.filter(target=land.a3).delete()
    yield "not for one of them after all"
    nothing_to_tell = Meeting.objects.filter(pk=joint.pk)
    nothing_to_tell.update(off_calendar=True)
    yield "outside the calendar"
    nothing_to_tell.update(held_on=MET_ON + dt.timedelta(days=1))
    yield "held a day later"
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=1,
        order_number="1",
        order_date=TODAY,
        approved_at=at(TODAY),
        approved_by=administrator.user,
        row_count=1,
        rows_sha256="0" * 64,
    )
    yield "a version without it"
    VersionRow.objects.create(
        version=version, meeting=joint, number=1, holder=land.B, place=land.b1, date=MET_ON, data={}
    )
    yield "a version that holds it"
    other = issue(land.B, place=land.b1, meeting=joint)
    yield "raised at a meeting of another akim"
    Issue.objects.filter(pk=other.pk).update(unit=land.A, number=77)
    yield "handed to the first one"
    Issue.objects.filter(pk=raised.pk).update(meeting=None)
    yield "his own is of no meeting, and one is left"
    Issue.objects.filter(pk=other.pk).update(joined_into=raised)
    yield "none is left"
    Issue.objects.filter(pk=raised.pk).update(meeting=met)
    yield "of the meeting again"
    of_akim.refresh_from_db()
    withdraw_evidence(evidence, reason="Қате", seen_version=of_akim.version, today=TODAY, by=colleague.who)
    yield "the proof of the akim's duty taken back, which a meeting has met meanwhile"
    duty = Duty.objects.get(pk=duty_id(Subject.MEETING, met.pk, "826-4.h1"))
    proof = Proof(kind="REC", done_on=TODAY, note="12")
    evidence = record_evidence(duty, proof, seen_version=duty.version, today=TODAY, by=okrug_office.who)
    yield "proved by hand"
    services.record_audience(met, category="press", values={"invited": 2}, seen_version=None, by=CLOCK)
    yield "what the proof by hand had said already"
    duty.refresh_from_db()
    withdraw_evidence(evidence, reason="Қате", seen_version=duty.version, today=TODAY, by=okrug_office.who)
    yield "proof taken back"
    Meeting.objects.filter(pk=met.pk).update(state="planned", held_on=None)
    yield "not held after all"
    Meeting.objects.filter(pk=coming.pk).update(state="cancelled", cancel_reason="Қар")
    yield "cancelled"
    Meeting.objects.filter(pk=coming.pk).update(state="planned", cancel_reason="", holder=land.B)
    yield "back, of another akim"
    Meeting.objects.filter(pk=of_other.pk).delete()
    yield "removed"
    ReadingChoice.objects.create(
        key="mandatory_places",
        value="any",
        region=land.O,
        valid_from=dt.date(2026, 1, 1),
        document="1",
        reason="Түсіндірме",
        decided_by=administrator.user,
    )
    yield "another reading"
    land.A.kind = "village"
    land.A.save()
    yield "akim of another kind"


def test_after_everything_that_can_happen_both_leave_the_same_ledger(
    calendar, met, raised, land, administrator, okrug_office
):
    swept(TODAY, 0)
    before = ledger()
    for event in events(calendar, met, raised, land, administrator, okrug_office):
        everything, moved = both(TODAY)
        assert moved == everything, event
        assert (moved != before) or event in NOTHING_OWED, f"{event}: nothing came of it, so nothing was tried"
        before = moved


#: What changes no duty, though it might.
NOTHING_OWED = {
    "what the proof by hand had said already",
    "his own is of no meeting, and one is left",
    "held a day later",
}


def test_after_the_information_of_a_quarter_both_leave_the_same_ledger(calendar, met, raised, land):
    day = dt.date(2026, 4, 20)
    swept(day, 0)
    before = ledger()
    report = services.draft_quarter(land.A, year=2026, quarter=1, by=CLOCK)
    QuarterlyRow.objects.filter(report=report).update(
        progress_kk="Өзгеріс жоқ", progress_ru="Без изменений", solved=True
    )
    QuarterlyReport.objects.filter(pk=report.pk).update(text_kk="Есеп", text_ru="Отчёт")

    def happens() -> Iterator[str]:
        services.freeze_quarter(report, seen_version=seen(report), today=day, by=CLOCK)
        yield "frozen"
        for code in ("site", "egov"):
            place = {"channel": channel(code), "link": f"https://{code}.example/q1", "published_at": at(day)}
            services.publish_quarter(report, by=CLOCK, **place)
        yield "published"
        QuarterlyReport.objects.filter(pk=report.pk).update(state="draft")
        yield "thawed"
        QuarterlyReport.objects.filter(pk=report.pk).update(state="frozen")
        yield "frozen again"
        QuarterlyRow.objects.filter(report=report).update(solved=False)
        yield "not solved after all"

    for event in happens():
        everything, moved = both(day)
        assert moved == everything, event
        assert moved != before or event in ("frozen", "not solved after all"), f"{event}: nothing came of it"
        before = moved
    # What is solved is owed no more from the next quarter on.
    QuarterlyRow.objects.filter(report=report).update(solved=True)
    everything, moved = both(LATER)
    assert moved == everything
    QuarterlyRow.objects.filter(report=report).update(solved=False)
    everything, again = both(LATER)
    assert again == everything != moved


def test_a_quarter_that_begins_makes_akims_owe_though_nothing_has_happened(calendar, met, raised, land):
    swept(dt.date(2026, 3, 31), 0)
    opened = []
    for day in (dt.date(2026, 3, 31), dt.date(2026, 4, 1)):
        everything, moved = both(day)
        assert moved == everything
        opened.append(Duty.objects.filter(pk=duty_id(Subject.AKIM, land.A.pk, "826-3.5.d1", "2026-Q2")).exists())
    assert opened == [False, True]


def test_a_checklist_opens_on_its_day_though_nothing_has_happened_to_its_meeting(calendar, land):
    meeting = factories.meeting(calendar, land.A, land.a1, TODAY + dt.timedelta(days=62))
    swept(TODAY, 0)
    opened = []
    for days in range(1, 5):
        everything, moved = both(TODAY + dt.timedelta(days=days))
        assert moved == everything
        opened.append(Duty.objects.filter(rule_id="826-4.h1", debtor=land.A, year=2026).exists())
    assert opened == [False, True, True, True]
    assert meeting.pk


def test_a_standstill_of_days_is_made_up_for(calendar, land):
    factories.meeting(calendar, land.A, land.a1, TODAY + dt.timedelta(days=62))
    swept(TODAY, 0)
    everything, moved = both(TODAY + dt.timedelta(days=9))
    assert moved == everything


def test_marks_are_taken_off_by_the_sweep_that_looks_at_them(calendar, land):
    swept(TODAY, 0)
    meeting = factories.meeting(calendar, land.A, land.a1, dt.date(2026, 3, 30))
    assert set(Moved.objects.values_list("meeting_id", "year")) == {(meeting.pk, 2026)}
    swept(TODAY, 1000)
    assert not Moved.objects.exists()


def test_marks_of_another_year_wait_for_a_sweep_of_that_year(calendar, land):
    swept(TODAY, 0)
    factories.meeting(factories.calendar(land.O, 2027), land.A, land.a1, dt.date(2027, 3, 30))
    swept(TODAY, 1000)
    assert Moved.objects.filter(year=2027).exists()


def test_a_meeting_held_marks_its_akim_for_every_year_that_is_swept(calendar, land):
    window = [2026, 2027]
    for year in window:
        sweep(TODAY, [year], mail=False)
    sweep(TODAY, window, mail=False)
    held_meeting(calendar, land.A, land.a1)
    assert set(MovedUnit.objects.values_list("unit_id", "year")) == {(land.A.pk, EVERY_YEAR)}
    assert moves.units_taken([2027], window) == {land.A.pk}
    assert set(MovedUnit.objects.values_list("unit_id", "year")) == {(land.A.pk, 2026)}
    assert moves.units_taken([2026], window) == {land.A.pk}
    assert not MovedUnit.objects.exists()


def test_what_is_only_planned_marks_no_akim(calendar, land):
    swept(TODAY, 0)
    meeting = factories.meeting(calendar, land.A, land.a1, dt.date(2026, 3, 30))
    Meeting.objects.filter(pk=meeting.pk).update(date=dt.date(2026, 4, 6))
    assert not MovedUnit.objects.exists()
