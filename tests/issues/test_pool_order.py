"""The pool keeps the order in which it was put; the agenda follows it, the frozen one keeps its date."""

import datetime as dt

import pytest

from issues.hall import agenda
from issues.models import Issue, PoolDraft, PoolVersion
from journal.models import Entry
from territories.scope import today
from tests import factories

from .factories import issue
from .pages import at, queries

JSON = {"accept": "application/json"}


@pytest.fixture
def meeting(land):
    day = today() + dt.timedelta(days=20)
    return factories.meeting(factories.calendar(land.O, day.year), land.A, land.a1, day)


@pytest.fixture
def three(land, meeting):
    raised = {"place": land.a1, "meeting": meeting, "raised_on": today(), "today": today()}
    return [issue(land.A, text, **raised) for text in ("Жарық", "Жол", "Су")]


def put(person, meeting, issues, *, ticked=None, version=0, **rest):
    data = {"row": [row.pk for row in issues], "issue": [row.pk for row in (ticked if ticked is not None else issues)]}
    data |= {f"order_{row.pk}": number for number, row in enumerate(issues, 1)}
    return person.client.post(at("pool_order", meeting.pk), data | {"version": version, "analysis": ""} | rest)


def shown(person, meeting) -> list[int]:
    return [issue.pk for issue in person.client.get(at("pool", meeting.pk)).context["issues"]]


def test_the_order_stays_and_the_agenda_follows_it_until_a_pool_is_frozen(meeting, three, okrug_office):
    light, road, water = three
    assert put(okrug_office, meeting, [water, light, road], ticked=[water, road]).status_code == 302
    assert shown(okrug_office, meeting) == [water.pk, light.pk, road.pk]
    assert [row["issue"] for row in agenda(meeting)] == [water.pk, road.pk]
    data = {"issue": [road.pk, water.pk], f"order_{road.pk}": 1, f"order_{water.pk}": 2}
    okrug_office.client.post(at("pool_freeze", meeting.pk), data)
    assert PoolVersion.objects.get().frozen_on == today()
    assert [row["issue"] for row in agenda(meeting)] == [road.pk, water.pk]
    page = okrug_office.client.get(at("pool", meeting.pk))
    assert [row.pk for row in page.context["issues"] if row.chosen] == [road.pk, water.pk]
    assert page.context["stale"] is False
    assert put(okrug_office, meeting, [water, road, light], version=1).status_code == 302
    page = okrug_office.client.get(at("pool", meeting.pk))
    assert page.context["stale"] is True
    assert [row["issue"] for row in agenda(meeting)] == [road.pk, water.pk]
    assert Entry.objects.filter(action="pool.ordered").count() == 2


def test_the_script_of_the_page_is_answered_in_its_way_and_a_second_laptop_overwrites_nothing(
    meeting, three, okrug_office
):
    address = at("pool_order", meeting.pk)
    data = {"row": [row.pk for row in three], "issue": [three[0].pk], "analysis": "Жарық", "version": 0}
    first = okrug_office.client.post(address, data, headers=JSON)
    assert (first.status_code, first.json()["version"]) == (200, 1)
    stale = okrug_office.client.post(address, data | {"row": [three[0].pk]}, headers=JSON)
    assert stale.status_code == 409
    assert "changed this in the meantime" in stale.json()["text"]
    kept = PoolDraft.objects.get()
    assert (kept.order, kept.analysis) == ([row.pk for row in three], "Жарық")
    assert kept.left_out == [row.pk for row in three[1:]]


def test_an_issue_of_another_akim_and_nonsense_are_no_part_of_the_order(meeting, three, land, okrug_office):
    foreign = issue(land.B, "Көпір", place=land.b1, raised_on=today(), today=today())
    assert put(okrug_office, meeting, [*three, foreign]).status_code == 302
    assert not PoolDraft.objects.exists()
    okrug_office.client.post(at("pool_order", meeting.pk), {"row": ["x", "-1", "9" * 30, three[0].pk], "version": ""})
    assert PoolDraft.objects.get().order == [three[0].pk]


def test_the_page_costs_the_same_for_one_issue_and_for_many(meeting, three, land, okrug_office):
    put(okrug_office, meeting, three)
    few = queries(okrug_office.client, at("pool", meeting.pk)), queries(okrug_office.client, at("hall", meeting.pk))
    raised = {"place": land.a1, "meeting": meeting, "raised_on": today(), "today": today()}
    for n in range(5):
        issue(land.A, f"Мәселе {n}", **raised)
    many = queries(okrug_office.client, at("pool", meeting.pk)), queries(okrug_office.client, at("hall", meeting.pk))
    assert many == few
    assert Issue.objects.count() == 8
