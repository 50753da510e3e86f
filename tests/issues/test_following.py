"""Whoever wants follows an issue or a place by mail: only after his link was pressed, and until he ends it."""

import csv
import datetime as dt
import io
import json
import re

import pytest
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from calendars.models import Meeting
from issues import services
from issues.models import Issue, Subscription
from journal.bounces import Bounce, Verdict
from journal.models import Entry, Notice, NoticeAttempt
from journal.rules import can_retry
from journal.services import cancel, record, record_bounce
from territories.scope import today
from tests import factories

from .factories import CLOCK, TODAY, at, issue, seen
from .pages import text_of

MAIL = "Reader@Example.kz"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def public(raised):
    Issue.objects.filter(pk=raised.pk).update(published_at=at(TODAY))
    raised.refresh_from_db()
    return raised


def ask(client, address, **fields):
    return client.post(address, {"email": MAIL, "consent": "on"} | fields)


def link_in(notice: Notice) -> str:
    return re.search(r"/\w\w/following/\w+/", notice.body_text).group()


def test_nothing_is_sent_before_the_link_was_pressed_and_nothing_after_it_was_ended(public):
    client = Client()
    assert ask(client, f"/ru/issues/{public.code}/follow/").status_code == 200
    row = Subscription.objects.get()
    assert MAIL not in row.email_sealed
    assert row.email == MAIL
    letter = Notice.objects.get(kind="follow_confirm")
    assert letter.language == "ru"
    services.close_issue(
        public, kind="explained", on=TODAY, text_kk="Түсіндірілді", seen_version=seen(public), today=TODAY, by=CLOCK
    )
    assert services.tell_followers(timezone.now()) == 0

    assert client.get(link_in(letter)).status_code == 200
    assert Subscription.objects.get().confirmed_at is None
    client.post(link_in(letter), {"what": "confirm"})
    assert Subscription.objects.get().confirmed_at
    Subscription.objects.update(told_until=at(TODAY, 1))
    assert services.tell_followers(timezone.now()) == 1
    news = Notice.objects.get(kind="follow_news")
    assert public.code in news.body_text
    assert link_in(news) == link_in(letter)
    assert news.headers["List-Unsubscribe"].endswith(f"{link_in(news)}>")
    assert services.tell_followers(timezone.now()) == 0

    client.post(link_in(letter), {"what": "end"})
    assert not Subscription.objects.exists()
    assert client.get(link_in(letter)).status_code == 404


def test_a_place_is_followed_too(public, land):
    client = Client()
    ask(client, f"/kk/units/{land.a1.code}/follow/")
    client.post(link_in(Notice.objects.get()), {"what": "confirm"})
    Subscription.objects.update(told_until=at(TODAY, 1))
    assert services.tell_followers(timezone.now()) == 1
    assert "Көше жарығы жоқ" in Notice.objects.get(kind="follow_news").body_text


def test_who_follows_a_place_hears_of_a_meeting_that_is_moved_or_cancelled(land):
    coming = [today() + dt.timedelta(days=n) for n in (20, 25, 30)]
    told = {"announced_on": today() - dt.timedelta(days=9)}
    year = factories.calendar(land.O, coming[0].year)
    moved, gone, stays = (factories.meeting(year, land.A, land.a1, day, **told) for day in coming)
    ask(Client(), f"/en/units/{land.a1.code}/follow/")
    services.confirm(Subscription.objects.get(), now=timezone.now())
    since = timezone.now() - dt.timedelta(days=2)
    Subscription.objects.update(told_until=since)
    Meeting.objects.update(updated_at=since)
    record(CLOCK.actor, "meeting.moved", moved, scope_path=land.A.path)
    Meeting.objects.filter(pk=moved.pk).update(updated_at=timezone.now())
    Meeting.objects.filter(pk=gone.pk).update(updated_at=timezone.now(), state="cancelled")
    assert services.tell_followers(timezone.now()) == 1
    text = Notice.objects.get(kind="follow_news").body_text
    assert "moved to this day" in text
    assert "is cancelled" in text
    assert text.count(land.a1.name("en")) == 3  # the place itself, and two of its three meetings
    assert stays.announced_on


def test_the_same_address_twice_is_one_row_and_one_letter_and_the_page_tells_nobody(public):
    client, address = Client(), f"/en/issues/{public.code}/follow/"
    told = {text_of(ask(client, address)) for _click in range(2)}
    assert len(told) == 1
    assert ask(client, address, email=MAIL.lower()).status_code == 200
    assert Subscription.objects.count() == 1
    assert Notice.objects.filter(kind="follow_confirm").count() == 1


