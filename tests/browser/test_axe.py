"""Every page that the table of doors knows is usable with a screen reader: axe finds nothing serious.

The pages are those that answer a whole HTML page to somebody of the cast; each is opened by the
first person who may, in Kazakh on an office PC and in Russian on a phone; by halves, which two processes share.
"""

import pytest
from playwright.sync_api import Error

from ..doors import CAST, ROWS, World
from .conftest import OFFICE, PHONE, violations

#: Which members of the cast look first: whoever sees the most on the page.
LOOKING = ("nobody", "editor", "approver", "administrator", "secretary", "reviewer", *CAST)
#: Machines read these: calendars, tables, signs of life, schemas.
FOR_MACHINES = (
    ".ics",
    ".xlsx",
    ".csv",
    ".eml",
    "/healthz",
    "/readyz",
    "/api/",
    "/scan/",
    "letter/",
    "/feeds/",
    "/export/",
)


def pages(world: World) -> list[tuple[str, str]]:
    """Who opens which address: every GET of the table that answers a page to somebody."""
    found = []
    for door in ROWS:
        if door.changes or door.extra:
            continue
        for role in LOOKING:
            if door.own[role].status == 200:
                found.append((role, door.address(world.sides(role)[0])))
                break
    return [(role, address) for role, address in found if not any(word in address for word in FOR_MACHINES)]


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize(("lang", "window"), [("kk", OFFICE), ("ru", PHONE)], ids=["kk-office", "ru-phone"])
def test_no_page_has_a_serious_barrier(browser, live_server, settings, lang, window, half):
    world = World()
    theirs, wrong = pages(world)[half::2], []
    for role in dict.fromkeys(role for role, _address in theirs):
        context = browser.new_context(viewport=window, reduced_motion="reduce")
        cookies = [{"name": "language", "value": lang, "url": live_server.url}]
        if role in world.sessions:
            cookies.append({"name": "sessionid", "value": world.sessions[role], "url": live_server.url})
        context.add_cookies(cookies)
        page = context.new_page()
        refused: list[str] = []
        page.on(
            "console", lambda said, seen=refused: seen.append(said.text) if "Content Security" in said.text else None
        )
        for address in (address for who, address in theirs if who == role):
            try:
                answer = page.goto(live_server.url + address)
            except Error as stopped:
                if "Download is starting" in stopped.message:
                    continue
                raise
            if answer is None or "<html" not in answer.text()[:300]:
                continue  # a piece of a page, seen where it is put in
            wrong += [f"{address} ({role}): {rule} {node}" for rule, node in violations(page)]
            wrong += [f"{address} ({role}): {text[:150]}" for text in refused]
            refused.clear()
        context.close()
    assert wrong == []
