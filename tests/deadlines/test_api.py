"""Programs read the ledger: what is owed in their land, by which day, and why on that day."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deadlines.ids import Subject
from deadlines.services import sweep
from tests import factories


def rows(person, **query) -> list[dict]:
    answer = person.client.get("/api/v1/duties/", query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


@pytest.fixture
def meetings(land, our_calendar, their_calendar):
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 15))
    factories.meeting(their_calendar, land.NA, land.na, dt.date(2027, 3, 15))
    sweep(dt.date(2026, 11, 21))


def test_a_program_sees_the_duties_of_its_own_land_only(land, meetings, editor, okrug_office, neighbour):
    announced = {"rule": "826-3.4.f"}
    [ours] = rows(editor, **announced)
    assert (ours["debtor"], ours["due_on"], ours["state"]) == (land.A.code, "2027-03-08", "open")
    assert [row["id"] for row in rows(okrug_office, **announced)] == [ours["id"]]
    [theirs] = rows(neighbour, **announced)
    assert theirs["debtor"] == land.NA.code
    assert editor.client.get(f"/api/v1/duties/{theirs['id']}/").status_code == 404


def test_one_duty_comes_with_the_counting_of_its_dates_and_the_acts_words(meetings, editor):
    [duty] = rows(editor, rule="826-3.4.f")
    assert "derivation" not in duty
    found = editor.client.get(f"/api/v1/duties/{duty['id']}/").json()
    assert found["anchors"] == {"meeting.date": "2027-03-15"}
    assert len(found["why"]) == len(found["derivation"]) > 1
    assert any("8 March 2027" in step for step in found["why"])
    assert found["words"][0]["language"] == "ru"
    assert found["cite"].startswith("826")


def test_duties_are_found_by_region_days_state_and_line(land, meetings, reviewer):
    assert {row["debtor"] for row in rows(reviewer, region=land.N.code, rule="826-3.4")} == {land.NA.code}
    assert rows(reviewer, region="000000001") == []
    assert rows(reviewer, rule="826-3.4", due_from="2027-03-09") == []
    assert len(rows(reviewer, rule="826-3.4", due_to="2027-03-08", state="open")) == 2
    assert reviewer.client.get("/api/v1/duties/?state=sometimes").status_code == 400


def test_a_page_asks_a_constant_number_of_questions(land, our_calendar, editor):
    client, counts = editor.client, []
    for villages in ((land.a1,), (land.a2, land.a3, land.b1)):
        for village in villages:
            factories.meeting(our_calendar, village.parent, village, dt.date(2027, 3, 15))
        sweep(dt.date(2026, 11, 21))
        client.get("/api/v1/duties/?rule=826-3.4")
        with CaptureQueriesContext(connection) as asked:
            client.get("/api/v1/duties/?rule=826-3.4")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_nobody_changes_the_ledger_through_the_api(meetings, editor):
    [duty] = rows(editor, rule="826-3.4.f")
    for method in ("put", "patch", "delete"):
        assert getattr(editor.client, method)(f"/api/v1/duties/{duty['id']}/").status_code == 405


def test_a_duty_of_a_body_names_the_body(db, reviewer):
    from territories.models import Organisation

    body = Organisation.objects.create(key="min-x", kind="ministry", name_kk="Министрлік", name_ru="Министерство")
    factories.duty("12-1.4.h1", None, Subject.BODY, body.pk, "2026-Q4", dt.date(2027, 1, 12), body=body)
    [row] = rows(reviewer, rule="12-")
    assert (row["debtor"], row["body"], row["period"]) == (None, "min-x", "2026-Q4")
