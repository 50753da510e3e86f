"""The calendar in a real browser, in Kazakh and Russian: planning a hole, dragging, undoing, two people at once."""

import datetime as dt

import pytest

from calendars.models import Meeting, MeetingState
from territories.models import Role

from .. import factories
from ..calendars.pages import at
from ..cast import Person
from .conftest import PHONE, settled, violations

LANGUAGES = pytest.mark.parametrize("lang", ["kk", "ru"])


@pytest.fixture
def meeting(our_calendar, land):
    return factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 4, 7))


def chip(page, meeting):
    return page.locator(f"#m{meeting.pk}")


def day(page, number: int):
    return page.locator(f'[data-day="2027-04-{number:02}"]')


@LANGUAGES
def test_a_hole_of_the_board_is_planned_by_keyboard_and_the_next_one_offered(visit, editor, our_calendar, land, lang):
    page = visit(editor, at("coverage", raion=land.R.pk), lang=lang)
    page.locator(f'a[href*="cell=c.{land.R.pk}.{land.P.pk}.2027-H1"]').focus()
    page.keyboard.press("Enter")
    page.locator("#panel.show input[name=date]").wait_for()
    settled(page)
    page.locator("#panel-body input[name=time]").fill("11:30")
    page.locator("#panel-body input[name=time]").press("Enter")
    page.locator("#toasts .toast-item").wait_for()
    settled(page)
    saved = Meeting.objects.get()
    assert (saved.holder, saved.place, saved.time) == (land.R, land.P, dt.time(11, 30))
    following = page.locator("#panel-body input[name=cell]").input_value()
    assert following != f"c.{land.R.pk}.{land.P.pk}.2027-H1"
    assert page.locator("#panel-body input[name=time]").input_value() == "11:30"
    # What was saved is not offered as something that was not.
    assert page.locator("[data-draft-note]:visible").count() == 0
    board = page.locator(f'a.cell-planned[href*="/meetings/{saved.pk}/"]')
    assert board.count() == 1
    assert page.complaints == []


@LANGUAGES
def test_a_dragged_chip_shows_what_changes_saves_and_is_undone(visit, editor, meeting, lang):
    page = visit(editor, at("month", 4), lang=lang)
    chip(page, meeting).drag_to(day(page, 14))
    page.locator("#dialog[open] ins").first.wait_for()
    settled(page)
    assert Meeting.objects.get().date == dt.date(2027, 4, 7)
    page.locator("#dialog button.btn-primary").click()
    page.locator("#toasts .toast-item [data-toast-link]").wait_for()
    settled(page)
    assert Meeting.objects.get().date == dt.date(2027, 4, 14)
    assert day(page, 14).locator(f"#m{meeting.pk}").count() == 1
    page.locator("#toasts [data-toast-link]").click()
    day(page, 7).locator(f"#m{meeting.pk}").wait_for()
    settled(page)
    assert Meeting.objects.get().date == dt.date(2027, 4, 7)
    assert page.complaints == []


@LANGUAGES
def test_two_people_on_one_meeting_see_both_values(visit, editor, meeting, land, lang):
    colleague = Person(Role.REGION_EDITOR, land.O)
    first = visit(editor, at("month", 4), lang=lang)
    second = visit(colleague, at("month", 4), lang=lang)
    for page in (first, second):
        chip(page, meeting).click()
        page.locator("#panel.show #panel-title").wait_for()
        settled(page)
        page.locator(f'#panel-body a[href*="/meetings/{meeting.pk}/edit/"]').click()
        page.locator("#panel-body input[name=address]").wait_for()
        settled(page)
    second.locator("#panel-body input[name=address]").fill("Мектеп")
    second.locator("#panel-body .form-actions button[type=submit]").click()
    second.locator("#toasts .toast-item").wait_for()
    settled(second)
    first.locator("#panel-body input[name=address]").fill("Клуб")
    first.locator("#panel-body .form-actions button[type=submit]").click()
    dialog = first.locator("#dialog[open]")
    dialog.wait_for()
    assert "Мектеп" in dialog.inner_text()
    assert "Клуб" in dialog.inner_text()
    assert Meeting.objects.get().address == "Мектеп"
    settled(first)
    dialog.locator("input[name=take_address][value=mine]").check()
    dialog.locator("button.btn-primary").click()
    first.locator("#toasts .toast-item").wait_for()
    settled(first)
    assert Meeting.objects.get().address == "Клуб"
    assert [c for c in first.complaints if "409" not in c] == []


