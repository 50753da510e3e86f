"""Programs at the API: under which post they act, when they are strangers, how many requests they have."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from territories.models import ApiToken, Role
from territories.scope import today
from territories.services import people
from territories.tokens import PostRateThrottle
from tests import factories
from tests.cast import Person

pytestmark = pytest.mark.urls("tests.territories.probe_urls")


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def token_of(person, **fields) -> str:
    fields = {"name": "exchange", "expires_on": today() + dt.timedelta(days=30)} | fields
    return people.create_token(person.post, **fields, by=person.who, today=today())[1]


def ask(token: str, **kwargs):
    return Client().get("/probe/", headers={"authorization": f"Bearer {token}", **kwargs})


def test_a_program_acts_for_the_post_of_its_token(editor):
    answer = ask(token_of(editor))
    assert answer.json() == {"post": editor.post.pk, "user": editor.user.email, "address": "127.0.0.1"}


def test_a_person_is_known_by_the_session_of_the_pages(editor):
    assert editor.client.get("/probe/").json()["post"] == editor.post.pk


def test_the_chosen_post_is_the_tokens_not_the_newest(land):
    user = factories.user()
    old = factories.post(Role.OFFICE_STAFF, land.A, user=user)
    new = factories.post(Role.REGION_EDITOR, land.O, user=user, valid_from=dt.date(2024, 1, 1))
    holder = Person.__new__(Person)
    holder.post, holder.user = old, user
    assert Client(headers={}).get("/probe/").status_code == 401
    assert ask(token_of(holder)).json()["post"] == old.pk != new.pk


def test_without_token_and_session_the_answer_is_401_in_the_callers_language(db):
    client = Client()
    client.cookies["language"] = "en"
    answer = client.get("/probe/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert set(answer.json()) == {"code", "detail", "request_id"}


def strangers(editor) -> dict[str, str]:
    """Tokens that are not valid, each for another reason."""
    good = token_of(editor)
    expired, revoked = token_of(editor), token_of(editor)
    rows = ApiToken.objects.order_by("pk")
    rows.filter(pk=rows[1].pk).update(expires_on=today() - dt.timedelta(days=1))
    rows.filter(pk=rows[2].pk).update(revoked_at=timezone.now())
    return {"made up": "akm_x", "cut": good[:-1], "expired": expired, "revoked": revoked, "empty": ""}


def test_whatever_is_wrong_with_a_token_the_answer_is_the_same(editor):
    answers = [ask(token) for token in strangers(editor).values()]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.json()["detail"] for answer in answers}) == 1


def test_a_token_works_through_its_last_day(editor):
    with time_machine.travel("2027-03-10T12:00:00+05:00", tick=False):
        token = token_of(editor, expires_on=dt.date(2027, 3, 12))
    with time_machine.travel("2027-03-12T23:59:59+05:00", tick=False):
        assert ask(token).status_code == 200
    with time_machine.travel("2027-03-13T00:00:00+05:00", tick=False):
        assert ask(token).status_code == 401


def test_a_token_ends_with_the_post_and_with_the_account(editor, administrator):
    token = token_of(editor)
    people.withdraw_post(editor.post, reason="x", seen_version=1, by=administrator.who, today=today())
    assert ask(token).status_code == 401


def test_a_token_of_a_closed_account_is_a_strangers(editor, administrator):
    token = token_of(editor)
    people.close_account(editor.user, reason="x", seen_version=1, by=administrator.who, today=today())
    assert ask(token).status_code == 401


@pytest.mark.second_factor
def test_a_post_that_needs_the_second_factor_has_no_program_without_it(approver, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    token = token_of(approver)
    settings.SECOND_FACTOR_REQUIRED = True
    assert ask(token).status_code == 401
    assert approver.client.get("/probe/").status_code == 403


def test_a_session_without_a_post_gets_nothing(db):
    client = Client()
    client.force_login(factories.user())
    assert client.get("/probe/").status_code == 403


def test_the_last_use_is_written_at_most_once_a_minute(editor):
    with time_machine.travel("2027-03-10T12:00:00+05:00", tick=False) as clock:
        token = token_of(editor)
        ask(token)
        first = ApiToken.objects.get().last_used_at
        clock.shift(59)
        ask(token)
        assert ApiToken.objects.get().last_used_at == first
        clock.shift(2)
        ask(token)
        assert ApiToken.objects.get().last_used_at > first


def test_a_request_with_a_token_costs_three_queries_and_the_next_two(editor, django_assert_num_queries):
    token = token_of(editor)
    with django_assert_num_queries(3):
        ask(token)
    with django_assert_num_queries(2):
        ask(token)


def test_a_session_may_not_change_anything_from_a_foreign_page(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor.user)
    answer = client.post("/probe/", {"raise": "general"}, content_type="application/json")
    assert answer.status_code == 403


# -- Limits ---------------------------------------------------------------------------------------
@pytest.fixture
def three_a_minute(monkeypatch):
    monkeypatch.setattr(PostRateThrottle, "THROTTLE_RATES", {"post": "3/min"})
    assert issubclass(PostRateThrottle, SimpleRateThrottle)


def test_each_post_has_its_own_allowance(editor, neighbour, three_a_minute):
    with time_machine.travel("2027-03-10T12:00:10+05:00", tick=False):
        mine, theirs = token_of(editor), token_of(neighbour)
        answers = [ask(mine).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]
        assert ask(theirs).status_code == 200
        assert ask(mine)["Retry-After"] == "50"


def test_two_tokens_of_one_post_share_it(editor, three_a_minute):
    with time_machine.travel("2027-03-10T12:00:10+05:00", tick=False):
        first, second = token_of(editor), token_of(editor)
        answers = [ask(token).status_code for token in (first, second, first, second)]
    assert answers == [200, 200, 200, 429]


def test_strangers_are_counted_by_their_address(db, three_a_minute):
    with time_machine.travel("2027-03-10T12:00:10+05:00", tick=False):
        answers = [Client().get("/probe/").status_code for _ in range(4)]
    assert answers == [401] * 4  # refused before the count: the door is shut anyway


def test_fifty_requests_at_once_are_counted_as_fifty(editor, three_a_minute, rf):
    request = rf.get("/probe/")
    request.who = editor.who

    class Wrapped:
        _request = request

    with ThreadPoolExecutor(16) as pool:
        allowed = list(pool.map(lambda _: PostRateThrottle().allow_request(Wrapped, None), range(50)))
    assert sum(allowed) == 3


# -- Errors ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("what", "status", "body"),
    [
        ("field", 400, {"code": "invalid", "detail": "Some fields are wrong.", "errors": {"date": ["a day off"]}}),
        ("general", 400, {"code": "invalid", "detail": "not like this"}),
        ("denied", 403, {"code": "permission_denied", "detail": "not yours"}),
        ("missing", 404, {"code": "not_found", "detail": "There is no such thing, or it is not yours to see."}),
    ],
)
def test_refusals_have_one_shape_and_tell_nothing_of_the_inside(editor, what, status, body):
    client = editor.client
    answer = client.post("/probe/", {"raise": what}, content_type="application/json")
    data = answer.json()
    assert data.pop("request_id") == answer["X-Request-ID"]
    assert (answer.status_code, data) == (status, body)


def test_a_body_that_is_no_json_is_a_plain_400(editor):
    answer = editor.client.post("/probe/", "{", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
