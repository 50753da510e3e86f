"""Requests become issues; joining keeps every origin, can be undone, and never runs in a circle."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from issues import queries, services
from issues.models import Issue, IssueOrigin
from journal.models import Entry
from tests import factories

from .factories import CLOCK, MET_ON, TODAY, held_meeting, issue, item, request, seen, topic


def test_issues_are_numbered_by_office_and_year(land):
    assert [str(issue(land.A)), str(issue(land.A)), str(issue(land.B))] == ["2026-1", "2026-2", "2026-1"]


def test_an_issue_keeps_every_request_it_came_from(land, okrug_office):
    asked = [request(land.A, "Жарық жоқ"), request(land.A, "Шам жанбайды", source="call")]
    row = issue(land.A, requests=asked, by=okrug_office.who)
    assert [origin.request for origin in queries.origins(row)] == asked


def test_an_issue_needs_words_in_one_language_at_least(land):
    with pytest.raises(ValidationError, match="in Kazakh or in Russian"):
        issue(land.A, " ")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Тұрғын 850101300015 айтты", "identification number"),
        ("Қоңырау шалыңыз 8 (701) 123-45-67", "telephone"),
        ("Жазыңыз: biz@test.example", "e-mail"),
        ("Карта 4111 1111 1111 1111", "card"),
    ],
)
def test_an_issue_with_personal_data_in_its_words_is_refused(land, text, what):
    with pytest.raises(ValidationError, match=what):
        issue(land.A, text)


def test_numbers_that_are_no_personal_data_pass(land):
    assert issue(land.A, "2026 жылы 123456789012 теңге бөлінді").pk


def test_a_request_belongs_to_one_issue_and_can_be_taken_out_again(land, okrug_office):
    asked, one, two = request(land.A), issue(land.A), issue(land.A, "Басқа")
    origin = services.join_request(asked, one, by=okrug_office.who)
    assert services.join_request(asked, one, by=okrug_office.who) == origin
    with pytest.raises(ValidationError, match="another issue already"):
        services.join_request(asked, two, by=okrug_office.who)
    services.undo_join_request(origin, by=okrug_office.who)
    services.join_request(asked, two, by=okrug_office.who)
    assert IssueOrigin.objects.count() == 2
    origin.refresh_from_db()
    assert origin.undone_by == okrug_office.user


def test_a_request_of_another_office_joins_no_issue_of_ours(land, raion_office):
    with pytest.raises(ValidationError, match="different offices"):
        services.join_request(request(land.B), issue(land.A), by=raion_office.who)


def test_joined_issues_keep_their_origins_and_come_apart_again(land, okrug_office):
    first, second = request(land.A, "Жарық жоқ"), request(land.A, "Шам жанбайды")
    one, two = issue(land.A, requests=[first]), issue(land.A, requests=[second])
    join = services.join_issues(two, one, reason="Бір мәселе", by=okrug_office.who)
    assert [origin.request for origin in queries.origins(one)] == [first, second]
    assert list(Issue.objects.standing()) == [one]
    services.undo_join_issues(join, by=okrug_office.who)
    assert [origin.request for origin in queries.origins(one)] == [first]
    assert Issue.objects.standing().count() == 2


def test_a_circle_of_joined_issues_is_refused(land):
    one, two, three = issue(land.A), issue(land.A), issue(land.A)
    services.join_issues(two, one, by=CLOCK)
    one.refresh_from_db()
    with pytest.raises(ValidationError, match="circle"):
        services.join_issues(one, two, by=CLOCK)
    with pytest.raises(ValidationError, match="circle"):
        services.join_issues(three, three, by=CLOCK)
    services.join_issues(one, three, by=CLOCK)
    assert set(queries.family(three)) == {one.pk, two.pk, three.pk}


def test_an_issue_of_an_approved_plan_is_not_joined_away(raised, land):
    item(raised)
    with pytest.raises(ValidationError, match="approved plan"):
        services.join_issues(raised, issue(land.A), by=CLOCK)


def test_an_issue_of_an_offsite_meeting_is_marked_by_the_norms(calendar, land):
    of_oblast = held_meeting(calendar, land.O, land.R)
    of_village = held_meeting(calendar, land.V)
    assert services.is_offsite(of_oblast)
    assert not services.is_offsite(of_village)
    assert issue(land.O, place=land.R, meeting=of_oblast).offsite


def test_two_people_edit_an_issue_and_the_second_sees_a_conflict(land, okrug_office):
    row = issue(land.A)
    services.edit_issue(row, values={"level": "raion"}, seen_version=1, by=okrug_office.who)
    with pytest.raises(services.Conflict) as caught:
        services.edit_issue(row, values={"level": "oblast"}, seen_version=1, by=okrug_office.who)
    assert caught.value.fields == ["level"]
    assert seen(row) == 2


def test_a_topic_of_another_region_is_refused(land):
    topic_of_them = topic("roads")
    topic_of_them.pk, topic_of_them.region = None, land.N
    topic_of_them.save()
    with pytest.raises(ValidationError, match="another region"):
        issue(land.A, topic=topic_of_them)


def test_a_region_puts_its_own_topic_in_place_of_the_shared_one(land):
    own = topic("roads")
    own.pk, own.region, own.name_kk = None, land.O, "Біздің жолдар"
    own.save()
    model = type(own)
    assert "Біздің жолдар" in model.objects.for_region(land.O.pk).values_list("name_kk", flat=True)
    assert model.objects.for_region(land.O.pk).filter(code="roads").count() == 1
    assert "Біздің жолдар" not in model.objects.for_region(land.N.pk).values_list("name_kk", flat=True)


def test_a_stranger_makes_no_issue_and_the_government_none_either(land, neighbour, reviewer):
    for person in (neighbour, reviewer):
        with pytest.raises(PermissionDenied):
            issue(land.A, by=person.who)


def test_who_reads_an_issue(land, okrug_office, raion_office, editor, other_okrug, neighbour, reviewer, secretary):
    row = issue(land.A, place=land.a1)
    for person in (okrug_office, raion_office, editor):
        assert list(Issue.objects.visible_to(person.who)) == [row]
    for person in (other_okrug, neighbour, reviewer, secretary):
        assert list(Issue.objects.visible_to(person.who)) == []


def test_the_government_reads_issues_of_central_level_and_counts_all(land, reviewer, administration):
    issue(land.A)
    central = issue(land.NA, level="central")
    holding = issue(land.A, level="holding")
    assert set(Issue.objects.visible_to(reviewer.who)) == {central, holding}
    assert Issue.objects.counted_for(reviewer.who).count() == 3
    assert Issue.objects.counted_for(administration.who).count() == 3
    assert list(Issue.objects.visible_to(administration.who)) == []


def test_an_executor_reads_the_issues_of_his_items_only(raised, land, executor, other_executor):
    item(raised, executor=executor)
    issue(land.A, "Басқа")
    assert list(Issue.objects.visible_to(executor.who)) == [raised]
    assert list(Issue.objects.visible_to(other_executor.who)) == []


def test_the_pool_is_frozen_with_its_date_and_the_count_of_every_source(calendar, land, okrug_office):
    coming = factories.meeting(calendar, land.A, land.a1, TODAY)
    asked = request(land.A, meeting=coming, source="call")
    row = issue(land.A, requests=[asked])
    pool = services.freeze_pool(coming, [row], analysis="Талдау", today=TODAY, by=okrug_office.who)
    assert (pool.number, pool.frozen_on, pool.sources["call"], pool.sources["blog"]) == (1, TODAY, 1, 0)
    services.edit_issue(row, values={"text_kk": "Жаңа сөз"}, seen_version=seen(row), by=okrug_office.who)
    assert pool.rows.get().text_kk == "Көше жарығы жоқ"
    assert services.freeze_pool(coming, [row], today=TODAY, by=okrug_office.who).number == 2


def test_a_pool_after_the_meeting_is_no_pool(met, raised):
    with pytest.raises(ValidationError, match="made before it"):
        services.freeze_pool(met, [raised], today=TODAY, by=CLOCK)


def test_a_pool_takes_no_issue_of_another_akim(calendar, land):
    coming = factories.meeting(calendar, land.A, land.a1, TODAY)
    with pytest.raises(ValidationError, match="not an issue of this akim"):
        services.freeze_pool(coming, [issue(land.B)], today=TODAY, by=CLOCK)


def test_every_change_stands_in_the_journal_of_the_unit(land, okrug_office):
    row = issue(land.A, by=okrug_office.who)
    entry = Entry.objects.of(row).get()
    assert (entry.action, entry.actor, entry.scope_path) == ("issue.made", okrug_office.user, land.A.path)
    assert entry.became["raised_on"] == MET_ON.isoformat()
