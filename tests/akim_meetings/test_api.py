"""Programs read and write through the API what their post may, and nothing else."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calendars.models import Meeting, MeetingState
from tests import factories

LISTS = ("territories", "organisations", "calendars", "meetings", "notices")


def rows(person, address: str) -> list[dict]:
    return person.client.get(f"/api/v1/{address}").json()["results"]


def body(land, **more) -> dict:
    return {"holder": land.A.code, "place": land.a1.code, "date": "2027-03-10", "time": "10:00"} | more


def post(person, address: str, data: dict, version: int | None = None):
    headers = {} if version is None else {"if-match": f'"{version}"'}
    return person.client.post(f"/api/v1/{address}", data, content_type="application/json", headers=headers)


def patch(person, meeting: Meeting, data: dict, version: int | None = 1):
    headers = {} if version is None else {"if-match": f'"{version}"'}
    address = f"/api/v1/meetings/{meeting.pk}/"
    return person.client.patch(address, data, content_type="application/json", headers=headers)


@pytest.mark.parametrize("name", LISTS)
def test_a_stranger_gets_nothing(db, name):
    assert Client().get(f"/api/v1/{name}/").status_code == 401


@pytest.mark.parametrize("name", LISTS)
def test_every_list_answers_in_pages_with_a_constant_number_of_queries(land, our_calendar, editor, name):
    client, counts = editor.client, []
    client.get(f"/api/v1/{name}/")
    for village in (land.a1, land.a2):
        factories.meeting(our_calendar, land.A, village)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/api/v1/{name}/")
        counts.append(len(asked))
        assert set(answer.json()) == {"next", "previous", "results"}
    assert counts[0] == counts[1]


def test_a_program_sees_the_meetings_of_its_own_land_only(land, our_calendar, their_calendar, editor, raion_office):
    ours = factories.meeting(our_calendar, land.A, land.a1)
    city = factories.meeting(our_calendar, land.K4, land.k41)
    theirs = factories.meeting(their_calendar, land.NA, land.na)
    assert {r["id"] for r in rows(editor, "meetings/")} == {ours.pk, city.pk}
    assert {r["id"] for r in rows(raion_office, "meetings/")} == {ours.pk}
    foreign = editor.client.get(f"/api/v1/meetings/{theirs.pk}/")
    unknown = editor.client.get("/api/v1/meetings/999999/")
    assert foreign.status_code == unknown.status_code == 404
    assert {k: v for k, v in foreign.json().items() if k != "request_id"} == {
        k: v for k, v in unknown.json().items() if k != "request_id"
    }


def test_a_reviewer_of_the_government_reads_no_working_rows(land, our_calendar, reviewer):
    factories.meeting(our_calendar, land.A, land.a1)
    assert rows(reviewer, "meetings/") == []
    assert reviewer.client.get(f"/api/v1/calendars/{our_calendar.pk}/coverage/").status_code == 403


def test_staff_plan_a_meeting_and_an_office_below_proposes_one(land, our_calendar, editor, okrug_office):
    planned = post(editor, f"meetings/?calendar={our_calendar.pk}", body(land))
    proposed = post(okrug_office, f"meetings/?calendar={our_calendar.pk}", body(land, place=land.a2.code))
    assert (planned.status_code, planned.json()["state"], planned.headers["ETag"][:3]) == (201, "planned", '"1-')
    assert (proposed.status_code, proposed.json()["state"]) == (201, "proposed")


def test_what_the_act_forbids_is_named_with_field_and_paragraph(land, our_calendar, editor):
    answer = post(editor, f"meetings/?calendar={our_calendar.pk}", body(land, report_minutes=60))
    assert answer.status_code == 400
    assert "826-3.3.h1" in answer.json()["errors"]["report_minutes"][0]
    assert not Meeting.objects.exists()


def test_a_foreign_unit_and_an_unknown_one_are_refused_alike(land, our_calendar, okrug_office):
    foreign = post(
        okrug_office, f"meetings/?calendar={our_calendar.pk}", body(land, holder=land.B.code, place=land.b1.code)
    )
    assert foreign.status_code == 400
    unknown = post(okrug_office, f"meetings/?calendar={our_calendar.pk}", body(land, holder="000000001"))
    assert unknown.status_code == 400
    assert not Meeting.objects.exists()


def test_nobody_writes_into_a_foreign_calendar(land, their_calendar, editor):
    answer = post(editor, f"meetings/?calendar={their_calendar.pk}", body(land))
    assert answer.status_code == 404


@pytest.mark.parametrize("version", [None])
def test_a_change_without_the_seen_version_is_refused(land, our_calendar, editor, version):
    meeting = factories.meeting(our_calendar, land.A, land.a1)
    assert patch(editor, meeting, {"address": "school"}, version).status_code == 428


def test_a_change_of_an_old_version_is_told_both_texts(land, our_calendar, editor):
    meeting = factories.meeting(our_calendar, land.A, land.a1)
    assert patch(editor, meeting, {"address": "school"}, 1).json()["version"] == 2
    late = patch(editor, meeting, {"address": "library"}, 1)
    assert late.status_code == 412
    assert (late.json()["theirs"]["address"], late.json()["fields"]) == ("school", ["address"])


@pytest.mark.parametrize("field", ["id", "state", "version", "number", "calendar", "held_on"])
def test_fields_that_verbs_set_are_never_taken_from_a_body(land, our_calendar, their_calendar, editor, field):
    meeting = factories.meeting(our_calendar, land.A, land.a1)
    patch(editor, meeting, {field: 77 if field != "held_on" else "2027-03-10"}, 1)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.number, meeting.calendar_id, meeting.held_on) == (
        MeetingState.PLANNED,
        1,
        our_calendar.pk,
        None,
    )


def test_the_verbs_run_through_the_same_services_as_the_pages(land, our_calendar, okrug_office, editor, time_machine):
    time_machine.move_to(dt.datetime(2027, 3, 11, 5, tzinfo=dt.UTC))
    meeting = factories.meeting(our_calendar, land.A, land.a1)
    announced = post(okrug_office, f"meetings/{meeting.pk}/announce/", {"on": "2027-03-01"}, 1)
    assert (announced.status_code, announced.json()["announced_on"]) == (200, "2027-03-01")
    held = post(okrug_office, f"meetings/{meeting.pk}/hold/", {"on": "2027-03-10", "attendance": 44}, 2)
    assert (held.status_code, held.json()["state"]) == (200, "held")


def test_the_region_returns_a_proposal_with_a_remark(land, our_calendar, okrug_office, editor):
    meeting = factories.meeting(our_calendar, land.A, land.a1, state=MeetingState.PROPOSED)
    assert post(okrug_office, f"meetings/{meeting.pk}/accept/", {}, 1).status_code == 403
    answer = post(editor, f"meetings/{meeting.pk}/return/", {"remark": "another day"}, 1)
    assert (answer.status_code, answer.json()["returned_remark"]) == (200, "another day")


@pytest.mark.parametrize(
    "data",
    [{"date": "2027-13-45"}, {"date": 5}, {"time": "25:00"}, {"address": "x\0y"}, {"format": "zoom"}, {"holder": 7}],
)
def test_wrong_values_are_a_400_and_never_a_crash(land, our_calendar, editor, data):
    assert post(editor, f"meetings/?calendar={our_calendar.pk}", body(land, **data)).status_code == 400


@pytest.mark.parametrize("calendar", ["", "0", "-1", "1e3", "９", "9" * 30])
def test_a_calendar_that_is_no_number_is_a_400_or_404(land, editor, calendar):
    assert post(editor, f"meetings/?calendar={calendar}", body(land)).status_code in (400, 404)


def test_deep_pages_and_wrong_filters_are_bounded(land, editor):
    client = editor.client
    assert len(client.get("/api/v1/territories/?page_size=1000000").json()["results"]) > 0
    assert client.get("/api/v1/territories/?page_size=0").status_code == 400
    assert client.get("/api/v1/meetings/?date_from=tomorrow").status_code == 400


def test_a_search_folds_kazakh_letters(land, editor):
    land.a1.search = "ақсу бірінші"
    land.a1.save()
    assert rows(editor, "territories/?search=") != []


def test_the_documentation_is_served_from_local_files(editor):
    page = editor.client.get("/api/docs/").content.decode()
    assert "/static/drf_spectacular_sidecar/" in page
    assert "https://" not in page.replace("https://swagger.io", "")
    assert "/api/v1/meetings/" in editor.client.get("/api/schema/").content.decode()


def test_a_request_that_is_sent_again_finds_the_meeting_it_has_made(land, our_calendar, editor):
    """The answer was lost on its way: the program asks once more, and there is still one meeting."""
    address = f"meetings/?calendar={our_calendar.pk}"
    first = post(editor, address, body(land))
    again = post(editor, address, body(land))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Meeting.objects.count() == 1
    other = post(editor, address, body(land, time="15:00"))
    assert other.status_code == 201
