"""The main menu of staff pages: nothing of it is hidden behind a scroll to the side, on an office PC and on a phone."""

import pytest

from .conftest import OFFICE, PHONE, violations

#: Where something of the menu is cut off or runs out of the window.
CUT = """() => [document.documentElement, ...document.querySelectorAll('.mainnav, .mainnav *')]
  .filter((node) => node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0
    && getComputedStyle(node).display !== 'inline')
  .map((node) => node.outerHTML.slice(0, 120))"""
OUT = """() => [...document.querySelectorAll('.mainnav a, .mainnav summary')]
  .filter((node) => node.checkVisibility())
  .filter((node) => node.getBoundingClientRect().right > innerWidth || node.getBoundingClientRect().left < 0)
  .map((node) => node.textContent)"""


@pytest.fixture
def longest(request):
    """The administrator, whose menu is the longest, and who approves for a region, whose menu is nearly so."""
    return [request.getfixturevalue(name) for name in ("administrator", "approver")]


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_an_office_pc_shows_the_whole_menu_in_one_line(visit, longest, lang):
    for person in longest:
        page = visit(person, "/staff/", lang=lang, window=OFFICE)
        assert (page.evaluate(CUT), page.evaluate(OUT)) == ([], [])
        tops = page.evaluate("[...document.querySelectorAll('.mainnav > ul > li')].map((line) => line.offsetTop)")
        assert len(set(tops)) == 1
        assert page.complaints == []


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_a_phone_unfolds_the_menu_and_shows_all_of_it(visit, longest, lang):
    for person in longest:
        page = visit(person, "/staff/units/", lang=lang, window=PHONE, touch=True)
        fold = page.locator(".mainnav-fold")
        assert page.locator(".mainnav a").first.is_hidden()
        assert page.locator(".mainnav a[aria-current]").text_content() in fold.text_content()
        fold.click()
        assert fold.get_attribute("aria-expanded") == "true"
        page.locator(".mainnav summary").click()
        assert all(link.is_visible() for link in page.locator(".mainnav a").all())
        assert (page.evaluate(CUT), page.evaluate(OUT)) == ([], [])
        assert violations(page) == []
        fold.click()
        assert page.locator(".mainnav a").first.is_hidden()


def test_what_keeps_the_house_in_order_stands_in_a_box_that_tells_where_one_is(visit, administrator):
    page = visit(administrator, "/staff/operations/", lang="en")
    box = page.locator(".mainnav-more")
    assert box.locator("summary").get_attribute("class") == "is-here"
    assert box.locator("a").first.is_hidden()
    box.locator("summary").click()
    assert [link.text_content() for link in box.locator("a").all()] == ["Mail", "Journal", "Background work", "People"]
    assert box.locator("a[aria-current=page]").text_content() == "Background work"
    assert (page.evaluate(OUT), violations(page)) == ([], [])
    page.keyboard.press("Escape")
    assert box.locator("a").first.is_hidden()


def test_without_scripts_a_phone_shows_the_whole_menu(browser, live_server, administrator):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    session = administrator.client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/staff/")
    assert page.locator(".mainnav > ul > li > a").last.is_visible()
    context.close()


def test_fewer_than_three_such_lines_stand_in_the_line(visit, editor):
    page = visit(editor, "/staff/", lang="ru")
    assert page.locator(".mainnav-more").count() == 0
    assert page.evaluate(CUT) == []