@pytest.mark.parametrize("fields", [{"consent": ""}, {"email": "no address"}, {"website": "x"}, {"email": ""}])
def test_without_consent_or_an_address_nothing_is_kept(public, fields):
    fields = {"consent": "on", "email": MAIL} | fields
    answer = Client().post(f"/en/issues/{public.code}/follow/", {k: v for k, v in fields.items() if v})
    assert answer.status_code == 422
    assert not Subscription.objects.exists()


def test_floods_are_stopped_by_network_and_by_mailbox(public, land, settings):
    settings.FOLLOW_PER_ADDRESS, settings.FOLLOW_PER_MAILBOX = 3, 2
    address = f"/kk/issues/{public.code}/follow/"
    assert [ask(Client(REMOTE_ADDR=f"10.0.0.{n}"), address).status_code for n in range(3)] == [200, 200, 429]
    answers = [ask(Client(), address, email=f"r{n}@example.kz") for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_an_address_that_was_never_confirmed_is_forgotten(public):
    ask(Client(), f"/kk/issues/{public.code}/follow/")
    assert services.forget_unconfirmed(timezone.now()) == 0
    assert services.forget_unconfirmed(timezone.now() + dt.timedelta(days=8)) == 1


def test_addresses_of_citizens_leave_settled_letters_after_their_term(public, settings):
    ask(Client(), f"/kk/issues/{public.code}/follow/")
    letter = Notice.objects.get(kind="follow_confirm")
    later = timezone.now() + dt.timedelta(days=settings.LETTER_ADDRESS_DAYS + 1)
    assert services.forget_letters(later, by=CLOCK) == 0  # it still waits to be sent
    Notice.objects.update(state="failed", last_reply=f"550 <{MAIL}> unknown", headers={"List-Unsubscribe": "x"})
    NoticeAttempt.objects.create(notice=letter, number=1, outcome="failed", reply=f"550 <{MAIL}> unknown")
    assert services.forget_letters(timezone.now(), by=CLOCK) == 0
    assert services.forget_letters(later, by=CLOCK) == 1
    assert services.forget_letters(later, by=CLOCK) == 0
    letter.refresh_from_db()
    left = f"{letter.__dict__} {list(letter.history.values())} {list(Entry.objects.values())}"
    assert "reader" not in left.casefold()
    assert letter.is_forgotten
    assert not can_retry(letter)


def test_the_journal_never_holds_the_address_of_a_follower(public):
    ask(Client(), f"/kk/issues/{public.code}/follow/")
    letter = Notice.objects.get(kind="follow_confirm")
    cancel(letter, by=CLOCK.actor)
    record_bounce(Bounce(Verdict.BOUNCED, letter.message_id[1:].split("@")[0], MAIL.lower(), "5.1.1"), by=CLOCK.actor)
    assert Entry.objects.filter(action="notice.bounced").exists()
    assert "reader" not in str(list(Entry.objects.values())).casefold()


def test_a_new_key_reseals_followers_too(public, settings):
    ask(Client(), f"/kk/issues/{public.code}/follow/")
    old, new = settings.PERSONAL_DATA_KEYS, Fernet.generate_key().decode()
    settings.PERSONAL_DATA_KEYS = [new, *old]
    call_command("reseal")
    settings.PERSONAL_DATA_KEYS = [new]
    assert Subscription.objects.get().email == MAIL


# -- Data and maps --------------------------------------------------------------------------------
def test_the_same_issues_come_as_csv_json_and_feeds(public, land, met):
    row = issue(land.A, "=HYPERLINK(1)", place=land.a1, meeting=met)
    Issue.objects.filter(pk=row.pk).update(published_at=at(TODAY))
    client = Client()
    table = client.get(f"/kk/units/{land.a1.code}/issues.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {line["code"] for line in rows} == {public.code, row.code}
    assert "'=HYPERLINK(1)" in {line["text_kk"] for line in rows}
    data = json.loads(client.get("/ru/issues.json").content)
    assert {line["code"] for line in data["issues"]} == {public.code, row.code}
    assert client.get("/ru/issues.json", {"state": "done"}).json()["issues"] == []
    for form in ("rss", "atom"):
        assert public.code in client.get(f"/kk/units/{land.a1.code}/issues.{form}").content.decode()
    assert client.get(f"/kk/units/{land.a1.code}/issues.exe").status_code == 404


def test_search_engines_are_told_where_the_public_pages_are(public, land):
    client = Client()
    assert "Disallow: /staff/" in client.get("/robots.txt").content.decode()
    assert f"/sitemap-{land.O.code}.xml" in client.get("/sitemap.xml").content.decode()
    told = client.get(f"/sitemap-{land.O.code}.xml").content.decode()
    assert f"/ru/issues/{public.code}/" in told
    assert f"/en/units/{land.a1.code}/" in told
    assert f'hreflang="kk" href="http://testserver/kk/units/{land.a1.code}/"' in told.replace(
        "http://127.0.0.1:8000", "http://testserver"
    )
