"""Requests: quick entry, what was asked before, sorting, joining; the pool and the topics."""

import datetime as dt

import pytest

from issues.models import Issue, IssueOrigin, PoolVersion, Request, RequestPerson, Topic
from territories.scope import today
from tests import factories

from .factories import CLOCK, issue, request, topic
from .pages import HTMX, at, filled, queries, text_of


@pytest.fixture
def soon(land):
    day = today() + dt.timedelta(days=20)
    return factories.meeting(factories.calendar(land.O, day.year), land.A, land.a1, day)


def entry(land, **more):
    return {
        "source": "call",
        "received_on": today().isoformat(),
        "place": land.a1.pk,
        "meeting": "",
        "text": "Көше жарығы жанбайды",
        "topic": "",
        "classification": "question",
        "appeal_number": "",
        "language": "kk",
        "client_key": "k1",
    } | more


def test_quick_entry_stays_in_the_flow(land, okrug_office, soon):
    answer = okrug_office.client.post(at("requests"), entry(land, meeting=soon.pk), headers=HTMX)
    assert answer.status_code == 200
    row = Request.objects.get()
    assert (row.unit, row.place, row.meeting, row.source) == (land.A, land.a1, soon, "call")
    left = filled(answer)
    assert (left["source"], left["meeting"], left["text"]) == ("call", str(soon.pk), "")
    assert left["client_key"] not in ("", "k1")


def test_a_double_click_adds_one_request(land, okrug_office):
    for _click in range(2):
        okrug_office.client.post(at("requests"), entry(land), headers=HTMX)
    assert Request.objects.count() == 1


def test_nothing_typed_is_lost_when_something_is_missing(land, okrug_office):
    answer = okrug_office.client.post(at("requests"), entry(land, classification="appeal"), headers=HTMX)
    assert answer.status_code == 422
    assert "Register the appeal in e-Otinish" in text_of(answer)
    assert filled(answer)["text"] == "Көше жарығы жанбайды"


def test_names_are_kept_with_consent_only_and_apart(land, okrug_office, raion_office):
    without = okrug_office.client.post(at("requests"), entry(land, name="Тұрғын"), headers=HTMX)
    assert without.status_code == 422
    okrug_office.client.post(at("requests"), entry(land, name="Тұрғын", consent="on"), headers=HTMX)
    row, person = Request.objects.get(), RequestPerson.objects.get()
    assert "Тұрғын" not in person.name_sealed
    assert "Тұрғын" in text_of(okrug_office.client.get(at("request", row.pk)))
    assert "Тұрғын" not in text_of(raion_office.client.get(at("request", row.pk)))


def test_what_was_asked_before_is_shown_while_typing(land, okrug_office):
    request(land.A, "Абай көшесінде жарық жоқ, шамдар жанбайды", place=land.a1)
    answer = okrug_office.client.post(at("similar"), {"text": "абай кошесинде жарык жок шамдар"}, headers=HTMX)
    assert "Абай көшесінде жарық жоқ" in text_of(answer)
    assert not text_of(okrug_office.client.post(at("similar"), {"text": "су"}, headers=HTMX))


def test_the_request_of_another_office_is_not_shown_but_its_issue_is(land, okrug_office, other_okrug):
    row = request(land.B, "Абай көшесінде жарық жоқ, шамдар жанбайды", place=land.b1)
    issue(land.B, "Абай көшесінде жарық жоқ, шамдар жанбайды", place=land.b1, requests=[row])
    page = text_of(okrug_office.client.post(at("similar"), {"text": "Абай көшесінде жарық жоқ, шамдар"}))
    assert "issue" in page
    assert f"№ {row.pk}" not in page


def test_the_list_is_filtered_and_costs_the_same_with_more_rows(land, okrug_office, soon):
    request(land.A, "Жол нашар", place=land.a1, source="box", topic=topic(), meeting=soon)
    few = queries(okrug_office.client, at("requests"))
    for number in range(3):
        request(land.A, f"Су жоқ {number}", place=land.a2)
    assert queries(okrug_office.client, at("requests")) == few
    for query in ({"source": "box"}, {"q": "жол"}, {"topic": topic().pk}, {"meeting": soon.pk}):
        page = text_of(okrug_office.client.get(at("requests", **query)))
        assert "Жол нашар" in page
        assert "Су жоқ" not in page
    assert okrug_office.client.get(at("requests", state="nonsense", topic="x")).status_code == 200


def test_html_in_a_request_is_text(land, okrug_office):
    row = request(land.A, "<img src=x onerror=alert(1)>", place=land.a1)
    for address in (at("requests"), at("request", row.pk)):
        assert "<img src=x" not in okrug_office.client.get(address).content.decode()


def test_a_request_becomes_an_issue_is_parted_and_joined_to_another(land, okrug_office):
    row, other = request(land.A, "Көше жарығы жоқ", place=land.a1), issue(land.A, "Көше жарығы жоқ")
    form = okrug_office.client.get(at("request_issue", row.pk))
    okrug_office.client.post(at("request_issue", row.pk), filled(form))
    origin = IssueOrigin.objects.get(request=row)
    okrug_office.client.post(at("request_part", row.pk, origin.pk))
    page = okrug_office.client.get(at("request", row.pk))
    assert "Join to this issue" in text_of(page)
    okrug_office.client.post(at("request_join", row.pk), {"issue": other.pk})
    assert IssueOrigin.objects.get(undone_at=None).issue == other
    assert IssueOrigin.objects.count() == 2


