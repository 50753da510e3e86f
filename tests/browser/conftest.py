"""A real browser before a real server: Chromium, the live server, and people who are logged in.

Without Chromium these tests are skipped visibly; with REQUIRE_SERVICES=1 its absence is a failure.
"""

import os
import threading
import time
from collections.abc import Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from ..conftest import REQUIRED
from ..run import chromium

CHROMIUM = chromium()
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OFFICE = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
#: Milliseconds that a step may take: the first page makes texts and templates ready, on a machine that does more.
PATIENCE = 30_000


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        if REQUIRED:
            pytest.fail("Chromium is not installed, and this run requires it.")
        pytest.skip("Chromium is not installed.")
    playwright = pytest.importorskip("playwright.sync_api")
    # The driver keeps an event loop in this thread, in which Django would refuse to ask the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(autouse=True)
def _one_request_at_a_time(monkeypatch) -> None:
    """SQLite in memory is one connection for all threads: requests of the page must not mix on it."""
    if connection.vendor != "sqlite":
        return
    lock, answer = threading.Lock(), WSGIHandler.__call__

    def locked(self, environ, start_response):
        with lock:
            return answer(self, environ, start_response)

    monkeypatch.setattr(WSGIHandler, "__call__", locked)


@pytest.fixture
def visit(browser, live_server) -> Iterator:
    """`visit(person, address, lang=…, window=…)`: a page of its own browser context, logged in as the person.

    What the browser complains about is collected in `page.complaints`; a test ends with none.
    """
    contexts, pages = [], []

    def opened(person, address: str, *, lang: str = "kk", window: dict | None = None, touch: bool = False):
        context = browser.new_context(viewport=window or OFFICE, has_touch=touch, reduced_motion="reduce")
        contexts.append(context)
        session = person.client.cookies["sessionid"].value
        context.add_cookies(
            [
                {"name": "sessionid", "value": session, "url": live_server.url},
                {"name": "language", "value": lang, "url": live_server.url},
            ]
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        pages.append(page)
        return page

    yield opened
    for context in contexts:
        context.close()


#: A change asks for its warnings a quarter of a second later: only then is it calm.
CALM = """
began => {
    const now = performance.now();
    const busy = document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added');
    if (busy || window.calm?.began !== began) window.calm = {began, since: now};
    return now - window.calm.since > 350;
}
"""


def settled(page) -> None:
    """Waits until htmx asks the server nothing more and has put everything in its place."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(CALM, arg=time.monotonic())


def violations(page) -> list[tuple[str, str]]:
    """What axe finds on the page: serious and critical, as (rule, element)."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    grave = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    return [(rule["id"], node["html"][:200]) for rule in grave for node in rule["nodes"]]
