"""The public form: without an account, in three languages, guarded against floods; nothing is lost."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from issues.models import Request, RequestPerson
from territories.scope import today
from tests import factories

from .pages import filled, text_of


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def announced(land):
    day = today() + dt.timedelta(days=20)
    return factories.meeting(factories.calendar(land.O, day.year), land.A, land.a1, day, announced_on=today())


def opened(client, meeting, language="kk"):
    """The form as a person has it before him, some seconds after he opened it."""
    with time_machine.travel(timezone.now() - dt.timedelta(seconds=30)):
        page = client.get(f"/{language}/ask/{meeting.pk}/")
    assert page.status_code == 200
    return filled(page)


def send(client, meeting, language="kk", **fields):
    data = opened(client, meeting, language) | fields
    return client.post(f"/{language}/ask/{meeting.pk}/", data)


def test_anybody_asks_and_gets_a_code(announced):
    client = Client()
    answer = send(client, announced, text="Көше жарығы қашан жанады?")
    row = Request.objects.get()
    assert row.code in text_of(answer)
    assert (row.source, row.moderation, row.meeting, row.unit) == ("form", "waiting", announced, announced.holder)
    assert not RequestPerson.objects.exists()


def test_the_form_speaks_three_languages(announced):
    told = {}
    for language in ("kk", "ru", "en"):
        page = Client().get(f"/{language}/ask/{announced.pk}/")
        assert f'<html lang="{language}"' in page.content.decode()
        told[language] = text_of(page)
    assert len(set(told.values())) == 3
    assert send(Client(), announced, "ru", text="Когда будет свет?").status_code == 200
    assert Request.objects.get().language == "ru"


def test_who_asks_is_kept_apart_and_with_consent_only(announced):
    client = Client()
    without = send(client, announced, text="Су жоқ", phone="8 701 123 45 67")
    assert without.status_code == 422
    assert "Су жоқ" in without.content.decode()
    assert not Request.objects.exists()
    send(client, announced, text="Су жоқ", phone="8 701 123 45 67", consent="on")
    person = RequestPerson.objects.get()
    assert "701" not in person.phone_sealed
    assert person.phone == "8 701 123 45 67"
    assert person.consent_text


def test_a_double_click_is_one_question(announced):
    client = Client()
    data = opened(client, announced) | {"text": "Су жоқ"}
    codes = {text_of(client.post(f"/kk/ask/{announced.pk}/", data)) for _click in range(2)}
    assert len(codes) == 1
    assert Request.objects.count() == 1


def test_ten_thousand_forms_from_one_address_are_stopped_and_what_was_taken_stays(announced, settings):
    """The counter is asked ten thousand times; pages are sent until it says no, and one more."""
    from issues import flood

    settings.ASK_PER_ADDRESS = 5
    client = Client()
    answers = [send(client, announced, text=f"Сұрақ {n}").status_code for n in range(7)]
    assert answers == [200] * 5 + [429] * 2
    assert Request.objects.count() == 5
    assert all(flood.wait("127.0.0.1", announced, timezone.now()) for _n in range(9_993))
    last = send(client, announced, text="Менің мәтінім қалсын")
    assert last.status_code == 429
    assert int(last["Retry-After"]) > 0
    assert "Менің мәтінім қалсын" in last.content.decode()
    assert Request.objects.count() == 5
    other = Client(REMOTE_ADDR="10.1.2.3")
    assert send(other, announced, text="Басқа мекенжайдан").status_code == 200


def test_a_meeting_takes_only_so_many_an_hour_from_everybody(announced, settings):
    settings.ASK_PER_MEETING = 3
    told = [send(Client(REMOTE_ADDR=f"10.0.0.{n}"), announced, text="Су жоқ").status_code for n in range(4)]
    assert told == [200, 200, 200, 429]


def test_without_a_cache_the_database_counts(announced, settings, monkeypatch):
    from issues import flood

    monkeypatch.setattr(flood.cache, "add", lambda *a, **k: 1 / 0)
    settings.ASK_PER_MEETING = 1
    assert send(Client(), announced, text="Су жоқ").status_code == 200
    assert send(Client(), announced, text="Су жоқ па").status_code == 429


@pytest.mark.parametrize(
    "fields",
    [{"website": "http://spam.example"}, {"ticket": "forged"}, {"text": ""}, {"text": "???"}, {"text": "a" * 3001}],
)
def test_what_a_program_sends_is_refused_with_the_text_kept(announced, fields):
    answer = send(Client(), announced, **{"text": "Су жоқ", **fields})
    assert answer.status_code == 422
    assert not Request.objects.exists()


def test_html_in_a_question_is_text(announced):
    answer = send(Client(), announced, text="<script>alert(1)</script>", website="x")
    assert "<script>alert" not in answer.content.decode()


def test_nothing_is_told_of_a_draft_and_an_old_meeting_takes_no_questions(land, announced):
    client = Client()
    draft = factories.meeting(announced.calendar, land.A, land.a2, announced.date)
    proposed = factories.meeting(
        announced.calendar, land.A, land.a2, announced.date, state="proposed", announced_on=today()
    )
    for meeting in (draft, proposed):
        assert client.get(f"/kk/ask/{meeting.pk}/").status_code == 404
    assert client.get(f"/kk/ask/{10**18}/").status_code == 404
    announced.state = "cancelled"
    announced.save(update_fields=["state"])
    page = client.get(f"/en/ask/{announced.pk}/")
    assert "cancelled" in text_of(page)
    assert client.post(f"/kk/ask/{announced.pk}/", {"text": "Су жоқ"}).status_code == 409
