"""What is past its promised day goes to the superior, once, by letter, and everybody sees that it did."""

import datetime as dt

import pytest

from issues import services
from issues.models import Escalation, Issue
from journal.models import Entry, Notice

from .factories import CLOCK, TODAY, at, issue, item, seen
from .pages import text_of

DUE = dt.date(2026, 5, 20)
#: A working Thursday in the forenoon.
LATE = at(dt.date(2026, 5, 21), 11)


@pytest.fixture
def promised(raised):
    return item(raised, due_on=DUE)


def letters():
    return Notice.objects.filter(kind="items_overdue")


def test_the_office_above_reads_of_a_measure_past_its_day_once(promised, raised, okrug_office, raion_office, editor):
    assert services.tell_overdue(at(DUE, 11)) == 0
    assert services.tell_overdue(LATE) == 1
    letter = letters().get()
    assert letter.recipient_email == raion_office.user.email
    assert promised.measure("kk") in letter.body_text
    assert f"/staff/issues/{raised.pk}/" in letter.body_text
    assert services.tell_overdue(LATE) == services.tell_overdue(LATE + dt.timedelta(days=1)) == 0
    row = Escalation.objects.get()
    assert (row.due_on, row.above) == (DUE, raion_office.post.territory)
    assert Entry.objects.get(action="item.escalated").scope_path == raised.unit.path
    assert raion_office.client.get("/staff/items/?show=late").status_code == 200
    assert promised.measure("kk") in text_of(raion_office.client.get("/staff/items/?show=late"))


def test_both_stories_of_the_issue_tell_it(promised, raised, raion_office, okrug_office, client):
    Issue.objects.filter(pk=raised.pk).update(published_at=at(TODAY))
    services.tell_overdue(LATE)
    inside = text_of(okrug_office.client.get(f"/staff/issues/{raised.pk}/"))
    outside = text_of(client.get(f"/en/issues/{raised.code}/"))
    for words in (inside, outside):
        assert f"the office above is told, {raion_office.post.territory.name('en')}" in words


def test_what_is_done_or_put_off_in_time_goes_nowhere_and_a_new_day_that_passes_goes_again(
    promised, raised, land, met, raion_office
):
    other = item(issue(land.A, "Су жоқ", place=land.a1, meeting=met), due_on=DUE)
    services.close_issue(
        other.issue,
        kind="explained",
        on=TODAY,
        text_kk="Айтылды",
        seen_version=seen(other.issue),
        today=TODAY,
        by=CLOCK,
    )
    assert services.tell_overdue(LATE) == 1
    change = services.ask_due_change(promised, to=dt.date(2026, 6, 3), reason="Қаржы", today=LATE.date(), by=CLOCK)
    services.grant_due_change(change, today=LATE.date(), by=CLOCK)
    assert services.tell_overdue(at(dt.date(2026, 6, 3), 11)) == 0
    assert services.tell_overdue(at(dt.date(2026, 6, 4), 11)) == 1
    assert letters().count() == 2


def test_one_letter_a_day_tells_many_and_what_comes_later_waits_for_tomorrow(promised, land, met, raion_office):
    for n in range(30):
        item(issue(land.A, f"Мәселе {n}", place=land.a1, meeting=met), due_on=DUE)
    assert services.tell_overdue(LATE) == 31
    letter = letters().get()
    assert letter.body_text.count("\n* ") == 25
    item(issue(land.A, "Кеш", place=land.a1, meeting=met), due_on=DUE)
    assert services.tell_overdue(LATE) == 0
    assert services.tell_overdue(LATE + dt.timedelta(days=1)) == 1


def test_above_a_region_it_is_the_government_and_it_gets_a_public_link_only(land, calendar, reviewer, editor):
    from .factories import held_meeting

    met = held_meeting(calendar, land.O, land.O)
    row = issue(land.O, "Газ жоқ", place=land.O, meeting=met)
    item(row, due_on=DUE)
    assert services.tell_overdue(LATE) == 1
    letter = letters().get()
    assert letter.recipient_email == reviewer.user.email
    assert "/staff/" not in letter.body_text


def test_with_nobody_above_it_waits_and_in_quiet_hours_too(promised, okrug_office, land):
    assert services.tell_overdue(LATE) == 0
    from territories.models import Role
    from tests.cast import Person

    Person(Role.OFFICE_STAFF, land.R)
    assert services.tell_overdue(at(dt.date(2026, 5, 21), 3)) == 0
    assert services.tell_overdue(at(dt.date(2026, 5, 23), 11)) == 0  # a Saturday
    assert services.tell_overdue(LATE) == 1
    with pytest.raises(TypeError):
        Escalation.objects.all().delete()


def test_the_clock_tells_as_many_superiors_with_as_few_questions(promised, land, met, raion_office, editor):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        services.tell_overdue(LATE)
    for n in range(8):
        item(issue(land.A, f"Мәселе {n}", place=land.a1, meeting=met), due_on=DUE)
    with CaptureQueriesContext(connection) as many:
        services.tell_overdue(LATE + dt.timedelta(days=1))
    assert len(many) <= len(few)
