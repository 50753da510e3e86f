"""The ledger learns from this room what was prepared, published and answered, and from which day the term runs."""

import datetime as dt

import pytest

from deadlines.ids import Subject, duty_id
from deadlines.models import Duty, ReadingChoice
from deadlines.services import bring_in_line
from issues import services
from issues.models import Channel, ReceptionCategory
from issues.services import Member
from tests import factories

from .factories import CLOCK, MET_ON, TODAY, at, channel, held_meeting, issue, item, seen

RECEIVED = dt.date(2026, 3, 12)
APRIL = dt.date(2026, 4, 20)
RESULTS = ("826-3.5.c1", "826-3.5.c2", "826-3.5.c3")


def duty(rule_id: str, meeting) -> Duty:
    bring_in_line(TODAY)
    return Duty.objects.get(pk=duty_id(Subject.MEETING, meeting.pk, rule_id))


def quarterly(unit, quarter="2026-Q1", today=APRIL) -> Duty | None:
    bring_in_line(today)
    return Duty.objects.filter(pk=duty_id(Subject.AKIM, unit.pk, "826-3.5.d1", quarter), cancelled_at=None).first()


def publish(version, code, day=TODAY):
    services.publish(version, channel=channel(code), link=f"https://{code}.example/1", published_at=at(day), by=CLOCK)


def receive(meeting, day=RECEIVED, participants=None):
    services.record_reception(
        meeting, starts_on=day, ends_on=day, citizens=7, participants=participants or {}, today=TODAY, by=CLOCK
    )


@pytest.mark.parametrize("rule_id", RESULTS)
def test_ten_days_run_from_the_meeting_without_a_reception_and_from_its_last_day_with_one(met, rule_id):
    assert duty(rule_id, met).due_on == dt.date(2026, 3, 20)
    receive(met)
    assert duty(rule_id, met).due_on == dt.date(2026, 3, 22)


def test_the_results_are_published_on_the_day_of_the_last_mandatory_place(met):
    version = services.freeze_document(met, what="results", text_kk="Қорытынды", text_ru="Итоги", by=CLOCK)
    publish(version, "site", dt.date(2026, 3, 13))
    assert duty("826-3.5.c1", met).met_on is None
    publish(version, "egov", dt.date(2026, 3, 15))
    assert duty("826-3.5.c1", met).met_on == dt.date(2026, 3, 15)
    assert duty("826-3.5.c2", met).met_on is None


def test_under_another_reading_one_place_is_enough(met, land, administrator):
    ReadingChoice.objects.create(
        key="mandatory_places",
        value="any",
        region=land.O,
        valid_from=dt.date(2026, 1, 1),
        document="1",
        reason="Түсіндірме",
        decided_by=administrator.user,
    )
    version = services.freeze_document(met, what="results", text_kk="Қорытынды", text_ru="Итоги", by=CLOCK)
    publish(version, "egov")
    assert duty("826-3.5.c1", met).met_on == TODAY


def test_list_and_plan_have_their_own_days(raised, met):
    item(raised)
    for what, day in (("list", dt.date(2026, 3, 14)), ("plan", TODAY)):
        version = services.freeze_document(met, what=what, by=CLOCK)
        publish(version, "site", day)
        publish(version, "egov", day)
    assert duty("826-3.5.c2", met).met_on == dt.date(2026, 3, 14)
    assert duty("826-3.5.c3", met).met_on == TODAY
    assert duty("826-3.5.b1", met).met_on is not None


def test_a_reception_with_every_category_told_meets_both_its_lines(met):
    receive(met, participants={"deputies": (2, 1, "")})
    assert duty("826-3.5.a1", met).met_on == RECEIVED
    assert duty("826-3.5.a2", met).met_on is None
    everyone = {category: (1, 0, "") for category in ReceptionCategory.values}
    receive(met, dt.date(2026, 3, 13), everyone)
    assert duty("826-3.5.a2", met).met_on == dt.date(2026, 3, 13)


@pytest.fixture
def coming(calendar, land):
    return factories.meeting(calendar, land.A, land.a1, dt.date(2026, 3, 30))


def test_a_standing_commission_meets_the_line_of_every_meeting_in_its_term(coming, land):
    services.form_commission(
        land.A,
        order_number="7",
        order_date=dt.date(2026, 1, 9),
        members=[Member("assembly", "мүше")],
        valid_from=dt.date(2026, 1, 9),
        today=TODAY,
        by=CLOCK,
    )
    assert duty("826-3.4.a1", coming).met_on == dt.date(2026, 1, 9)
    assert duty("826-3.4.a2", coming).met_on == dt.date(2026, 1, 9)


