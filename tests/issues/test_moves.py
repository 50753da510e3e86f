"""A sweep of what has moved leaves the ledger that a sweep of everything leaves, whatever happened in between."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction

from calendars.models import Meeting
from deadlines.ids import Subject, duty_id
from deadlines.models import Duty, Moved, ReadingChoice
from deadlines.services import Proof, record_evidence, sweep, withdraw_evidence
from issues import services
from issues.models import Channel, Commission, ReceptionCategory, ReceptionParticipant, VideoPoint
from issues.services import Member
from tests import factories

from .factories import CLOCK, TODAY, at, channel, issue, item

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
NOTHING_OWED = {"what the proof by hand had said already"}


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
