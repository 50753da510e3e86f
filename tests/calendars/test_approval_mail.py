"""The notice over real SMTP: what arrives at the maslikhat, what a bounce does, the way back by the link."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar

from calendars.models import MaslikhatNotice, Meeting
from calendars.progress import delivery
from journal.actors import Actor
from journal.bounces import parse
from journal.delivery import drain
from journal.models import Notice
from journal.services import record_bounce
from tests.smtp_server import EvilRelay

from .. import factories
from .approving import approved, fill


@pytest.fixture
def relay(tmp_path, settings):
    with EvilRelay(tmp_path / "accepted.log") as server:
        settings.OUTBOX = {
            "transport": "smtp",
            "host": "127.0.0.1",
            "port": server.port,
            "sender": "Кездесулер <kezdesu@akimat.example>",
            "retry_seconds": (0.01, 0.02),
            "relay_rest_seconds": (0.01, 0.02),
            "wait_for_relay": False,
            "nudge": False,
            "clock_gate": False,
        }
        yield server


@pytest.fixture
def sent(relay, our_calendar, land, approver):
    """Version 1 with its letter delivered, parsed as the secretary's program would parse it."""
    approver.user.full_name = "Айгүл Әбілқызы"
    approver.user.phone = "+7 725 33 11 22"
    approver.user.save()
    fill(our_calendar, land)
    factories.maslikhat(land.O, "maslikhat@example.kz")
    approved(our_calendar, approver.who)
    assert drain() == {"sent": 1}
    return relay.parsed(relay.letters[-1])


def part(letter, kind: str) -> str:
    return letter.get_body(preferencelist=(kind,)).get_content()


def test_the_letter_arrives_with_both_languages_both_parts_and_both_files(sent):
    plain, html = part(sent, "plain"), part(sent, "html")
    names = [a.get_filename() for a in sent.iter_attachments()]

    assert "Oblast (қаз)" in sent["Subject"]
    assert "Oblast (рус)" in sent["Subject"]
    assert sent["To"] == "maslikhat@example.kz"
    assert sent["Auto-Submitted"] == "auto-generated"
    for text in (plain, html):
        assert "1-ө" in text
        assert "Айгүл Әбілқызы" in text
        assert "+7 725 33 11 22" in text
    assert names == ["calendar-610000000-2027-v1.xlsx", "calendar-610000000-2027-v1.ics"]
    assert len(Calendar.from_ical(list(sent.iter_attachments())[1].get_content()).walk("VEVENT")) == 5


def test_the_first_sentence_says_that_only_acknowledging_is_required(sent, settings):
    for language in ("kk", "ru"):
        with override(language):
            wanted = _("Nothing is required of you but to acknowledge that you have received this notice.")
        assert wanted in part(sent, "plain")
        assert wanted in part(sent, "html")


def test_the_letter_tracks_nobody(sent):
    html = part(sent, "html")

    assert "<img" not in html
    assert "<script" not in html
    addresses = set(re.findall(r'(?:href|src)="([^"]+)"', html))
    assert {a.split("?")[0] for a in addresses if not a.startswith("mailto:")} == {
        re.search(r"http://testserver/ack/[\w-]+", part(sent, "plain"))[0]
    }


def test_the_button_of_the_delivered_letter_acknowledges(sent):
    path = re.search(r'href="http://testserver(/ack/[^"]+)"', part(sent, "html"))[1]

    assert Client().get(path).status_code == 200
    assert MaslikhatNotice.objects.get().acknowledged_at is None
    Client().post(path, {"name": "Secretary"})

    assert MaslikhatNotice.objects.get().acknowledged_name == "Secretary"


def test_a_correction_arrives_with_the_difference_only(sent, relay, our_calendar, approver):
    first = Meeting.objects.get(calendar=our_calendar, number=1)
    Meeting.objects.filter(pk=first.pk).update(date=dt.date(2027, 3, 17))
    approved(our_calendar, approver.who, reason="Road <closed> & flooded")
    drain()

    letter = relay.parsed(relay.letters[-1])
    plain, html = part(letter, "plain"), part(letter, "html")

    assert "Road <closed> & flooded" in plain
    assert "Road &lt;closed&gt; &amp; flooded" in html
    assert plain.count("№ 1,") == 2
    assert "№ 2," not in plain
    assert "17 наурыз 2027" in plain
    assert "17 марта 2027" in plain


def test_a_relay_that_is_down_delays_the_letter_and_loses_nothing(relay, our_calendar, land, approver):
    fill(our_calendar, land)
    factories.maslikhat(land.O, "maslikhat@example.kz")
    relay.refuse()
    approved(our_calendar, approver.who)
    drain()
    assert Notice.objects.get().state != Notice.State.SENT

    relay.listen()
    for _try in range(50):
        if drain().get("sent"):
            break

    assert list(relay.accepted.values()) == [1]


def test_a_refused_address_is_shown_with_what_to_do(relay, our_calendar, land, approver):
    fill(our_calendar, land)
    factories.maslikhat(land.O, "maslikhat@example.kz")
    approved(our_calendar, approver.who)
    relay.modes.append("550-rcpt")
    drain()

    with override("en"):
        told = delivery(Notice.objects.get())
    assert told.state == "failed"
    assert "send again" in told.advice


def test_a_bounce_is_recorded_and_is_no_acknowledgement(relay, our_calendar, land, approver):
    fill(our_calendar, land)
    factories.maslikhat(land.O, "maslikhat@example.kz")
    approved(our_calendar, approver.who)
    relay.modes.append("accept-bounce")
    drain()

    record_bounce(parse(relay.bounces[0]), by=Actor.system("bounces"))

    with override("en"):
        assert delivery(Notice.objects.get()).label == "Came back undelivered"
    assert MaslikhatNotice.objects.get().acknowledged_at is None


def test_an_automatic_reply_is_no_acknowledgement(sent):
    notice = Notice.objects.get()
    reply = (
        "From: maslikhat@example.kz\r\nTo: kezdesu@akimat.example\r\nSubject: Re: received, thank you\r\n"
        f"Auto-Submitted: auto-replied\r\nIn-Reply-To: {notice.message_id}\r\n\r\nReceived and read.\r\n"
    )

    record_bounce(parse(reply.encode()), by=Actor.system("bounces"))

    notice.refresh_from_db()
    assert notice.bounced_at is None
    assert MaslikhatNotice.objects.get().acknowledged_at is None
