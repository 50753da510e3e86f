"""Before and at a meeting in a real browser: quick entry, the pool, the hall without a connection."""

import datetime as dt

import pytest

from calendars.models import Meeting
from issues.models import Audience, HallLine, Instruction, PoolVersion, Request
from territories.models import Role
from territories.scope import today

from .. import factories
from ..cast import Person
from ..issues.factories import CLOCK, issue, request
from ..issues.pages import at
from .conftest import PATIENCE, PHONE, settled, violations

LANGUAGES = pytest.mark.parametrize("lang", ["kk", "ru"])


@pytest.fixture
def office(land) -> Person:
    return Person(Role.OFFICE_STAFF, land.A)


def meeting_on(land, day: dt.date) -> Meeting:
    return factories.meeting(factories.calendar(land.O, day.year), land.A, land.a1, day)


@LANGUAGES
def test_requests_are_entered_in_the_flow_and_become_a_frozen_pool(visit, office, land, lang):
    meeting = meeting_on(land, today() + dt.timedelta(days=20))
    request(land.A, "Абай көшесінде жарық жоқ", place=land.a1, received_on=today(), today=today())
    page = visit(office, at("requests", meeting=meeting.pk), lang=lang)
    text = page.locator("textarea[name=text]")
    text.press_sequentially("абай кошесинде жарык жок")
    page.locator("#similar li").first.wait_for()
    page.locator("#entry select[name=source]").select_option("call")
    page.locator("#entry button[type=submit]").click()
    page.locator("#toasts .toast-item").wait_for()
    settled(page)
    made = Request.objects.get(source="call")
    assert made.meeting == meeting
    assert page.locator("textarea[name=text]").input_value() == ""
    assert page.locator("#entry select[name=source]").input_value() == "call"
    page.goto(page.url.split("/staff/")[0] + at("request_issue", made.pk))
    page.locator("main form button[type=submit]").click()
    page.goto(page.url.split("/staff/")[0] + at("pool", meeting.pk))
    page.locator("#pool-form textarea[name=analysis]").fill("Жарық туралы")
    page.locator("#pool-form button.btn-primary").click()
    page.wait_for_load_state("networkidle")
    assert PoolVersion.objects.get().rows.count() == 1
    assert violations(page) == []
    assert page.complaints == []


@LANGUAGES
def test_the_hall_works_by_keyboard_and_loses_nothing_without_a_connection(visit, office, land, lang):
    meeting = meeting_on(land, today())
    issue(land.A, "Көше жарығы", meeting=meeting, raised_on=today(), today=today())
    page = visit(office, at("hall", meeting.pk), lang=lang)
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Жол қашан жөнделеді?")
    page.keyboard.press("Tab")
    page.keyboard.type("Мамырда")
    page.keyboard.press("Control+i")
    page.keyboard.type("Кестені жариялау")
    page.wait_for_function("() => !document.querySelector('.hall-line.is-waiting')")
    row = HallLine.objects.get()
    assert (row.question, row.answer) == ("Жол қашан жөнделеді?", "Мамырда")
    page.wait_for_function("() => !document.querySelector('.is-waiting')")
    assert Instruction.objects.get().line == row

    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Байланыссыз сұрақ")
    page.locator("[data-present=residents]").fill("40")
    page.locator(".hall-saved.is-offline").wait_for()
    assert HallLine.objects.count() == 1
    page.complaints.clear()
    page.context.set_offline(False)
    page.wait_for_function(
        "() => !document.querySelector('.hall-saved.is-offline, .hall-line.is-waiting')", timeout=PATIENCE
    )
    assert set(HallLine.objects.values_list("question", flat=True)) == {"Жол қашан жөнделеді?", "Байланыссыз сұрақ"}
    assert Audience.objects.get(category="residents").present == 40
    assert violations(page) == []


def test_what_was_typed_survives_a_closed_page_and_two_laptops_merge(visit, office, land):
    meeting = meeting_on(land, today())
    page = visit(office, at("hall", meeting.pk))
    page.route("**/hall/save/", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Жабылған бетте")
    page.locator(".hall-saved.is-offline").wait_for()
    page.unroute("**/hall/save/")
    page.complaints.clear()
    page.reload()
    page.wait_for_function("() => document.querySelector('[data-field=question]')?.value === 'Жабылған бетте'")
    page.wait_for_function("() => !document.querySelector('.is-waiting')")
    assert HallLine.objects.get().question == "Жабылған бетте"
    other = visit(office, at("hall", meeting.pk))
    other.keyboard.press("Control+Enter")
    other.keyboard.type("Екінші құрылғыдан")
    other.wait_for_function("() => !document.querySelector('.is-waiting')")
    page.wait_for_function("() => document.querySelectorAll('.hall-line').length === 2", timeout=PATIENCE)
    assert list(HallLine.objects.order_by("order").values_list("order", flat=True)) == [1, 2]


@pytest.mark.parametrize("name", ["preparation", "pool", "hall", "minutes", "posters", "invitations"])
def test_pages_of_a_meeting_hold_on_a_phone_and_are_accessible(visit, office, land, name):
    from issues import services

    meeting = meeting_on(land, today() + dt.timedelta(days=20))
    request(land.A, "Жол нашар", place=land.a1, meeting=meeting, received_on=today(), today=today())
    issue(land.A, "Көше жарығы", meeting=meeting, raised_on=today(), today=today())
    services.record_audience(meeting, category="parties", values={"invited": 3}, seen_version=None, by=CLOCK)
    page = visit(office, at(name, meeting.pk), window=PHONE, touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    assert page.complaints == []