def test_a_meeting_is_moved_by_keyboard_without_dragging(visit, editor, meeting):
    page = visit(editor, at("month", 4))
    chip(page, meeting).focus()
    page.keyboard.press("Enter")
    page.locator("#panel.show #panel-title:focus").wait_for()
    move = page.locator(f'#panel-body a[href*="/meetings/{meeting.pk}/move/"]')
    move.press("Enter")
    page.locator("#dialog[open] input[name=day]").wait_for()
    settled(page)
    page.locator("#dialog input[name=day]").fill("2027-04-21")
    page.locator("#dialog input[name=day]").press("Enter")
    page.locator("#dialog button[data-focus]:focus").wait_for()
    settled(page)
    page.keyboard.press("Enter")
    page.locator("#toasts .toast-item").wait_for()
    settled(page)
    assert Meeting.objects.get().date == dt.date(2027, 4, 21)


def test_a_cell_of_the_list_is_edited_by_keyboard_and_keeps_the_focus(visit, editor, meeting):
    page = visit(editor, at("list"))
    page.locator(f'#row-{meeting.pk} a[hx-get*="/address/"]').focus()
    page.keyboard.press("Enter")
    page.locator(".cell-form input[name=value]:focus").wait_for()
    page.keyboard.type("Абай көшесі 5")
    page.keyboard.press("Enter")
    page.locator("#toasts .toast-item").wait_for()
    settled(page)
    assert Meeting.objects.get().address == "Абай көшесі 5"
    assert page.evaluate("document.activeElement.getAttribute('hx-get')").count("/address/") == 1


def test_escape_leaves_a_cell_as_it_was(visit, editor, meeting):
    page = visit(editor, at("list"))
    page.locator(f'#row-{meeting.pk} a[hx-get*="/time/"]').click()
    page.locator(".cell-form input[name=value]:focus").wait_for()
    page.keyboard.press("Escape")
    page.locator(f'#row-{meeting.pk} a[hx-get*="/time/"]').wait_for()
    settled(page)
    assert Meeting.objects.get().version == 1


def test_a_unit_is_chosen_by_typing_and_arrows(visit, editor, our_calendar, land):
    page = visit(editor, at("entry", free=1, date="2027-04-14"))
    page.locator("#id_holder_1").fill("aksu")
    page.locator("#id_holder_1_list [role=option]").first.wait_for()
    assert page.locator("#id_holder_1").get_attribute("aria-expanded") == "true"
    page.keyboard.press("Enter")
    assert page.locator("#id_holder_0").input_value() == str(land.A.pk)
    page.locator("#id_place_1").click()
    page.keyboard.type("aksu")
    page.locator("#id_place_1_list [role=option]").nth(2).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#id_place_0").input_value() == str(land.a2.pk)
    settled(page)
    assert page.locator("#id_place_1_list").is_hidden()


def test_a_warning_appears_before_saving_and_its_day_is_taken_by_a_click(visit, editor, our_calendar, land):
    page = visit(editor, at("entry", cell=f"c.{land.R.pk}.{land.P.pk}.2027-H1"))
    page.locator("input[name=date]").fill("2027-04-10")
    page.locator("input[name=address]").focus()
    page.locator("[data-set-field=date]").wait_for()
    page.locator("[data-set-field=date]").click()
    settled(page)
    assert page.locator("input[name=date]").input_value() == "2027-04-12"
    assert not Meeting.objects.exists()


def test_text_of_a_lost_session_is_offered_again(visit, editor, our_calendar, land):
    address = at("entry", cell=f"c.{land.R.pk}.{land.P.pk}.2027-H1")
    page = visit(editor, address)
    page.locator("input[name=address]").fill("Орталық алаң, 12")
    page.evaluate("document.querySelector('form[data-keep]').removeAttribute('data-touched')")
    page.reload()
    settled(page)
    assert page.locator("input[name=address]").input_value() == ""
    page.locator("[data-draft-back]").click()
    assert page.locator("input[name=address]").input_value() == "Орталық алаң, 12"