def test_the_pool_meets_its_lines_and_the_analysis_its_own(coming, land):
    row = issue(land.A)
    services.freeze_pool(coming, [row], today=TODAY, by=CLOCK)
    assert duty("826-3.4.a3", coming).met_on == TODAY
    assert duty("826-3.4.b2", coming).met_on is None
    services.freeze_pool(coming, [row], analysis="Талдау", today=TODAY, by=CLOCK)
    assert duty("826-3.4.b2", coming).met_on == TODAY


def test_the_campaign_is_complete_when_each_channel_was_used_or_has_its_reason(coming):
    rows = list(Channel.objects.filter(campaign=True))
    for row in rows[:-1]:
        services.skip_channel(coming, purpose="campaign", channel=row, reason="Жоқ", by=CLOCK)
    assert duty("826-3.4.c", coming).met_on is None
    services.record_channel(
        coming,
        purpose="announcement",
        channel=rows[-1],
        published_at=at(TODAY),
        address="https://a.example/",
        today=TODAY,
        by=CLOCK,
    )
    assert duty("826-3.4.c", coming).met_on == TODAY


def test_the_audience_line_needs_all_four_categories(coming):
    for category in ("deputies", "parties", "organisations", "opposition"):
        assert duty("826-4.h2", coming).met_on is None
        services.record_audience(
            coming, category=category, values={"invited": 2, "invited_on": TODAY}, seen_version=None, by=CLOCK
        )
    assert duty("826-4.h2", coming).met_on == TODAY
    assert duty("826-4.h1", coming).met_on == TODAY


def test_a_broadcast_without_open_comments_owes_them(met):
    row = services.record_broadcast(met, values={"address": "https://live.example/"}, seen_version=None, by=CLOCK)
    assert duty("826-3.2.h1", met).met_on == MET_ON
    assert duty("826-3.2.h2", met).met_on is None
    services.record_broadcast(met, values={"comments_open": True}, seen_version=row.version, by=CLOCK)
    assert duty("826-3.2.h2", met).met_on == MET_ON


def test_a_session_that_refused_the_money_meets_the_line_of_financing(met, raised):
    data = {"session_number": "3", "session_date": TODAY, "decision": "Қаржы жоқ", "outcome": "refused"}
    services.record_financing(met, [raised], values=data, today=TODAY, by=CLOCK)
    assert duty("826-3.5.b2", met).met_on == TODAY


def test_a_demand_waits_for_its_answer(land):
    values = {"who": "Көше тұрғындары", "people": 40, "text": "Су"}
    row = services.register_demand(land.A, place=land.a1, received_on=TODAY, values=values, today=TODAY, by=CLOCK)
    bring_in_line(TODAY)
    found = Duty.objects.get(pk=duty_id(Subject.DEMAND, row.pk, "826-3.1.h1"))
    assert (found.debtor, found.met_on) == (land.A, None)
    services.answer_demand(row, answer="refused", on=TODAY, text="Себеп", seen_version=1, today=TODAY, by=CLOCK)
    bring_in_line(TODAY)
    found.refresh_from_db()
    assert found.met_on == TODAY


def test_an_akim_without_issues_owes_no_quarterly_information(calendar, land):
    meeting = held_meeting(calendar, land.A, land.a1)
    assert quarterly(land.A) is None
    issue(land.A, meeting=meeting)
    assert quarterly(land.A) is not None


def test_quarterly_information_is_met_at_the_last_of_both_places_and_ends_with_the_solution(raised, land):
    services.close_issue(
        raised, kind="done", on=TODAY, text_kk="Бітті", seen_version=seen(raised), today=TODAY, by=CLOCK
    )
    report = services.draft_quarter(land.A, year=2026, quarter=1, by=CLOCK)
    rows = {row.pk: {"progress_kk": "Бітті", "progress_ru": "Решено"} for row in report.rows.all()}
    services.edit_quarter(report, values={}, rows=rows, seen_version=report.version, by=CLOCK)
    report = services.freeze_quarter(report, seen_version=seen(report), today=APRIL, by=CLOCK)
    for code, day in (("site", dt.date(2026, 4, 15)), ("egov", APRIL)):
        assert quarterly(land.A).met_on is None
        services.publish_quarter(
            report, channel=channel(code), link=f"https://{code}.example/q", published_at=at(day), by=CLOCK
        )
    assert quarterly(land.A).met_on == APRIL
    assert quarterly(land.A, "2026-Q2", dt.date(2026, 5, 1)) is None
