"""Posters, the picture, the calendar file and letters of invitation."""

import datetime as dt

import pytest
from django.core import mail

from issues.models import Audience
from journal.models import Notice
from territories.scope import today
from tests import factories

from .pages import at, text_of


@pytest.fixture
def soon(land):
    day = today() + dt.timedelta(days=20)
    address = 'Мәдениет үйі "#panic(1)" <b> / Дом культуры'
    return factories.meeting(factories.calendar(land.O, day.year), land.A, land.a1, day, address=address)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_posters_picture_and_calendar_file_are_drawn(soon, okrug_office, language):
    for size in ("a3", "a4"):
        answer = okrug_office.client.get(at("poster", soon.pk, language, size))
        assert answer.content.startswith(b"%PDF-")
        assert "attachment" in answer["Content-Disposition"]
    picture = okrug_office.client.get(at("picture", soon.pk, language)).content
    assert picture.startswith(b"\x89PNG")
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1200, 630)
    ics = okrug_office.client.get(at("meeting_ics", soon.pk, language)).content.decode()
    assert f"meeting-{soon.pk}@" in ics.replace("\r\n ", "")
    assert "STATUS:CONFIRMED" in ics
    assert okrug_office.client.get(at("posters", soon.pk)).status_code == 200


def test_what_does_not_exist_is_not_drawn(soon, okrug_office, neighbour):
    for args in (("en", "a3"), ("kk", "a0")):
        assert okrug_office.client.get(at("poster", soon.pk, *args)).status_code == 404
    assert okrug_office.client.get(at("letter", soon.pk, "nobody", "kk", "pdf")).status_code == 404
    assert neighbour.client.get(at("poster", soon.pk, "kk", "a3")).status_code == 404


def test_letters_are_printed_in_both_languages_and_formats(soon, okrug_office):
    for language in ("kk", "ru"):
        pdf = okrug_office.client.get(at("letter", soon.pk, "opposition", language, "pdf"))
        word = okrug_office.client.get(at("letter", soon.pk, "opposition", language, "docx"))
        assert pdf.content.startswith(b"%PDF-")
        assert word.content.startswith(b"PK")


def test_invitations_go_out_once_and_are_counted(soon, okrug_office):
    data = {"category": "parties", "addresses": "one@test.example, two@test.example\none@test.example"}
    for _time in range(2):
        assert okrug_office.client.post(at("invitations", soon.pk), data).status_code == 302
    letters = Notice.objects.filter(kind="meeting_invitation")
    assert letters.count() == 2
    assert letters.first().files.count() == 3
    assert "Шақыру" in letters.first().subject or "кездесу" in letters.first().subject
    row = Audience.objects.get()
    assert (row.category, row.invited, row.invited_on) == ("parties", 2, today())
    assert mail.outbox == []


def test_a_wrong_address_is_named_and_nothing_is_sent(soon, okrug_office):
    data = {"category": "parties", "addresses": "one@test.example, <script>"}
    answer = okrug_office.client.post(at("invitations", soon.pk), data)
    assert answer.status_code == 422
    assert "no e-mail addresses" in text_of(answer)
    assert not Notice.objects.filter(kind="meeting_invitation").exists()


def test_those_invited_are_told_once_of_each_change(soon, okrug_office):
    okrug_office.client.post(at("invitations", soon.pk), {"category": "parties", "addresses": "one@test.example"})
    soon.state, soon.cancel_reason = "cancelled", "Су тасқыны"
    soon.version += 1
    soon.save()
    for _time in range(2):
        okrug_office.client.post(at("tell_change", soon.pk))
    told = Notice.objects.get(kind="meeting_changed")
    assert "Су тасқыны" in told.body_text
    assert "отменена" in told.subject
