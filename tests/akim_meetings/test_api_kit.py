"""What every resource of the API does alike: pages by cursor, a choice of fields, tags, keys, many rows at once."""

import datetime as dt
import threading

import pytest
from django.core.management import call_command
from django.db import close_old_connections, connection
from django.utils import timezone

from calendars.models import Meeting
from issues.models import Request
from journal.models import Entry, KeptAnswer
from journal.services import forget_answers
from tests import factories
from tests.akim_meetings.test_api import body, patch
from tests.issues import factories as made

API = "/api/v1/"
#: The resources that the design names.
RESOURCES = (
    "territories", "organisations", "calendars", "meetings", "receptions", "requests", "issues", "plan-items",
    "publications", "duties", "notices", "submissions", "exports",
)  # fmt: skip


def send(person, address: str, data, *, key: str = "", method: str = "post", **headers):
    if key:
        headers["idempotency-key"] = key
    ask = getattr(person.client, method)
    return ask(API + address, data, content_type="application/json", headers=headers)


def walk(person, address: str) -> list[dict]:
    """Every row of a list, page after page."""
    found, url = [], API + address
    while url:
        page = person.client.get(url).json()
        found += page["results"]
        url = page["next"]
    return found


@pytest.fixture
def meetings(land, our_calendar):
    return [
        factories.meeting(our_calendar, land.A, village, dt.date(2027, 3, day))
        for day, village in enumerate((land.a1, land.a2, land.a3, land.a1, land.a2), start=1)
    ]


@pytest.fixture
def requests_url(land):
    return {
        "unit": land.A.code, "place": land.a1.code, "source": "opendata", "received_on": "2026-06-01",
        "text": "Жол нашар",
    }  # fmt: skip


# -- Lists ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", RESOURCES)
def test_every_resource_of_the_design_is_a_list_by_cursor_with_a_choice_of_fields(editor, name):
    page = editor.client.get(f"{API}{name}/?fields=id&page_size=1")
    assert page.status_code == 200
    assert set(page.json()) == {"next", "previous", "results"}
    assert all(set(row) == {"id"} for row in page.json()["results"])
    assert editor.client.get(f"{API}{name}/?fields=id,colour").status_code == 400


def test_a_walk_meets_each_row_once_while_rows_come_go_and_change(land, our_calendar, meetings, editor):
    first = editor.client.get(f"{API}meetings/?page_size=2").json()
    Meeting.objects.filter(pk=meetings[0].pk).update(date=dt.date(2027, 12, 1))
    Meeting.objects.filter(pk=meetings[3].pk).update(date=dt.date(2027, 1, 1))
    factories.meeting(our_calendar, land.A, land.a3, dt.date(2027, 1, 2))
    rest = walk(editor, first["next"].partition(API)[2])
    seen = [row["id"] for row in first["results"] + rest]
    assert seen == sorted(set(seen))
    assert {m.pk for m in meetings} <= set(seen)
    back = editor.client.get(editor.client.get(first["next"]).json()["previous"]).json()
    assert [row["id"] for row in back["results"]] == [row["id"] for row in first["results"]]


@pytest.mark.parametrize("cursor", ["x", "0J_QsA==", "cD1hYmM=", "cD0xLjU=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_cursor_that_is_not_ours_is_a_400_in_words(editor, cursor):
    answer = editor.client.get(f"{API}territories/", {"cursor": cursor})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["cursor"])


def test_a_misspelt_filter_or_field_is_told_and_never_ignored(land, our_calendar, editor):
    answer = editor.client.get(f"{API}meetings/?yaer=2027")
    assert answer.status_code == 400
    assert "year" in answer.json()["errors"]["yaer"][0]
    wrong = editor.client.get(f"{API}meetings/?fields=id,when").json()["errors"]["fields"]
    assert "“when”" in wrong[0]
    assert "date" in wrong[0]
    typed = send(editor, f"meetings/?calendar={our_calendar.pk}", body(land, adress="school"))
    assert typed.json()["errors"] == {"adress": ["There is no such field."]}


def test_a_row_is_read_with_the_fields_that_were_asked_for(meetings, editor):
    row = editor.client.get(f"{API}meetings/{meetings[0].pk}/?fields=date,state").json()
    assert row == {"date": "2027-03-01", "state": "planned"}


# -- Versions -------------------------------------------------------------------------------------
def test_the_tag_of_a_row_spares_the_way_and_opens_the_change(meetings, editor):
    address = f"{API}meetings/{meetings[0].pk}/"
    tag = editor.client.get(address)["ETag"]
    assert editor.client.get(address, headers={"if-none-match": tag}).status_code == 304
    changed = send(editor, f"meetings/{meetings[0].pk}/", {"address": "school"}, method="patch", **{"if-match": tag})
    assert changed.status_code == 200
    again = editor.client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again["ETag"]) == (200, changed["ETag"])


