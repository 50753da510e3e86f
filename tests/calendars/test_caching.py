"""Answers for everybody: given again only while nothing at all has changed, and never one reader's."""

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from calendars import caching
from territories.models import Kind, Territory
from tests import factories


@pytest.fixture(autouse=True)
def empty(monkeypatch):
    monkeypatch.setattr(caching, "memory", caching.Memory())


class Counted:
    """A page that says how often it was made, and what it saw."""

    def __init__(self, **headers):
        self.times, self.headers = 0, headers

    def __call__(self, request):
        self.times += 1
        names = ",".join(Territory.objects.order_by("code").values_list("name_kk", flat=True))
        return HttpResponse(f"{self.times}: {names}", headers={"ETag": f'"{self.times}"', **self.headers})


def ask(view, path="/kk/", **headers):
    request = RequestFactory().get(path, headers=headers)
    request.session = type("Session", (), {"modified": False, "accessed": True})()
    return caching.for_everybody(seconds=60)(view)(request)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestOnPostgreSQL:
    def test_a_page_is_made_once_while_nothing_changes(self):
        view = Counted()
        assert [ask(view).content for _ in range(3)] == [b"1: "] * 3

    def test_any_committed_change_makes_it_afresh(self):
        view = Counted()
        ask(view)
        factories.unit("Түркістан", Kind.OBLAST)
        assert "Түркістан" in ask(view).content.decode()

    def test_what_is_not_committed_yet_is_not_kept(self):
        view = Counted()
        with transaction.atomic():
            factories.unit("Түркістан", Kind.OBLAST)
            assert "Түркістан" in ask(view).content.decode()
            transaction.set_rollback(True)
        assert "Түркістан" not in ask(view).content.decode()

    def test_a_change_elsewhere_does_not_draw_the_page_again(self):
        drawn = []

        def view(request):
            return caching.answer(request, '"same facts"', lambda: drawn.append(1) or HttpResponse("page"))

        first = ask(view)
        factories.unit("Түркістан", Kind.OBLAST)
        assert ask(view).content == first.content == b"page"
        assert len(drawn) == 1

    def test_addresses_do_not_share_an_answer(self):
        view = Counted()
        assert ask(view, "/kk/?page=1").content != ask(view, "/kk/?page=2").content

    def test_who_has_the_page_already_is_told_so(self):
        view = Counted()
        tag = ask(view)["ETag"]
        again = ask(view, **{"If-None-Match": tag})
        assert (again.status_code, again.content, view.times) == (304, b"", 1)
        assert again["Cache-Control"] == "public, max-age=60"

    def test_an_answer_with_a_cookie_is_nobody_elses(self):
        def view(request):
            response = HttpResponse("mine")
            response.set_cookie("mine", "1")
            return response

        ask(view)
        assert not caching.memory.answers


def test_the_memory_lets_go_of_what_was_not_asked_for_longest(monkeypatch):
    monkeypatch.setattr(caching, "MOST_BYTES", 25)
    memory = caching.Memory()
    for name in ("a", "b"):
        memory.keep((name,), "v", HttpResponse(b"0123456789"))
    memory.find(("a",))
    memory.keep(("c",), "v", HttpResponse(b"0123456789"))
    assert [key for (key,) in memory.answers] == ["a", "c"]
    assert memory.size == 20


def test_without_a_version_of_the_data_every_answer_is_made(db):
    assert connection.in_atomic_block
    assert caching.data_version() is None
    view = Counted()
    assert [ask(view).content for _ in range(2)] == [b"1: ", b"2: "]
