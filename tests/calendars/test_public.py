"""What anybody may read without an account: approved meetings, nothing of the draft, nobody's data."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.test import Client

from calendars.models import Meeting

from .. import factories
from .approving import approved, fill


@pytest.fixture(autouse=True)
def january():
    with time_machine.travel(dt.datetime(2027, 1, 12, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def rows(our_calendar, land, approver):
    made = fill(our_calendar, land)
    Meeting.objects.filter(pk=made[2].pk).update(
        address="Мәдениет үйі", remarks="Call Akhmetov +7 701 111 22 33", broadcast_note="Server 10.0.0.1"
    )
    approved(our_calendar, approver.who)
    return made


def page(path: str, **query) -> str:
    answer = Client().get(path, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_home_page_shows_every_region_in_each_language(rows, land, language):
    text = page(f"/{language}/")

    assert f'<html lang="{language}">' in text
    assert land.O.name(language) in text
    assert land.N.name(language) in text


def test_a_region_shows_its_approved_meetings_of_a_month(rows, land):
    text = page(f"/ru/regions/{land.O.code}/", month="2")

    assert "Aksu (рус)" in text
    assert "Мәдениет үйі" in text
    assert "10:00" in text


def test_a_raion_narrows_the_calendar(rows, land):
    assert "Raion (рус)" in page(f"/ru/regions/{land.O.code}/", month="3", raion=land.R.code)
    inside = page(f"/ru/regions/{land.O.code}/", month="3", raion=land.K.code)
    assert f"/ru/units/{land.R.code}/" not in inside


def test_a_village_page_says_when_the_akim_comes(rows, land):
    text = page(f"/kk/units/{land.A.code}/")

    assert "17 ақпан" in text
    assert f"/feeds/public/{land.A.code}.ics" in text


def test_a_draft_is_nowhere_public(our_calendar, land):
    fill(our_calendar, land)
    Meeting.objects.update(address="SECRET HALL")

    for path in ("/ru/", f"/ru/regions/{land.O.code}/", f"/ru/units/{land.A.code}/"):
        assert "SECRET" not in page(path)
    assert Client().get(f"/ru/regions/{land.O.code}/2027.csv").status_code == 404


def test_edits_after_the_approval_stay_inside_until_approved(rows, land, our_calendar, approver):
    Meeting.objects.filter(pk=rows[2].pk).update(date=dt.date(2027, 2, 24))
    before = page(f"/kk/units/{land.A.code}/")
    approved(our_calendar, approver.who)
    after = page(f"/kk/units/{land.A.code}/")

    assert "17 ақпан" in before
    assert "24 ақпан" in after
    assert "17 ақпан" not in after


def test_no_remark_note_account_or_office_telephone_reaches_the_public(rows, land, approver):
    approver.user.full_name, approver.user.phone = "Approver Name", "+7 777 777 77 77"
    approver.user.save()
    paths = ["/ru/", f"/ru/regions/{land.O.code}/?month=2", f"/ru/units/{land.A.code}/"]
    paths += [f"/ru/regions/{land.O.code}/2027.csv", f"/feeds/public/{land.O.code}.ics"]

    for path in paths:
        text = Client().get(path).content.decode()
        for private in ("Akhmetov", "701 111", "10.0.0.1", "Approver Name", "777 777", approver.user.email):
            assert private not in text, (path, private)


def test_the_table_can_be_read_by_a_program_and_calculates_nothing(rows, land, our_calendar, approver):
    Meeting.objects.filter(pk=rows[0].pk).update(address="=HYPERLINK(1)")
    approved(our_calendar, approver.who)

    answer = Client().get(f"/ru/regions/{land.O.code}/2027.csv")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))

    assert len(table) == 6
    assert {len(row) for row in table} == {11}
    assert table[3][7] == "'=HYPERLINK(1)"
    assert "attachment" in answer["Content-Disposition"]


def test_a_page_seen_before_is_not_sent_again(rows, land):
    region = f"/ru/regions/{land.O.code}/"
    for path in ("/ru/", region, f"/ru/units/{land.A.code}/", f"{region}2027.csv"):
        first = Client().get(path)
        assert "public" in first["Cache-Control"]
        assert not first.cookies
        again = Client().get(path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_a_reader_who_is_logged_in_sees_the_same_page(rows, land, editor):
    path = f"/ru/units/{land.A.code}/"

    assert editor.client.get(path).content == Client().get(path).content


def test_a_cache_may_keep_one_copy_for_everybody(rows, land):
    pages = ("/ru/", f"/ru/regions/{land.O.code}/", f"/ru/units/{land.A.code}/")
    for path in (*pages, f"/feeds/public/{land.O.code}.ics"):
        assert "Cookie" not in Client().get(path)["Vary"]


def test_names_are_found_whatever_letters_were_typed(rows, land):
    land.A.search = "аксу aksu"
    land.A.save(update_fields=["search"])

    assert f"/ru/units/{land.A.code}/" in page("/ru/", q="АҚСУ")
    assert "/ru/units/" not in page("/ru/", q="nowhere at all")


@pytest.mark.parametrize(
    "path",
    ["/ru/regions/000000000/", "/ru/units/xxx/", "/ru/regions/610000000/1999.csv", "/ru/regions/{raion}/"],
)
def test_what_does_not_exist_is_not_found(rows, land, path):
    assert Client().get(path.replace("{raion}", land.R.code)).status_code == 404


@pytest.mark.parametrize("query", [{"month": "99"}, {"month": "٣"}, {"year": "x"}, {"raion": "'"}, {"q": "\0" * 50}])
def test_nonsense_in_the_address_is_ignored(rows, land, query):
    assert Client().get(f"/ru/regions/{land.O.code}/", query).status_code == 200
    assert Client().get("/ru/", query).status_code == 200


def test_a_full_year_costs_few_queries(rows, land, our_calendar, approver, django_assert_max_num_queries):
    for day in range(60):
        factories.meeting(our_calendar, land.R, land.A, dt.date(2027, 3, 1) + dt.timedelta(days=day))
    approved(our_calendar, approver.who)

    for path in ("/ru/", f"/ru/regions/{land.O.code}/?month=3", f"/ru/units/{land.A.code}/"):
        with django_assert_max_num_queries(9):
            Client().get(path)
