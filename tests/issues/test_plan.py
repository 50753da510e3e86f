"""The plan: a day and an executor for each issue, slips that only grow, ends that are told apart."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from issues import services
from issues.models import Closing, DueChange, Issue, PlanItem, StoredFile
from issues.models.scoped import NeverRemoved
from journal.models import Entry

from .factories import CLOCK, LATER, MET_ON, PDF, TODAY, file, issue, item, request, seen, topic

DAY = dt.date(2026, 5, 20)
NEW_DAY = dt.date(2026, 7, 1)


def values(**fields):
    return {"measure_kk": "Ауыстыру", "due_on": DAY, "organisation": "Бөлім", "post": "басшы"} | fields


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("due_on", None, "concrete day"),
        ("due_on", "мүмкіндігінше", "concrete day"),
        ("due_on", MET_ON, "must not lie before"),
        ("organisation", " ", "organisation that answers"),
        ("post", "", "post that answers"),
        ("measure_kk", "", "what will be done"),
    ],
)
def test_an_item_without_a_day_or_an_executor_is_refused(raised, met, field, value, words):
    plan = services.open_plan(met, by=CLOCK)
    with pytest.raises(ValidationError, match=words) as caught:
        services.add_item(plan, raised, values=values(**{field: value}), today=TODAY, by=CLOCK)
    assert list(caught.value.message_dict) == [field]


def test_a_plan_is_approved_when_every_open_issue_of_the_meeting_has_an_item(raised, met, land, okrug_office):
    other = issue(land.A, "Екінші", meeting=met)
    plan = services.open_plan(met, by=okrug_office.who)
    services.add_item(plan, raised, values=values(), today=TODAY, by=okrug_office.who)
    with pytest.raises(ValidationError, match=str(other)):
        services.approve_plan(plan, on=TODAY, seen_version=seen(plan), today=TODAY, by=okrug_office.who)
    services.add_item(plan, other, values=values(), today=TODAY, by=okrug_office.who)
    version = services.approve_plan(plan, on=TODAY, seen_version=seen(plan), today=TODAY, by=okrug_office.who)
    assert (version.number, len(version.rows)) == (1, 2)
    raised.refresh_from_db()
    assert (raised.state, raised.due_on, raised.first_due_on) == ("planned", DAY, DAY)


def test_nothing_of_a_plan_happens_before_its_meeting(raised, met):
    row = item(raised)
    plan = row.plan
    eve = MET_ON - dt.timedelta(days=1)
    with pytest.raises(ValidationError, match="before the meeting"):
        services.approve_plan(plan, on=eve, reason="Себебі", seen_version=seen(plan), today=TODAY, by=CLOCK)
    with pytest.raises(ValidationError, match="before the issue was raised"):
        services.record_progress(row, kind="in_work", on=eve, text="Басталды", today=TODAY, by=CLOCK)


def test_a_changed_plan_is_a_new_version_with_a_reason_beside_the_old_one(raised, met):
    item(raised)
    plan = met.action_plan
    with pytest.raises(ValidationError, match="changed and why"):
        services.approve_plan(plan, on=TODAY, seen_version=seen(plan), today=TODAY, by=CLOCK)
    services.approve_plan(plan, on=TODAY, reason="Себебі", seen_version=seen(plan), today=TODAY, by=CLOCK)
    assert list(plan.versions.values_list("number", flat=True)) == [2, 1]


def test_two_laptops_approve_at_once_and_one_is_told(raised, met):
    plan = services.open_plan(met, by=CLOCK)
    services.add_item(plan, raised, values=values(), today=TODAY, by=CLOCK)
    version = seen(plan)
    services.approve_plan(plan, on=TODAY, seen_version=version, today=TODAY, by=CLOCK)
    with pytest.raises(services.Conflict):
        services.approve_plan(plan, on=TODAY, reason="Тағы", seen_version=version, today=TODAY, by=CLOCK)
    assert plan.versions.count() == 1


def test_a_promised_day_is_not_edited_away(raised):
    row = item(raised)
    with pytest.raises(ValidationError, match="was promised"):
        services.edit_item(row, values={"due_on": NEW_DAY}, seen_version=row.version, today=TODAY, by=CLOCK)


def test_an_executor_sees_and_touches_only_his_items(raised, met, land, executor, other_executor):
    row = item(raised, executor=executor)
    assert list(PlanItem.objects.visible_to(executor.who)) == [row]
    assert list(PlanItem.objects.visible_to(other_executor.who)) == []
    say = {"kind": "in_work", "on": TODAY, "text": "Басталды", "today": TODAY}
    services.record_progress(row, by=executor.who, **say)
    with pytest.raises(PermissionDenied):
        services.record_progress(row, by=other_executor.who, **say)
    with pytest.raises(PermissionDenied):
        services.ask_due_change(row, to=NEW_DAY, reason="Себеп", today=TODAY, by=other_executor.who)
    raised.refresh_from_db()
    assert raised.state == "in_work"


def test_an_executor_does_not_see_a_draft(raised, met, executor):
    plan = services.open_plan(met, by=CLOCK)
    services.add_item(plan, raised, values=values(executor=executor.post), today=TODAY, by=CLOCK)
    assert list(PlanItem.objects.visible_to(executor.who)) == []
    assert list(Issue.objects.visible_to(executor.who)) == []


def test_an_executor_of_another_region_is_refused(raised, met, land):
    from territories.models import Role
    from tests.cast import Person

    stranger = Person(Role.EXECUTOR, land.NR)
    plan = services.open_plan(met, by=CLOCK)
    with pytest.raises(ValidationError, match="executor of this unit"):
        services.add_item(plan, raised, values=values(executor=stranger.post), today=TODAY, by=CLOCK)


def test_a_granted_new_day_is_a_slip_and_the_first_day_stays_visible(raised, executor, okrug_office):
    row = item(raised, executor=executor)
    change = services.ask_due_change(row, to=NEW_DAY, reason="Мердігер кешікті", today=TODAY, by=executor.who)
    with pytest.raises(PermissionDenied):
        services.grant_due_change(change, today=TODAY, by=executor.who)
    services.grant_due_change(change, today=TODAY, by=okrug_office.who)
    row.refresh_from_db()
    raised.refresh_from_db()
    assert (row.due_on, row.first_due_on) == (NEW_DAY, DAY)
    assert (raised.due_on, raised.first_due_on, raised.slips) == (NEW_DAY, DAY, 1)
    with pytest.raises(ValidationError, match="decided already"):
        services.refuse_due_change(change, decision="Жоқ", today=TODAY, by=okrug_office.who)


def test_a_refused_new_day_changes_nothing_and_says_why(raised, executor, okrug_office):
    row = item(raised, executor=executor)
    change = services.ask_due_change(row, to=NEW_DAY, reason="Себеп", today=TODAY, by=executor.who)
    with pytest.raises(ValidationError, match="already and waits"):
        services.ask_due_change(row, to=NEW_DAY, reason="Тағы", today=TODAY, by=executor.who)
    services.refuse_due_change(change, decision="Мерзім жеткілікті", today=TODAY, by=okrug_office.who)
    row.refresh_from_db()
    raised.refresh_from_db()
    assert (row.due_on, raised.slips) == (DAY, 0)


def test_slips_cannot_be_removed_by_any_way_through_the_models(raised):
    change = services.ask_due_change(item(raised), to=NEW_DAY, reason="Себеп", today=TODAY, by=CLOCK)
    services.grant_due_change(change, today=TODAY, by=CLOCK)
    with pytest.raises(NeverRemoved):
        change.delete()
    with pytest.raises(NeverRemoved):
        DueChange.objects.all().delete()
    shorter = services.ask_due_change(change.item, to=DAY, reason="Ертерек", today=TODAY, by=CLOCK)
    services.grant_due_change(shorter, today=TODAY, by=CLOCK)
    raised.refresh_from_db()
    assert raised.slips == 1


def test_done_needs_the_proof_that_the_topic_asks_for_and_explained_does_not(met, land, okrug_office):
    row = issue(land.A, meeting=met, topic=topic("utilities-light"))
    end = {"on": TODAY, "text_kk": "Ауыстырылды", "today": TODAY, "by": okrug_office.who}
    with pytest.raises(ValidationError, match="photograph"):
        services.close_issue(row, kind="done", seen_version=seen(row), **end)
    with pytest.raises(ValidationError, match="photograph"):
        services.close_issue(row, kind="done", files=[file(land.A, PDF, "a.pdf")], seen_version=seen(row), **end)
    closing = services.close_issue(row, kind="done", files=[file(land.A)], seen_version=seen(row), **end)
    row.refresh_from_db()
    assert (row.state, row.closed_on, closing.kind) == ("done", TODAY, "done")
    explained = issue(land.A, "Екінші", topic=topic("utilities-light"))
    services.close_issue(explained, kind="explained", seen_version=seen(explained), **end)
    explained.refresh_from_db()
    assert explained.state == "explained"


def test_a_proof_brought_with_the_progress_counts_for_the_closing(met, land, executor):
    row = issue(land.A, meeting=met, topic=topic("utilities-light"))
    work = item(row, executor=executor)
    services.record_progress(
        work, kind="done", on=TODAY, text="Ауыстырдық", files=[file(land.A)], today=TODAY, by=executor.who
    )
    row.refresh_from_db()
    assert row.state == "reported"
    services.close_issue(row, kind="done", on=TODAY, text_kk="Расталды", seen_version=seen(row), today=TODAY, by=CLOCK)
    work.refresh_from_db()
    assert (work.state, work.finished_on) == ("done", TODAY)


def test_an_executor_does_not_close_an_issue(raised, executor):
    item(raised, executor=executor)
    with pytest.raises(PermissionDenied):
        services.close_issue(
            raised, kind="done", on=TODAY, text_kk="Бітті", seen_version=seen(raised), today=TODAY, by=executor.who
        )
    assert Closing.objects.count() == 0


def test_the_asker_disputes_and_the_old_clock_runs_on(met, land):
    asked = request(land.A)
    row = issue(land.A, meeting=met, requests=[asked])
    item(row)
    services.close_issue(row, kind="done", on=TODAY, text_kk="Бітті", seen_version=seen(row), today=TODAY, by=CLOCK)
    with pytest.raises(PermissionDenied):
        services.dispute(row, request=request(land.A, "Бөтен"), text="Жоқ", today=LATER, by=CLOCK)
    services.dispute(row, request=asked, text="Шам әлі жанбайды", today=LATER, by=CLOCK)
    row.refresh_from_db()
    assert (row.state, row.closed_on, row.due_on, row.first_due_on) == ("in_work", None, DAY, DAY)
    assert row in Issue.objects.past_their_day(LATER)
    assert row.closings.get().reopened_on == LATER
    with pytest.raises(ValidationError, match="is open"):
        services.dispute(row, request=asked, text="Тағы", today=LATER, by=CLOCK)


def test_money_refused_by_the_session_is_evidence_too(met, raised, secretary, neighbour):
    from issues.models import Financing
    from tests import factories

    body = factories.maslikhat(met.calendar.region)
    data = {"session_number": "12", "session_date": TODAY, "decision": "Қаржы жоқ", "maslikhat": body}
    with pytest.raises(ValidationError, match="sum and the budget year"):
        services.record_financing(met, [raised], values=data | {"outcome": "approved"}, today=TODAY, by=CLOCK)
    row = services.record_financing(met, [raised], values=data | {"outcome": "refused"}, today=TODAY, by=CLOCK)
    assert list(Financing.objects.visible_to(secretary.who)) == [row]
    assert list(Financing.objects.visible_to(neighbour.who)) == []


def test_files_are_read_by_their_content_and_not_by_their_name():
    for data, name in (
        (b"MZ\x90", "photo.png"),
        (b"PK\x03\x04rest", "act.docx"),
        (b"", "a.pdf"),
        (b"\x89PNG", "x.png"),
    ):
        with pytest.raises(ValidationError):
            services.check(data, name)
    assert services.check(PDF, "..\\..\\акт\u202e.exe").shown_name == "акт.pdf"


def test_an_executor_reads_the_files_of_his_items_only(raised, land, executor, other_executor):
    proof = file(land.A)
    file(land.A, PDF, "other.pdf")
    row = item(raised, executor=executor)
    services.record_progress(row, kind="in_work", on=TODAY, text="Сурет", files=[proof], today=TODAY, by=executor.who)
    assert list(StoredFile.objects.visible_to(executor.who)) == [proof]
    assert list(StoredFile.objects.visible_to(other_executor.who)) == []


def test_the_journal_tells_the_slip_with_its_reason(raised):
    change = services.ask_due_change(item(raised), to=NEW_DAY, reason="Мердігер", today=TODAY, by=CLOCK)
    services.grant_due_change(change, today=TODAY, by=CLOCK)
    entry = Entry.objects.get(action="due_change.granted")
    assert (entry.was, entry.became, entry.reason) == (
        {"due_on": DAY.isoformat()},
        {"due_on": NEW_DAY.isoformat()},
        "Мердігер",
    )
