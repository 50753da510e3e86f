"""Pages of failure: in the reader's language, without the database."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import translation

from akim_meetings import pages_errors

pytestmark = pytest.mark.urls("tests.akim_meetings.look_urls")


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


class NoDatabase:
    """Whoever asks the database fails."""

    def __call__(self, execute, sql, params, many, context):
        raise AssertionError(f"asked the database: {sql}")


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_a_page_of_failure_asks_no_database_and_speaks_the_reader_s_language(status, lang):
    request = RequestFactory().get("/x")
    with translation.override(lang), connection.execute_wrapper(NoDatabase()):
        answer = pages_errors._answer(request, status)
    page = answer.content.decode()
    assert answer.status_code == status
    assert f'<html lang="{lang}">' in page
    assert page.count("<h1>") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("how", "status"), [("bug", 500), ("database", 503), ("denied", 403), ("damaged", 400)])
def test_a_failing_view_ends_in_its_page(visitor, how, status):
    answer = visitor.get(f"/fail/{how}/")
    assert answer.status_code == status
    assert "<h1>" in answer.content.decode()


@pytest.mark.django_db
def test_when_the_database_is_away_the_reader_may_come_back_soon(visitor):
    assert visitor.get("/fail/database/")["Retry-After"] == "30"


@pytest.mark.django_db
def test_a_refusal_tells_its_reason(visitor):
    assert "Бұл күнтізбе бекітілген." in visitor.get("/fail/denied/").content.decode()


@pytest.mark.django_db
def test_htmx_gets_the_sentence_only(visitor):
    answer = visitor.get("/fail/denied/", headers={"HX-Request": "true"})
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.content.decode() == "Бұл күнтізбе бекітілген."


@pytest.mark.django_db
def test_nothing_of_a_bug_leaks_to_the_reader(visitor):
    assert "a bug" not in visitor.get("/fail/bug/").content.decode()


def test_a_form_from_elsewhere_is_refused_with_advice():
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answer = strict.post("/accept/", {"x": 1})
    assert answer.status_code == 403
    assert "<ol>" in answer.content.decode()
    assert "CSRF" not in answer.content.decode()


def test_a_broken_installation_still_says_something_in_three_languages(monkeypatch):
    def broken(*_args, **_kwargs):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(pages_errors, "render_to_string", broken)
    page = pages_errors._answer(RequestFactory().get("/"), 500).content.decode()
    assert all(f"lang={lang}" in page for lang in ("kk", "ru", "en"))