def test_a_list_that_did_not_change_is_not_sent_again(meetings, editor):
    tag = editor.client.get(f"{API}meetings/")["ETag"]
    assert editor.client.get(f"{API}meetings/", headers={"if-none-match": f"W/{tag}"}).status_code == 304
    Meeting.objects.filter(pk=meetings[0].pk).update(address="school")
    assert editor.client.get(f"{API}meetings/", headers={"if-none-match": tag}).status_code == 200


def test_whoever_comes_second_is_told_both_texts(land, meetings, editor):
    patch(editor, meetings[0], {"address": "school"}, 1)
    late = patch(editor, meetings[0], {"address": "library"}, 1).json()
    assert (late["theirs"]["address"], late["yours"], late["fields"]) == ("school", {"address": "library"}, ["address"])
    row = made.request(land.A, place=land.a1)
    address = f"requests/{row.pk}/classify/"
    send(editor, address, {"classification": "question"}, **{"if-match": '"1"'})
    late = send(editor, address, {"classification": "proposal"}, **{"if-match": '"1"'})
    assert (late.status_code, late.json()["theirs"]["classification"]) == (412, "question")
    assert late.json()["yours"] == {"classification": "proposal"}


# -- Keys -----------------------------------------------------------------------------------------
def test_the_same_request_under_its_key_is_done_once_and_answered_twice(land, okrug_office, requests_url):
    first, second = (send(okrug_office, "requests/", requests_url, key="k-1") for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (first["ETag"], "Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (
        second["ETag"], False, "true",
    )  # fmt: skip
    assert Request.objects.count() == 1
    assert Entry.objects.filter(action="request.added").count() == 1


def test_a_used_key_takes_no_other_request(land, okrug_office, editor, requests_url):
    send(okrug_office, "requests/", requests_url, key="k-1")
    other = send(okrug_office, "requests/", requests_url | {"text": "Су жоқ"}, key="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "key_used")
    assert send(editor, "requests/", requests_url, key="k-1").status_code == 201, "keys are each person's own"
    assert send(editor, "requests/", requests_url, key="two words").status_code == 400


def test_a_refused_request_leaves_its_key_free(land, okrug_office, requests_url):
    assert send(okrug_office, "requests/", requests_url | {"text": ""}, key="k-1").status_code == 400
    assert send(okrug_office, "requests/", requests_url, key="k-1").status_code == 201


def test_an_export_under_a_key_is_one_job(land, editor):
    data = {"kind": "issues", "year": 2027, "format": "csv"}
    first, second = (send(editor, "exports/", data, key="k-1") for _time in range(2))
    assert (first.status_code, first.json()["id"]) == (202, second.json()["id"])
    assert send(editor, "exports/", data | {"year": 2026}, key="k-1").status_code == 422


def test_kept_answers_are_thrown_away_after_a_week(land, okrug_office, requests_url):
    send(okrug_office, "requests/", requests_url, key="k-1")
    assert forget_answers(timezone.now() + dt.timedelta(days=6)) == 0
    assert forget_answers(timezone.now() + dt.timedelta(days=8)) == 1
    assert not KeptAnswer.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_programs_with_one_key_at_once_make_one_row(land, okrug_office, requests_url):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    okrug_office.client  # noqa: B018 - the session is made before the race
    answers = []

    def ask():
        answers.append(send(okrug_office, "requests/", requests_url, key="k-1"))
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=ask) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Request.objects.count() == 1


# -- Many at once ---------------------------------------------------------------------------------
def test_many_meetings_are_planned_together(land, our_calendar, editor):
    rows = [body(land, date=f"2027-04-{day:02}") for day in range(1, 21)]
    answer = send(editor, f"meetings/bulk/?calendar={our_calendar.pk}", rows)
    assert answer.status_code == 201
    assert [row["date"] for row in answer.json()] == [row["date"] for row in rows]
    assert Meeting.objects.count() == 20


def test_one_wrong_row_stops_all_and_each_is_told_by_row_and_field(land, our_calendar, editor):
    address = f"meetings/bulk/?calendar={our_calendar.pk}"
    wrong = send(editor, address, [body(land), body(land, date="soon"), body(land, holder="000000001")])
    assert (wrong.status_code, wrong.json()["code"]) == (400, "rows_wrong")
    assert {row: list(errors) for row, errors in wrong.json()["rows"].items()} == {"1": ["date"], "2": ["holder"]}
    forbidden = send(editor, address, [body(land), body(land, report_minutes=60)])
    assert "826-3.3.h1" in forbidden.json()["rows"]["1"]["report_minutes"][0]
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("rows", [[], {}, 5, None, [{}] * 501])
def test_a_list_has_one_to_five_hundred_rows(land, our_calendar, editor, rows):
    assert send(editor, f"meetings/bulk/?calendar={our_calendar.pk}", rows).status_code == 400


def test_requests_and_issues_come_in_lists_too(land, okrug_office, requests_url):
    asked = send(okrug_office, "requests/bulk/", [requests_url, requests_url | {"text": "Су жоқ"}])
    assert asked.status_code == 201
    ids = [row["id"] for row in asked.json()]
    issue = {"unit": land.A.code, "place": land.a1.code, "text_kk": "Жол", "raised_on": "2026-06-02"}
    raised = send(okrug_office, "issues/bulk/", [issue | {"requests": ids}, issue | {"text_kk": "Су"}])
    assert (raised.status_code, [row["number"] for row in raised.json()]) == (201, [1, 2])
    outside = [issue, issue | {"unit": land.B.code, "place": land.b1.code}, issue | {"requests": [999]}]
    wrong = send(okrug_office, "issues/bulk/", outside)
    assert {row: list(errors) for row, errors in wrong.json()["rows"].items()} == {"1": ["unit"], "2": ["requests"]}


def test_an_issue_is_worded_anew_at_the_version_that_was_seen(land, okrug_office):
    row = made.issue(land.A)
    address = f"issues/{row.pk}/"
    assert send(okrug_office, address, {"text_kk": "Көпір"}, method="patch").status_code == 428
    changed = send(okrug_office, address, {"text_kk": "Көпір"}, method="patch", **{"if-match": '"1"'})
    assert (changed.status_code, changed.json()["text_kk"]) == (200, "Көпір")
    assert send(okrug_office, address, {"text_kk": "Су"}, method="patch", **{"if-match": '"1"'}).status_code == 412


# -- Bodies ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"date": NaN}', '{"date": 1e999, "date": 2}', "\xff", '"\\ud800"', "{", "7"]
)
def test_what_is_no_body_is_a_400(land, our_calendar, editor, text):
    url = f"{API}meetings/?calendar={our_calendar.pk}"
    answer = editor.client.post(url, text.encode("latin-1"), content_type="application/json")
    assert answer.status_code == 400


def test_a_body_of_nine_megabytes_is_a_413(land, our_calendar, editor):
    url = f"{API}meetings/?calendar={our_calendar.pk}"
    assert editor.client.post(url, b" " * 9_000_000, content_type="application/json").status_code == 413


# -- Documentation --------------------------------------------------------------------------------
def test_the_description_of_the_api_is_valid_and_complete(tmp_path):
    """Every operation is described without a guess of the generator."""
    call_command("spectacular", "--validate", "--fail-on-warn", file=str(tmp_path / "schema.yml"))
