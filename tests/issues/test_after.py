"""After the meeting: reception, publication at each place, quarterly information, central issues."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from issues import services
from issues.models import CentralRouting, Issue, Publication, PublishedVersion, QuarterlyReport
from issues.models.scoped import NeverRemoved
from tests import factories

from .factories import CLOCK, LATER, MET_ON, PDF, TODAY, at, body, channel, file, issue, item, seen

APRIL = dt.date(2026, 4, 20)
RECEIVED = dt.date(2026, 3, 12)


def receive(meeting, day=RECEIVED, *, by=CLOCK, **fields):
    fields = {"citizens": 7, "participants": {"deputies": (3, 2, "")}, "today": TODAY} | fields
    return services.record_reception(meeting, starts_on=day, ends_on=day, by=by, **fields)


def test_a_reception_keeps_all_six_categories_zeros_too(met, okrug_office):
    row = receive(met, by=okrug_office.who)
    found = {p.category: (p.invited, p.present) for p in row.participants.all()}
    assert len(found) == 6
    assert found["deputies"] == (3, 2)
    assert found["prosecutor"] == (0, 0)


def test_a_reception_before_the_meeting_or_in_the_future_is_refused(met):
    with pytest.raises(ValidationError, match="before it"):
        receive(met, MET_ON - dt.timedelta(days=1))
    with pytest.raises(ValidationError, match="not come yet"):
        receive(met, TODAY + dt.timedelta(days=1))


def test_a_reception_needs_a_meeting_that_was_held(calendar, land):
    with pytest.raises(ValidationError, match="held first"):
        receive(factories.meeting(calendar, land.A, land.a1, MET_ON))


def test_a_neighbour_records_nothing_of_ours(met, neighbour, other_okrug):
    for person in (neighbour, other_okrug):
        with pytest.raises(PermissionDenied):
            receive(met, by=person.who)


def results(meeting, text="Қорытынды", *, by=CLOCK, **fields):
    return services.freeze_document(meeting, what="results", text_kk=text, text_ru="Итоги", by=by, **fields)


def test_results_are_frozen_and_stand_at_each_place_with_link_copy_and_hash(met, land, okrug_office):
    version = results(met, by=okrug_office.who)
    copy = file(land.A, PDF, "page.pdf", kind="copy")
    for code in ("site", "egov"):
        services.publish(
            version,
            channel=channel(code),
            link=f"https://{code}.example/1",
            published_at=at(TODAY),
            copy=copy,
            by=okrug_office.who,
        )
    assert Publication.objects.count() == 2
    again = services.publish(
        version, channel=channel("site"), link="https://site.example/1", published_at=at(TODAY), by=CLOCK
    )
    assert again.copy.sha256 == copy.sha256
    assert Publication.objects.count() == 2


def test_a_changed_document_is_a_new_version_beside_the_old_with_a_reason(met):
    first = results(met)
    assert results(met) == first
    with pytest.raises(ValidationError, match="changed since"):
        results(met, "Жаңа қорытынды")
    second = results(met, "Жаңа қорытынды", reason="Сан түзетілді")
    assert (first.number, second.number) == (1, 2)
    assert PublishedVersion.objects.get(pk=first.pk).data["text_kk"] == "Қорытынды"
    with pytest.raises(NeverRemoved):
        first.delete()


def test_a_publication_before_the_meeting_ended_or_in_the_future_is_refused(met):
    version = results(met)
    for day, words in ((MET_ON - dt.timedelta(days=1), "before what"), (dt.date(2099, 1, 1), "not come yet")):
        with pytest.raises(ValidationError, match=words):
            services.publish(
                version, channel=channel("site"), link="https://x.example/", published_at=at(day), by=CLOCK
            )


def test_results_in_one_language_only_are_refused(met):
    with pytest.raises(ValidationError, match="in Russian"):
        services.freeze_document(met, what="results", text_kk="Қорытынды", by=CLOCK)


def test_social_networks_are_no_place_of_publication(met):
    with pytest.raises(ValidationError, match="no place"):
        services.publish(
            results(met), channel=channel("social"), link="https://x.example/", published_at=at(TODAY), by=CLOCK
        )


def test_the_published_list_makes_its_issues_public_and_names_no_account(met, raised, executor):
    item(raised, executor=executor)
    assert list(Issue.objects.public()) == []
    version = services.freeze_document(met, what="list", by=CLOCK)
    services.publish(version, channel=channel("site"), link="https://x.example/", published_at=at(TODAY), by=CLOCK)
    assert list(Issue.objects.public()) == [raised]
    plan = services.freeze_document(met, what="plan", by=CLOCK)
    assert executor.user.email not in str(plan.data)
    assert plan.data["rows"][0]["due_on"] == "2026-05-20"


def test_a_plan_that_nobody_approved_is_not_published(met, raised):
    with pytest.raises(ValidationError, match="Approve the action plan"):
        services.freeze_document(met, what="plan", by=CLOCK)


def quarter(land, number=1, **fields):
    return services.draft_quarter(land.A, year=2026, quarter=number, by=CLOCK, **fields)


def fill(report, text="Өзгеріс жоқ"):
    rows = {row.pk: {"progress_kk": text, "progress_ru": "Без изменений"} for row in report.rows.all()}
    return services.edit_quarter(report, values={}, rows=rows, seen_version=seen(report), by=CLOCK)


def freeze(report, today=APRIL):
    return services.freeze_quarter(report, seen_version=seen(report), today=today, by=CLOCK)


def test_an_issue_leaves_the_quarterly_information_after_one_report_that_shows_it_solved(raised, land):
    first = freeze(fill(quarter(land)))
    assert [row.solved for row in first.rows.all()] == [False]
    services.close_issue(
        raised, kind="done", on=dt.date(2026, 5, 2), text_kk="Бітті", seen_version=seen(raised), today=LATER, by=CLOCK
    )
    second = freeze(fill(quarter(land, 2)), today=dt.date(2026, 7, 20))
    assert [row.solved for row in second.rows.all()] == [True]
    third = quarter(land, 3)
    assert (third.nil, third.rows.count()) == (True, 0)


def test_a_report_is_not_frozen_before_its_quarter_ends_or_half_empty(raised, land):
    report = quarter(land)
    with pytest.raises(ValidationError, match="no change"):
        freeze(report)
    fill(report)
    with pytest.raises(ValidationError, match="not over yet"):
        freeze(report, today=dt.date(2026, 3, 31))


def test_a_frozen_report_is_published_at_both_places_and_never_edited(raised, land):
    report = freeze(fill(quarter(land)))
    for code in ("site", "egov"):
        services.publish_quarter(
            report, channel=channel(code), link=f"https://{code}.example/q", published_at=at(APRIL), by=CLOCK
        )
    assert report.publications.count() == 2
    with pytest.raises(ValidationError, match="frozen"):
        fill(report, "Басқа")
    with pytest.raises(ValidationError, match="no place"):
        services.publish_quarter(
            report, channel=channel("media"), link="https://m.example/", published_at=at(APRIL), by=CLOCK
        )
    newer = services.redraft_quarter(report, reason="Қате түзетілді", by=CLOCK)
    assert (newer.number, QuarterlyReport.objects.count()) == (2, 2)


def test_two_editors_of_a_report_do_not_overwrite_each_other(raised, land):
    report = quarter(land)
    version = report.version
    services.edit_quarter(report, values={"text_kk": "Бір"}, rows={}, seen_version=version, by=CLOCK)
    with pytest.raises(services.Conflict):
        services.edit_quarter(report, values={"text_kk": "Екі"}, rows={}, seen_version=version, by=CLOCK)


def routed(row, body, **fields):
    fields = {"proposal_kk": "Бюджеттен бөлу", "sent_on": TODAY, "today": TODAY, "by": CLOCK} | fields
    return services.route_central(row, body, **fields)


def test_a_central_issue_goes_to_a_ministry_and_its_answer_comes_back(land, ministry, minister, reviewer, okrug_office):
    row = issue(land.A, level="central")
    routing = routed(row, ministry, by=okrug_office.who)
    assert list(Issue.objects.visible_to(minister.who)) == [row]
    assert list(CentralRouting.objects.visible_to(reviewer.who)) == [routing]
    services.answer_central(
        routing, on=TODAY, answer_kk="2027 жылға енгізілді", seen_version=routing.version, today=TODAY, by=minister.who
    )
    routing = CentralRouting.objects.visible_to(okrug_office.who).get()
    assert (routing.state, routing.answer_kk) == ("answered", "2027 жылға енгізілді")
    course = services.update_course(
        routing, on=TODAY, texts={"way_kk": "Жоба", "course_kk": "Жүріп жатыр"}, today=TODAY, by=minister.who
    )
    assert (course.year, course.quarter) == (2026, 1)


def test_a_body_sees_only_what_was_routed_to_it_and_answers_nothing_else(land, ministry, minister):
    other = issue(land.A, level="holding")
    foreign = routed(other, body("Холдинг"))
    assert list(Issue.objects.visible_to(minister.who)) == []
    assert list(CentralRouting.objects.visible_to(minister.who)) == []
    with pytest.raises(PermissionDenied):
        services.answer_central(foreign, on=TODAY, answer_kk="Жауап", seen_version=1, today=TODAY, by=minister.who)


def test_an_issue_of_the_akims_own_level_is_not_routed_and_an_open_routing_is_not_doubled(land, ministry):
    with pytest.raises(ValidationError, match="level of solution"):
        routed(issue(land.A), ministry)
    central = issue(land.A, level="central")
    routed(central, ministry)
    with pytest.raises(ValidationError, match="waits for its answer"):
        routed(central, ministry)
