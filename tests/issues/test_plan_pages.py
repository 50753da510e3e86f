"""Reception and action plan as the office meets them on the pages."""

import datetime as dt
import io

import openpyxl
import pytest
from django.utils import timezone

from issues.models import ActionPlan, Financing, PlanItem, Reception, ReceptionCategory
from tests import factories

from .factories import MET_ON, TODAY, issue, item
from .pages import at, filled, queries, text_of


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch):
    """The office sits at the page in the week after the meeting."""
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 3, 16, 6, tzinfo=dt.UTC))


def reception_form(client, meeting, **changed):
    address = at("reception_add", meeting.pk)
    data = filled(client.get(address), starts_on="2026-03-11", ends_on="2026-03-12", citizens="9") | changed
    return client.post(address, data)


def test_the_office_records_a_reception_and_sees_from_which_day_the_ten_days_run(met, okrug_office):
    before = text_of(okrug_office.client.get(at("reception", met.pk)))
    assert "The ten days run from the meeting" in before
    assert "20 March 2026" in before
    answer = reception_form(okrug_office.client, met, **{"who-3-invited": "4", "who-3-present": "2"})
    assert answer.status_code == 302
    row = Reception.objects.get()
    assert row.participants.count() == len(ReceptionCategory)
    assert row.participants.get(category="deputies").present == 2
    after = text_of(okrug_office.client.get(at("reception", met.pk)))
    assert "the reception, as the later one" in after
    assert "22 March 2026" in after


def test_a_reception_before_the_meeting_is_answered_at_its_field(met, okrug_office):
    answer = reception_form(okrug_office.client, met, starts_on="2026-03-09")
    assert answer.status_code == 422
    assert "this day lies before it" in text_of(answer)


def test_two_people_who_change_a_reception_both_see_both_values(met, okrug_office):
    reception_form(okrug_office.client, met)
    row = Reception.objects.get()
    address = at("reception_edit", met.pk, row.pk)
    page = okrug_office.client.get(address)
    assert okrug_office.client.post(address, filled(page, citizens="10")).status_code == 302
    clash = okrug_office.client.post(address, filled(page, citizens="11"))
    assert clash.status_code == 409
    assert '<td class="lines">10</td>' in clash.content.decode()
    assert okrug_office.client.post(address, filled(clash)).status_code == 302
    row.refresh_from_db()
    assert row.citizens == 11


def item_form(client, raised, **changed):
    address = at("item_add", raised.meeting_id, raised.pk)
    values = {
        "measure_kk": "Шам орнату",
        "due_on": "2026-05-20",
        "organisation": "ТҮКШ бөлімі",
        "post": "бөлім басшысы",
    } | changed
    return client.post(address, filled(client.get(address)) | values)


def test_as_far_as_possible_is_no_day_and_nobody_is_no_executor(raised, okrug_office):
    words = text_of(item_form(okrug_office.client, raised, due_on="по мере возможности"))
    assert "“as far as possible” is no day" in words
    assert item_form(okrug_office.client, raised, organisation="").status_code == 422
    assert item_form(okrug_office.client, raised, due_on="2026-03-01").status_code == 422
    assert PlanItem.objects.count() == 0


def test_an_item_is_drafted_approved_and_then_keeps_its_day(raised, met, okrug_office, executor):
    client = okrug_office.client
    assert "1 open issue has no measure yet" in text_of(client.get(at("plan", met.pk)))
    assert item_form(client, raised, executor=executor.post.pk).status_code == 302
    address = at("plan_approve", met.pk)
    assert client.post(address, filled(client.get(address), document="")).status_code == 422
    assert client.post(address, filled(client.get(address), document="№ 5, 16.03.2026")).status_code == 302
    row = PlanItem.objects.get()
    assert (row.state, row.first_due_on) == ("waiting", dt.date(2026, 5, 20))
    page = client.get(at("item_edit", met.pk, row.pk))
    assert "The day was promised" in text_of(page)
    client.post(at("item_edit", met.pk, row.pk), filled(page, due_on="2026-09-01", measure_ru="Установка"))
    row.refresh_from_db()
    assert (row.due_on, row.measure_ru) == (dt.date(2026, 5, 20), "Установка")


def test_a_changed_plan_stands_beside_the_version_before(raised, met, okrug_office, land):
    item(raised)
    item(issue(land.A, "Жол", place=land.a1, meeting=met))
    words = text_of(okrug_office.client.get(at("plan_version", met.pk, 2)))
    assert "new" in words
    assert "the same" in words


def test_a_session_of_the_maslikhat_is_recorded_with_sum_and_year(raised, met, okrug_office, land):
    factories.maslikhat(land.O, "o@test.example")
    address = at("financing_add", met.pk)
    page = okrug_office.client.get(address)
    data = filled(page) | {
        "issues": [raised.pk], "session_number": "12", "session_date": "2026-03-15", "outcome": "approved",
        "decision": "Бөлінсін", "amount": "1500000", "budget_year": "2026",
    }  # fmt: skip
    assert okrug_office.client.post(address, data | {"amount": ""}).status_code == 422
    assert okrug_office.client.post(address, data).status_code == 302
    row = Financing.objects.get()
    assert (row.amount, row.maslikhat.territory) == (1500000, land.O)
    assert "Бөлінсін" in text_of(okrug_office.client.get(at("plan", met.pk)))


def test_the_plan_leaves_as_a_table_in_which_nothing_calculates(raised, met, okrug_office):
    row = item(raised)
    PlanItem.objects.filter(pk=row.pk).update(measure_kk="=1+1")
    answer = okrug_office.client.get(at("plan_xlsx", met.pk))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    values = [cell.value for cell in sheet[4]]
    assert values[5] == "=1+1"
    assert sheet["F4"].data_type == "s"
    assert sheet["G4"].value.date() == dt.date(2026, 5, 20)


def test_the_plan_asks_the_database_the_same_for_one_issue_and_for_three(raised, met, land, okrug_office):
    item(raised)
    one = queries(okrug_office.client, at("plan", met.pk)), queries(okrug_office.client, at("reception", met.pk))
    for text in ("Су", "Жол"):
        item(issue(land.A, text, place=land.a1, meeting=met))
    three = queries(okrug_office.client, at("plan", met.pk)), queries(okrug_office.client, at("reception", met.pk))
    assert one == three


def test_neighbours_and_executors_do_not_find_the_plan(raised, met, neighbour, executor, other_okrug):
    item(raised)
    for person, status in ((neighbour, 404), (other_okrug, 404), (executor, 403)):
        assert person.client.get(at("plan", met.pk)).status_code == status
    assert ActionPlan.objects.count() == 1
    assert (met.held_on, dt.date(2026, 3, 16)) == (MET_ON, TODAY)
