"""The style page in a real browser: accessible, inside the policy, usable by keyboard."""

import pytest

from .conftest import OFFICE

pytestmark = pytest.mark.urls("tests.akim_meetings.look_urls")
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def open_page(browser, live_server):
    """Open an address in a language and a window; complaints of the browser are collected in `page.complaints`."""
    contexts = []

    def opened(path: str, lang: str = "kk", window: dict | None = None):
        context = browser.new_context(viewport=window or OFFICE)
        contexts.append(context)
        context.add_cookies([{"name": "language", "value": lang, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()


def violations(page) -> list[tuple[str, str]]:
    """What axe finds on the page, however slight."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(rule["id"], node["html"][:150]) for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("window", [OFFICE, PHONE], ids=["office", "phone"])
@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_every_component_is_accessible_and_fits_the_window(open_page, lang, window):
    page = open_page("/staff/styleguide/", lang, window)
    assert violations(page) == []
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_the_kazakh_typeface_is_loaded_from_here(open_page):
    page = open_page("/staff/styleguide/")
    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family + f.weight)")
    assert sorted(loaded) == ["Golos Text400", "Golos Text700"]
    hosts = page.evaluate("[...new Set(performance.getEntriesByType('resource').map(e => new URL(e.name).host))]")
    assert hosts == [page.evaluate("location.host")]


def test_a_wrong_form_takes_the_focus_to_its_list_of_errors(open_page):
    page = open_page("/staff/styleguide/")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.click(".error-summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "wrong_day" or page.evaluate("location.hash") == "#wrong_day"


def test_a_dangerous_step_asks_first_and_no_is_the_ready_answer(open_page):
    page = open_page("/staff/styleguide/")
    page.click("#ask")
    page.wait_for_selector("#confirm[open]")
    assert page.evaluate("document.activeElement.dataset.answer") == "no"
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert page.evaluate("location.hash") == ""
    assert page.evaluate("document.activeElement.id") == "ask"
    page.click("#ask")
    page.click("[data-answer=yes]")
    page.wait_for_function("location.hash === '#gone'")


def test_the_explanation_of_a_date_opens_and_closes_by_keyboard(open_page):
    page = open_page("/staff/styleguide/")
    page.focus(".todo .why summary >> nth=0")
    page.keyboard.press("Enter")
    assert page.locator(".todo .why >> nth=0").evaluate("box => box.open")
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert not page.locator(".todo .why >> nth=0").evaluate("box => box.open")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_question_mark_lists_the_keys_and_the_keys_work(open_page):
    page = open_page("/staff/styleguide/")
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    assert "g c" in page.inner_text("#keys")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("u")
    page.wait_for_function("location.hash === '#units'")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search-box"


def test_choosing_rows_shows_what_can_be_done_with_them(open_page):
    page = open_page("/staff/styleguide/")
    assert not page.locator(".bulk-bar").is_visible()
    page.click("#t tbody .select input >> nth=1")
    page.click("#t tbody .select input >> nth=3", modifiers=["Shift"])
    assert page.inner_text("[data-bulk-count]") == "3"
    page.click("#t thead .select input")
    assert page.inner_text("[data-bulk-count]") == "8"


def test_typed_text_is_not_lost_without_a_question(open_page):
    page = open_page("/staff/styleguide/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.fill("#clean_place", "Созақ")
    page.goto(page.url + "?again=1")
    assert asked == ["beforeunload"]


def test_without_script_the_page_still_offers_its_buttons(browser, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/staff/styleguide/")
    assert page.locator(".pickers button").is_visible()
    page.click(".todo .why summary >> nth=0")
    assert page.locator(".todo .why .why-body >> nth=0").is_visible()
    context.close()


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
@pytest.mark.parametrize("path", ["/fail/bug/", "/fail/denied/", "/busy/"])
def test_pages_of_failure_are_accessible(open_page, path, lang):
    assert violations(open_page(path, lang)) == []
