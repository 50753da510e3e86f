"""Readers of one scope share the drawn desk; nobody sees another's frame, another scope or an older state."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from calendars import drawn
from reporting.desk import views
from territories.models import Role, Territory

from ..cast import Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
HERE = "/staff/desk/"


@pytest.fixture
def makings(monkeypatch) -> list:
    """Which units' desks were made."""
    made, make = [], views.desk

    def counted(unit, year, *rest):
        made.append(unit)
        return make(unit, year, *rest)

    monkeypatch.setattr(views, "desk", counted)
    monkeypatch.setattr(drawn, "contents", drawn.Contents())
    return made


def read(person, language="en", **query) -> str:
    return asked(person.client, language, **query)


def asked(client, language="en", **query) -> str:
    client.cookies["language"] = language
    answer = client.get(HERE, {"year": 2027} | query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_colleagues_share_what_was_drawn_and_keep_their_own_frames(land, reviewer, makings):
    colleague = Person(Role.GOVERNMENT)
    first, second = map(asked, [reviewer.client, colleague.client])
    assert makings == [None]
    assert land.O.name_kk in second or land.O.name_ru in second
    assert reviewer.user.email in first
    assert reviewer.user.email not in second
    assert colleague.user.email in second


def test_a_change_is_on_the_very_next_page(land, reviewer, makings):
    read(reviewer)
    Territory.objects.filter(pk=land.O.pk).update(name_kk="Жаңа аты", name_ru="Новое имя")
    assert "Новое имя" in read(reviewer, "ru")
    assert "Жаңа аты" in read(reviewer, "kk")
    assert len(makings) == 3


def test_another_scope_language_day_or_question_is_drawn_for_itself(land, reviewer, administrator, makings):
    read(reviewer)
    read(reviewer, "ru")
    read(reviewer, on="2027-01-05")
    read(reviewer, ask="past")
    read(administrator)
    assert len(makings) == 5


def test_staff_of_a_raion_are_not_given_what_the_region_was(land, editor, raion_office, makings):
    assert land.K.name_kk in read(editor, "kk")
    assert land.K.name_kk not in read(raion_office, "kk")


def test_readers_who_come_together_after_a_change_wait_for_one_making(land, reviewer, makings):
    people = [Person(Role.GOVERNMENT).client for _ in range(6)]
    together = Barrier(len(people))

    def ask(client):
        together.wait()
        try:
            return client.get(HERE, {"year": 2027}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        assert list(pool.map(ask, people)) == [200] * len(people)
    assert len(makings) <= 2


def test_what_was_not_asked_for_longest_is_let_go():
    kept = drawn.Contents(most=10)
    for name in "abc":
        kept.keep((name,), drawn.Content("1", 0.0, "base.html", {"content": "12345"}, name))
    assert kept.find(("a",)) is None
    assert kept.find(("c",)) is not None
    assert kept.size == 10
