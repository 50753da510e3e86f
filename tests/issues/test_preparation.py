"""Before the meeting: commission, announcement, channels, audience, broadcast, demands."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from issues import services
from issues.models import Audience, ChannelUse, Demand, MeetingRecord
from issues.services import Member
from tests import factories

from .factories import CLOCK, TODAY, at, channel, file

COMING = dt.date(2026, 3, 30)
ASSEMBLY, COUNCIL = Member("assembly", "жиналыс мүшесі"), Member("council", "кеңес мүшесі")


@pytest.fixture
def coming(calendar, land):
    """A meeting of the akim of our okrug A in two weeks."""
    return factories.meeting(calendar, land.A, land.a1, COMING)


def form(unit, *members, by=CLOCK, **fields):
    fields = {"order_number": "7", "order_date": TODAY, "valid_from": TODAY, "today": TODAY} | fields
    return services.form_commission(unit, members=members, by=by, **fields)


def test_a_standing_commission_serves_every_meeting_inside_its_term(coming, land, okrug_office):
    row = form(land.A, ASSEMBLY, by=okrug_office.who, valid_to=dt.date(2026, 12, 31))
    assert services.commission_of(coming) == row
    coming.date = dt.date(2027, 1, 5)
    assert services.commission_of(coming) is None


def test_the_meetings_own_commission_goes_before_the_standing_one(coming, land):
    form(land.A, ASSEMBLY)
    own = form(land.A, ASSEMBLY, meeting=coming)
    assert services.commission_of(coming) == own


def test_a_commission_needs_a_member_of_each_body_that_exists_or_a_note(land):
    with pytest.raises(ValidationError, match="local community assembly"):
        form(land.A, COUNCIL)
    with pytest.raises(ValidationError, match="public council"):
        form(land.R, ASSEMBLY)
    assert form(land.R, COUNCIL).members.count() == 1
    assert form(land.A, Member("office", "маман"), no_assembly_note="Жиналыс әлі құрылған жоқ").pk


def test_a_neighbour_forms_no_commission_for_us(land, neighbour):
    with pytest.raises(PermissionDenied):
        form(land.A, ASSEMBLY, by=neighbour.who)


def test_the_composition_changes_by_version(land):
    row = form(land.A, ASSEMBLY)
    services.edit_commission(row, values={}, members=[ASSEMBLY, COUNCIL], seen_version=1, by=CLOCK)
    with pytest.raises(services.Conflict):
        services.edit_commission(row, values={"order_number": "8"}, members=[ASSEMBLY], seen_version=1, by=CLOCK)
    assert row.members.count() == 2


def use(meeting, code="site", purpose="announcement", day=TODAY, **fields):
    fields = {"address": "https://site.example/a", "today": TODAY, "by": CLOCK} | fields
    return services.record_channel(meeting, purpose=purpose, channel=channel(code), published_at=at(day, 0), **fields)


def test_the_first_public_announcement_counts_and_freezes_the_planned_minutes(coming, okrug_office):
    use(coming, by=okrug_office.who)
    use(coming, "social", day=TODAY - dt.timedelta(days=1), by=okrug_office.who)
    coming.refresh_from_db()
    assert coming.announced_on == TODAY - dt.timedelta(days=1)
    assert MeetingRecord.objects.get(meeting=coming).planned_minutes == 120
    assert list(ChannelUse.objects.values_list("for_date", flat=True)) == [COMING, COMING]


def test_a_channel_needs_an_address_or_a_copy(coming, land):
    with pytest.raises(ValidationError, match="address of the page"):
        use(coming, address="")
    assert use(coming, "public_places", "campaign", address="", copy=file(land.A, kind="photo")).pk


def test_a_channel_that_is_not_used_needs_its_reason(coming):
    with pytest.raises(ValidationError, match="not used"):
        services.skip_channel(coming, purpose="campaign", channel=channel("radio"), reason=" ", by=CLOCK)
    row = services.skip_channel(coming, purpose="campaign", channel=channel("radio"), reason="Радио жоқ", by=CLOCK)
    services.withdraw_channel(row, reason="Қате", by=CLOCK)
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def test_the_text_of_the_announcement_keeps_its_earlier_wordings(coming):
    for text in ("Бірінші", "Бірінші", "Екінші"):
        services.write_announcement(coming, text_kk=text, text_ru="Текст", by=CLOCK)
    assert list(coming.announcement_texts.values_list("number", "text_kk")) == [(2, "Екінші"), (1, "Бірінші")]


def test_the_audience_is_kept_by_category_and_guarded_by_its_version(coming, okrug_office):
    row = services.record_audience(
        coming, category="opposition", values={"invited": 4}, seen_version=None, by=okrug_office.who
    )
    with pytest.raises(services.Conflict):
        services.record_audience(coming, category="opposition", values={"invited": 5}, seen_version=None, by=CLOCK)
    services.record_audience(coming, category="opposition", values={"present": 1}, seen_version=1, by=CLOCK)
    row = Audience.objects.get(pk=row.pk)
    assert (row.invited, row.present) == (4, 1)
    with pytest.raises(ValidationError):
        services.record_audience(coming, category="parties", values={"invited": -1}, seen_version=None, by=CLOCK)


def test_a_broadcast_has_an_address_or_a_reason(coming):
    for values in ({}, {"address": "https://live.example/", "reason": "Жоқ"}):
        with pytest.raises(ValidationError, match="either the address"):
            services.record_broadcast(coming, values=values, seen_version=None, by=CLOCK)
    row = services.record_broadcast(coming, values={"reason": "Интернет жоқ"}, seen_version=None, by=CLOCK)
    services.record_broadcast(
        coming, values={"reason": "", "address": "https://live.example/"}, seen_version=row.version, by=CLOCK
    )


def demand(land, **fields):
    values = {"who": "Абай көшесінің тұрғындары", "people": 40, "text": "Су туралы"} | fields
    return services.register_demand(land.A, place=land.a1, received_on=TODAY, values=values, today=TODAY, by=CLOCK)


def test_a_demand_of_the_population_is_answered_with_a_meeting_or_with_a_reason(land, coming, okrug_office):
    row = demand(land)
    answer = {"on": TODAY, "today": TODAY, "by": okrug_office.who}
    with pytest.raises(ValidationError, match="refused"):
        services.answer_demand(row, answer="refused", seen_version=1, **answer)
    with pytest.raises(ValidationError, match="Choose the meeting"):
        services.answer_demand(row, answer="granted", seen_version=1, **answer)
    services.answer_demand(row, answer="granted", meeting=coming, seen_version=1, **answer)
    assert list(coming.demands.all()) == [row]


def test_a_demand_names_a_group_and_no_telephone(land):
    with pytest.raises(ValidationError, match="telephone"):
        demand(land, who="Тұрғын 8 701 123 45 67")
    with pytest.raises(ValidationError):
        demand(land, people=0)
    assert Demand.objects.count() == 0
