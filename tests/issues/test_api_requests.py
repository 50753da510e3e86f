"""Requests and issues for programs."""

import pytest

from issues.models import Request, RequestPerson
from territories.scope import today

from .factories import issue, request

URL = "/api/v1/requests/"


def body(land, **more):
    return {
        "unit": land.A.code, "place": land.a1.code, "source": "opendata", "received_on": today().isoformat(),
        "text": "Жол нашар", "client_key": "portal-1",
    } | more  # fmt: skip


def post(person, data, url=URL, **headers):
    return person.client.post(url, data, content_type="application/json", headers=headers)


def test_a_program_enters_a_request_once(land, okrug_office):
    first, second = (post(okrug_office, body(land)) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert Request.objects.get().place == land.a1


def test_names_go_in_with_consent_and_never_come_out(land, okrug_office):
    person = {"name": "Тұрғын", "phone": "8 701 123 45 67"}
    assert post(okrug_office, body(land, person=person)).status_code == 400
    answer = post(okrug_office, body(land, person=person | {"consent": "Келісемін"}))
    assert answer.status_code == 201
    assert RequestPerson.objects.count() == 1
    assert "Тұрғын" not in answer.content.decode()


@pytest.mark.parametrize(
    "more",
    [{"place": "000000000"}, {"topic": "weather"}, {"meeting": 987654}, {"text": ""}, {"source": "pigeon"},
     {"classification": "appeal"}, {"received_on": "2099-01-01"}],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_field(land, okrug_office, more):
    answer = post(okrug_office, body(land, **more))
    assert answer.status_code == 400
    assert Request.objects.count() == 0


def test_a_foreign_office_takes_nothing_and_sees_nothing(land, okrug_office, neighbour, administrator):
    row = request(land.A, place=land.a1)
    assert post(neighbour, body(land)).status_code == 403
    assert neighbour.client.get(f"{URL}{row.pk}/").status_code == 404
    assert neighbour.client.get(URL).json()["results"] == []
    assert post(administrator, body(land)).status_code == 403


def test_sorting_asks_for_the_version_and_joining_for_an_issue_of_ours(land, okrug_office):
    row, made = request(land.A, place=land.a1), issue(land.A)
    url = f"{URL}{row.pk}/classify/"
    assert post(okrug_office, {"classification": "question"}, url).status_code == 428
    assert post(okrug_office, {"classification": "question"}, url, **{"if-match": '"1"'}).status_code == 200
    assert post(okrug_office, {"classification": "proposal"}, url, **{"if-match": '"1"'}).status_code == 412
    joined = post(okrug_office, {"issue": made.pk}, f"{URL}{row.pk}/join/")
    assert joined.json()["issue"] == made.pk
    foreign = issue(land.NA, place=land.na)
    assert post(okrug_office, {"issue": foreign.pk}, f"{URL}{row.pk}/join/").status_code == 400


def test_executors_read_their_issues_only(raised, executor, ministry, minister):
    assert executor.client.get("/api/v1/issues/").json()["results"] == []
    assert minister.client.get(f"/api/v1/issues/{raised.pk}/").status_code == 404
