"""No page shows a day of the law bare: beside each stands why it is this day, or the row or sentence says it.

Every address of the program that answers is opened in the world of `tests/doors.py`; days by which something is owed
there are looked for in its text and in its `<time>`s, and must stand inside an element marked with `data-legal`.
"""

import datetime as dt
from html import unescape
from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from calendars.models import Meeting
from calendars.warnings import Announcements
from deadlines.models import Duty
from deadlines.services import bring_in_line
from journal import dates
from territories.scope import today

from .doors import ROWS, Side, World
from .test_doors import FILES, world  # noqa: F401  (the fixture)

pytestmark = pytest.mark.django_db
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
#: Places where a day of the law is shown with its explanation around it: the page of the explanation itself; and the
#: list that names the period of a reading, which ends with the year as some duties do.
EXPLAINED = ("deadlines:explain", "act:why", "reporting:send_issues")
#: Pages that are about days of the law; each must have at least one that says why.
ABOUT_DAYS = (
    "home", "deadlines:ledger", "deadlines:of_subject", "act:last_day", "calendars:meeting", "calendars:move",
    "calendars:approval",
    "calendars:version_submit", "calendars:submission", "issues:preparation", "issues:reception",
    "issues:plan", "issues:publication", "issues:quarters",
)  # fmt: skip


class Page(HTMLParser):
    """What a page says outside of elements marked as legal, and which of these have no way to the explanation."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None, int]] = []
        self.bare: list[str] = []
        self.marked: list[str] = []
        self.ways = 0
        self.dead: list[str] = []
        self.feed(html)

    @property
    def inside(self) -> bool:
        return any(rule is not None for _tag, rule, _ways in self.open)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        address = values.get("href") or values.get("hx-get") or ""
        if address.startswith("/staff/act/why/?") or (
            address.startswith("/staff/duties/") and address[14:15].isdigit()
        ):
            self.ways += 1
        if tag == "time" and not self.inside:
            self.bare.append(values.get("datetime", "")[:10])
        if tag in VOID:
            return
        rule = (values["data-legal"] or "-") if "data-legal" in values else None
        if rule is not None:
            self.marked.append(rule)
        self.open.append((tag, rule, self.ways))

    def handle_endtag(self, tag):
        while any(tag == found for found, _rule, _ways in self.open):
            found, rule, ways = self.open.pop()
            if rule is not None and self.ways == ways:
                self.dead.append(rule)
            if found == tag:
                return

    def handle_data(self, data):
        if not self.inside and not any(tag in ("script", "style", "option") for tag, _rule, _ways in self.open):
            self.bare.append(data)


def legal_days(made: World) -> set[dt.date]:
    """Days by which something is owed in this world, as far as no event happened on them."""
    bring_in_line(today(), [2026, 2027])
    found = set(Duty.objects.exclude(due_on=None).values_list("due_on", flat=True))
    for meeting in Meeting.objects.select_related("calendar", "holder"):
        found.add(Announcements(meeting.calendar).last_day(meeting.holder, meeting.date))
    happened = {dt.date(2026, 10, 10)}  # a publication of the world
    return found - happened - {today() + dt.timedelta(days=n) for n in (-1, 0, 1)}


def more(ours: Side) -> list[tuple[str, str]]:
    """Addresses that tell days of the law only when something more is asked of them."""
    return [
        ("deadlines:of_subject", reverse("deadlines:of_subject", args=["meeting", ours.meeting.pk])),
        ("calendars:move", reverse("calendars:move", args=[ours.meeting.pk]) + "?day=2027-03-24"),
        ("calendars:verb", reverse("calendars:verb", args=[ours.meeting.pk, "announce"])),
        ("issues:quarters", reverse("issues:quarters") + "?year=2026"),
        ("deadlines:ledger", reverse("deadlines:ledger") + "?state=all"),
    ]


def words(day: dt.date) -> tuple[str, ...]:
    with override("en"):
        return day.isoformat(), dates.long_date(day), dates.short_date(day), dates.official_date(day)


def opened(made: World, role: str, address: str, **headers: str):
    """A page as a member of the cast sees it in English."""
    client = Client(headers=headers)
    client.cookies["language"], client.cookies["sessionid"] = "en", made.sessions[role]
    with transaction.atomic():
        try:
            return client.get(address)
        finally:
            transaction.set_rollback(True)


@pytest.mark.once
@pytest.mark.parametrize(("role", "htmx"), [("editor", False), ("editor", True), ("reviewer", False)])
def test_no_page_shows_a_day_of_the_law_without_saying_why(world, settings, role, htmx):  # noqa: F811
    cache.clear()
    settings.MEDIA_ROOT = FILES
    said = {word: day for day in legal_days(world) for word in words(day)}
    assert len(said) > 20
    ours, _theirs = world.sides(role)
    wrong, marked = [], set()
    doors = [door for door in ROWS if door.method == "GET" and not door.name.startswith("public")]
    pages = [(door.name, door.address(ours)) for door in doors] + more(ours)
    for name, address in pages:
        answer = opened(world, role, address, **({"HX-Request": "true"} if htmx else {}))
        if answer.status_code != 200 or answer.streaming or not answer["Content-Type"].startswith("text/html"):
            continue
        page = Page(answer.content.decode())
        if page.marked:
            marked.add(name)
        wrong += [f"{name}: nothing says why in {rule}" for rule in page.dead]
        if name not in EXPLAINED:
            text = " | ".join(page.bare)
            wrong += [f"{name}: {said[word]} is bare ({word})" for word in said if word in text]
    assert not wrong, "\n".join(sorted(set(wrong)))
    if role == "editor" and not htmx:
        assert set(ABOUT_DAYS) - marked == set()
    if role == "reviewer" and not htmx:
        assert "home" in marked


def test_the_explanation_counts_the_day_of_the_page_again(world, settings):  # noqa: F811
    settings.MEDIA_ROOT = FILES
    ours, _theirs = world.sides("editor")
    page = opened(world, "editor", reverse("calendars:meeting", args=[ours.meeting.pk])).content.decode()
    start = page.index("/staff/act/why/?")
    address = unescape(page[start : page.index('"', start)])
    last = Announcements(ours.meeting.calendar).last_day(ours.meeting.holder, ours.meeting.date)
    for headers in ({}, {"HX-Request": "true"}):
        told = opened(world, "editor", address, **headers).content.decode()
        assert dates.long_date(last, "en") in told
        assert ("<html" in told) is not bool(headers)


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "line=826-9.9.z&as_of=2027-01-01",
        "line=826-3.4.e@e1&as_of=soon&from=meeting.date:2027-03-10",
        "line=826-3.4.e@e1&as_of=2027-01-01",
        "line=826-3.4.e@e1&as_of=2027-01-01&from=meeting.date:yesterday",
        "line=826-3.4.e@e1&as_of=2027-01-01&from=meeting.date:2027",
        "line=826-3.4.e@e1&as_of=2027-01-01&from=meeting.date:9999-12-31&region=%C2%B2",
        "line=826-3.5.c1@e1&as_of=2027-01-01&from=meeting.end_date:9999-12-31",
        "line=826-2.1.h2@e2&as_of=2027-01-01&from=year:2031",
    ],
)
def test_an_address_that_asks_for_no_day_is_answered_like_nothing(world, asked):  # noqa: F811
    assert opened(world, "editor", f"{reverse('act:why')}?{asked}").status_code == 404