def test_selected_holes_get_proposed_days(visit, editor, our_calendar, land):
    page = visit(editor, at("coverage", raion=land.R.pk))
    for half in ("H1", "H2"):
        page.locator(f'input[value="c.{land.R.pk}.{land.P.pk}.2027-{half}"]').check()
    page.locator(".board-tools button[type=submit]:not([name])").click()
    page.locator("input[name=plan]").wait_for(state="attached")
    settled(page)
    page.locator("form:has(input[name=plan]) button[type=submit]").click()
    page.locator("#messages .note").wait_for()
    settled(page)
    assert Meeting.objects.filter(holder=land.R, place=land.P, state=MeetingState.PLANNED).count() == 2


def test_many_meetings_are_moved_after_a_preview(visit, editor, our_calendar, land):
    rows = [factories.meeting(our_calendar, land.R, place, dt.date(2027, 4, 7)) for place in (land.P, land.V)]
    page = visit(editor, at("list"))
    page.locator("thead .select input").check()
    page.locator("#bulk-form select[name=action]").select_option("move")
    page.locator("#bulk-form button[type=submit]").click()
    page.locator("#dialog input[name=amount]").wait_for()
    settled(page)
    page.locator("#dialog input[name=amount]").fill("2")
    page.locator("#dialog select[name=measure]").select_option("weeks")
    page.locator("#dialog button[type=submit]").click()
    page.locator("#dialog input[name=save]").wait_for(state="attached")
    settled(page)
    page.locator("#dialog button[type=submit]").click()
    page.locator("#toasts .toast-item").wait_for()
    settled(page)
    assert set(Meeting.objects.values_list("date", flat=True)) == {dt.date(2027, 4, 21)}
    assert len(rows) == 2


@pytest.fixture
def lively(our_calendar, land):
    """A calendar with a row in every state."""
    factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 4, 7), address="Мәдениет үйі")
    factories.meeting(our_calendar, land.R, land.V, dt.date(2027, 4, 8), state=MeetingState.HELD)
    factories.meeting(our_calendar, land.R, land.A, dt.date(2027, 4, 8), state=MeetingState.CANCELLED)
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 4, 9), state=MeetingState.PROPOSED)
    factories.meeting(our_calendar, land.A, land.a2, dt.date(2027, 4, 9), state=MeetingState.RETURNED)
    return our_calendar


PAGES = ("year", "month", "list", "coverage", "entry", "meeting", "edit", "proposals", "steps", "print", "day")


def address_of(name: str, calendar) -> str:
    extra = {"month": (4,), "day": ("2027-04-08",)}.get(name, ())
    if name in ("meeting", "edit"):
        extra = (calendar.meetings.order_by("pk").first().pk,)
    query = {"raion": calendar.meetings.order_by("pk").first().holder_id} if name == "coverage" else {}
    return at(name, *extra, **query)


@pytest.mark.parametrize("window", [None, PHONE], ids=["office", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious_and_nothing_runs_off_the_window(visit, editor, lively, name, window):
    page = visit(editor, address_of(name, lively), window=window)
    assert violations(page) == []
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_panel_dialog_and_conflict_pass_axe_too(visit, editor, lively, lang):
    page = visit(editor, at("month", 4), lang=lang)
    page.locator("a.chip").first.click()
    page.locator("#panel.show #panel-title").wait_for()
    settled(page)
    assert violations(page) == []
    page.locator('#panel-body a[href*="/move/"]').click()
    page.locator("#dialog[open]").wait_for()
    settled(page)
    page.locator("#dialog input[name=day]").fill("2027-08-07")
    page.locator("#dialog input[name=day]").press("Enter")
    page.locator("#dialog ins").first.wait_for()
    settled(page)
    assert violations(page) == []


def test_a_phone_shows_the_month_as_a_list_of_days(visit, editor, lively):
    page = visit(editor, at("month", 4), window=PHONE, touch=True)
    assert page.locator("td.month-day:visible").count() == 3
    page.locator("a.chip").first.tap()
    page.locator("#panel.show #panel-title").wait_for()
    settled(page)
    assert page.locator('#panel-body a[href*="/move/"]').is_visible()
