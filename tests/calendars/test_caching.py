"""Answers for everybody: given again only while nothing that concerns them has changed, and never one reader's."""

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from calendars import caching, changes
from calendars.changes import data_version
from journal.heartbeats import beat
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


@pytest.fixture
def region():
    return factories.unit("Түркістан", Kind.OBLAST, own_akim=True, code="610000000")


def rename(region):
    Territory.objects.filter(pk=region.pk).update(name_kk="Жаңа ат", name_ru="Новое имя")


@contextmanager
def other_line():
    other = connection.copy("other")
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


def headers_of(response):
    return {name: value for name, value in response.items() if name != caching.NUMBER}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestPagesOfVisitors:
    def test_the_second_visitor_costs_one_query_and_gets_the_very_same(self, region, django_assert_num_queries):
        first = Client().get("/kk/")
        with django_assert_num_queries(1):
            second = Client().get("/kk/")
        assert second.content == first.content
        assert headers_of(second) == headers_of(first)
        assert "default-src 'self'" in second["Content-Security-Policy"]
        assert second[caching.NUMBER] != first[caching.NUMBER]
        with django_assert_num_queries(1):
            again = Client().get("/kk/", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"] == "public, max-age=300"

    def test_a_change_is_seen_on_the_next_request(self, region):
        path = f"/kk/units/{region.code}/"
        before = [Client().get(path) for _twice in range(2)][-1]
        assert "Түркістан" in before.content.decode()
        rename(region)
        after = Client().get(path, headers={"If-None-Match": before["ETag"]})
        assert after.status_code == 200
        assert "Жаңа ат" in after.content.decode()
        assert "Түркістан" not in after.content.decode()

    def test_languages_do_not_share_a_page(self, region):
        shown = {}
        for _twice in range(2):
            for language in ("kk", "ru", "en"):
                assert f'lang="{language}"' in Client().get(f"/{language}/").content.decode()
                # An address without a language is answered in the chosen one.
                client = Client()
                client.cookies["language"] = language
                shown.setdefault(language, set()).add(client.get(f"/feeds/public/{region.code}.ics").content)
        assert {len(answers) for answers in shown.values()} == {1}
        assert {place[3] for place in caching.memory.answers if place[2].endswith(".ics")} == set(shown)

    def test_who_has_a_session_keeps_it_and_reads_the_same_page(self, region):
        anonymous = [Client().get("/kk/") for _twice in range(2)][-1]
        client = Client()
        client.force_login(factories.user())
        session = client.session
        session["seen"] = 1
        session.save()
        assert client.get("/kk/").content == anonymous.content
        # By the long way: this session was idle for too long, so it has ended.
        assert "_auth_user_id" not in client.session
        assert Client().get("/kk/").content == anonymous.content

    def test_pages_of_one_person_and_pages_that_are_not_there_are_never_kept(self, region):
        paths = ("/staff/", "/accounts/login/", "/api/v1/", "/healthz", "/kk/my-question/?code=X", "/kk/units/9/")
        for path in paths:
            Client().get(path)
        assert not caching.memory.answers

    def test_another_host_or_piece_of_the_page_is_another_answer(self, region):
        Client().get("/kk/")
        Client().get("/kk/", headers={"Host": "other.example"})
        Client().get("/kk/", headers={"HX-Request": "true", "HX-Target": "list"})
        assert len(caching.memory.answers) == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestVersionOfTheData:
    def test_only_what_concerns_nobody_leaves_it_as_it_is(self):
        assert changes.unwatched(connection) == []
        version = data_version()
        beat("drain", {})
        Client().get("/accounts/login/")
        assert data_version() == version
        with transaction.atomic():
            factories.unit("Түркістан", Kind.OBLAST)
            with other_line() as cursor:
                cursor.execute(changes.VERSION)
                assert cursor.fetchone()[0] == version, "seen before it is settled"
        assert data_version() != version

    def test_what_is_taken_back_does_not_hide_what_follows(self, region):
        version = data_version()
        with transaction.atomic():
            with transaction.atomic():
                rename(region)
                transaction.set_rollback(True)
            Territory.objects.filter(pk=region.pk).update(name_ru="Другое")
        assert data_version() != version

    def test_many_changes_are_counted_in_few_rows_and_none_is_lost(self, region):
        seen = set()
        often = 2 * changes.TOGETHER_FROM + 5
        for _number in range(often):
            rename(region)
            seen.add(data_version())
        assert len(seen) == often
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM public_change")
            assert cursor.fetchone()[0] <= changes.TOGETHER_FROM + 1

    def test_who_sees_an_earlier_moment_writes_on_while_others_count_together(self, region):
        """As the desk is counted anew, and a year swept, at one moment while offices go on writing."""
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO public_change SELECT 0, 0 FROM generate_series(1, %s)", [changes.TOGETHER_FROM])
        version = data_version()
        with transaction.atomic(), connection.cursor() as cursor, other_line() as other:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT count(*) FROM public_change")
            other.execute("UPDATE territories_territory SET version = version WHERE false")
            other.execute("SELECT count(*) FROM public_change")
            assert other.fetchone()[0] < changes.TOGETHER_FROM
            rename(region)
        assert data_version() != version

    def test_a_line_to_the_database_that_was_cut_is_made_anew(self, region):
        version = data_version()
        pid = connection.connection.info.backend_pid
        with other_line() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        connection.health_check_done = False
        assert data_version() == version

    def test_where_a_table_is_not_watched_nothing_is_kept(self, monkeypatch):
        monkeypatch.setattr(changes, "_watched", {})
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {changes.TRIGGER} ON issues_issue")
        try:
            assert data_version() is None
            Client().get("/kk/")
            assert not caching.memory.answers
        finally:
            changes.install("default")
        monkeypatch.setattr(changes, "_watched", {})
        assert data_version() is not None


def test_the_memory_lets_go_of_what_was_not_asked_for_longest(monkeypatch):
    monkeypatch.setattr(caching, "MOST_BYTES", 25)
    memory = caching.Memory()
    for name in ("a", "b"):
        memory.keep((name,), "v", 0, HttpResponse(b"0123456789"))
    memory.find(("a",))
    memory.keep(("c",), "v", 0, HttpResponse(b"0123456789"))
    assert [key for (key,) in memory.answers] == ["a", "c"]
    assert memory.size == 20


def test_readers_of_a_page_that_keeps_changing_share_one_making(monkeypatch, rf):
    """The first makes it; seven come meanwhile, each sees newer data: they wait and share the next making."""
    versions, makings, begun, go_on = itertools.count(), [], threading.Event(), threading.Event()
    monkeypatch.setattr(caching, "data_version", lambda: str(next(versions)))

    @caching.for_everybody(seconds=60)
    def page(request):
        makings.append(request)
        begun.set()
        assert go_on.wait(20)
        return HttpResponse(str(len(makings)))

    def read():
        request = rf.get("/page/")
        request.session = SessionStore()
        return page(request).content

    with ThreadPoolExecutor(8) as readers:
        first = readers.submit(read)
        assert begun.wait(20)
        others = [readers.submit(read) for _number in range(7)]
        while sum(waiting for _lock, waiting in caching.turns.queues.values()) < 8:
            time.sleep(0.01)
        go_on.set()
        assert first.result(20) == b"1"
        assert {other.result(20) for other in others} == {b"2"}, "nobody gets what was begun before he came"
    assert len(makings) == 2
    assert not caching.turns.queues


def test_without_a_version_of_the_data_every_answer_is_made(db):
    assert connection.in_atomic_block
    assert data_version() is None
    view = Counted()
    assert [ask(view).content for _ in range(2)] == [b"1: ", b"2: "]