def test_personal_data_does_not_get_into_an_issue(land, okrug_office):
    row = request(land.A, "Маған 8 701 123 45 67 телефонына хабарласыңыз", place=land.a1)
    form = okrug_office.client.get(at("request_issue", row.pk))
    answer = okrug_office.client.post(at("request_issue", row.pk), filled(form))
    assert answer.status_code == 422
    assert "telephone" in text_of(answer)
    assert not Issue.objects.exists()


def test_a_stale_sorting_shows_both(land, okrug_office, raion_office):
    row = request(land.A, place=land.a1)
    address = at("request_classify", row.pk)
    page = okrug_office.client.get(address)
    raion_office.client.post(address, filled(raion_office.client.get(address), classification="proposal"))
    clash = okrug_office.client.post(address, filled(page, classification="question"))
    assert clash.status_code == 409
    assert '<td class="lines">proposal</td>' in clash.content.decode()


def test_strangers_do_not_find_a_request(land, neighbour, reviewer):
    row = request(land.A, place=land.a1)
    assert neighbour.client.get(at("request", row.pk)).status_code == 404
    assert reviewer.client.get(at("requests")).status_code == 403


# -- The pool ------------------------------------------------------------------------------------------
def test_the_pool_is_frozen_in_the_order_that_was_set(land, soon, okrug_office):
    one, two = issue(land.A, "Бірінші мәселе", meeting=soon), issue(land.A, "Екінші мәселе", meeting=soon)
    okrug_office.client.post(
        at("pool_freeze", soon.pk),
        {"issue": [one.pk, two.pk], f"order_{one.pk}": "2", f"order_{two.pk}": "1", "analysis": "Көбі жол туралы"},
    )
    version = PoolVersion.objects.get()
    assert [row.issue for row in version.rows.all()] == [two, one]
    page = text_of(okrug_office.client.get(at("pool_version", soon.pk, version.number)))
    assert "Екінші мәселе" in page
    assert "Көбі жол туралы" in page
    assert okrug_office.client.get(at("pool_version", soon.pk, 9)).status_code == 404


def test_a_pool_after_its_meeting_is_refused(land, met, okrug_office):
    row = issue(land.A, meeting=met)
    answer = okrug_office.client.post(at("pool_freeze", met.pk), {"issue": [row.pk]}, follow=True)
    assert "A pool is made before it" in text_of(answer)
    assert not PoolVersion.objects.exists()


def test_issues_are_joined_parted_and_never_in_a_circle(land, soon, okrug_office):
    rows = [issue(land.A, f"Мәселе {n}", meeting=soon) for n in range(3)]
    okrug_office.client.post(at("pool_merge", soon.pk), {"issue": [row.pk for row in rows[:2]]})
    rows[1].refresh_from_db()
    assert rows[1].joined_into == rows[0]
    circle = okrug_office.client.post(at("pool_merge", soon.pk), {"issue": [rows[1].pk, rows[0].pk]}, follow=True)
    rows[0].refresh_from_db()
    assert rows[0].joined_into is None
    assert circle.status_code == 200
    join = rows[1].joins.get()
    okrug_office.client.post(at("pool_part", soon.pk, join.pk))
    rows[1].refresh_from_db()
    assert rows[1].joined_into is None
    one = okrug_office.client.post(at("pool_merge", soon.pk), {"issue": [rows[2].pk]}, follow=True)
    assert "Tick the issues" in text_of(one)


def test_the_pool_page_costs_the_same_with_more_issues(land, soon, okrug_office):
    issue(land.A, meeting=soon, topic=topic())
    request(land.A, meeting=soon, place=land.a1)
    few = queries(okrug_office.client, at("pool", soon.pk))
    for number in range(3):
        issue(land.A, f"Мәселе {number}", meeting=soon, topic=topic())
        request(land.A, f"Сұрақ {number}", meeting=soon, place=land.a1)
    assert queries(okrug_office.client, at("pool", soon.pk)) == few


def test_an_issue_of_the_pool_is_edited_by_version(land, soon, okrug_office):
    row = issue(land.A, meeting=soon)
    address = at("issue_edit", soon.pk, row.pk)
    page = okrug_office.client.get(address)
    okrug_office.client.post(address, filled(page, text_ru="Нет света"))
    assert okrug_office.client.post(address, filled(page, text_ru="Иное")).status_code == 409
    row.refresh_from_db()
    assert row.text_ru == "Нет света"


# -- Topics ----------------------------------------------------------------------------------------------
def test_a_region_changes_a_shared_topic_for_itself_only(land, editor, neighbour, okrug_office):
    shared = Topic.objects.get(region=None, code="roads")
    page = editor.client.get(at("topic_edit", shared.pk))
    editor.client.post(at("topic_edit", shared.pk), filled(page, name_ru="Дороги области", active="on"))
    shared.refresh_from_db()
    assert shared.name_ru != "Дороги области"
    assert Topic.objects.for_region(land.O.pk).get(code="roads").name_ru == "Дороги области"
    assert "Дороги области" not in text_of(neighbour.client.get(at("topics")))
    assert okrug_office.client.get(at("topic_add")).status_code == 403


def test_a_topic_below_a_topic_of_the_second_level_is_refused(land, editor):
    data = {"name_kk": "Жаңа", "name_ru": "Новая", "proof": "text", "order": "1", "active": "on"}
    assert editor.client.post(at("topic_add"), data | {"parent_code": "roads-repair"}).status_code == 422
    assert editor.client.post(at("topic_add"), data | {"parent_code": "roads"}).status_code == 302
    assert Topic.objects.get(region=land.O).parent_code == "roads"
    assert CLOCK.may_enter
