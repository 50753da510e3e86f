"""Requests from Excel and CSV: shown first, taken whole or not at all, and never twice."""

import datetime as dt
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from issues import services
from issues.models import Request, RequestPerson, StoredFile
from territories.scope import today

from .factories import CLOCK
from .pages import at, text_of

HEAD = ["Түскен күні", "Канал", "О чем запрос", "Орны", "Тема", "e-Otinish нөмірі", "Что это"]
PEOPLE = ["ФИО", "Телефон", "E-mail", "Согласие на хранение данных"]
DAY = "02.03.2026"


def book(*rows, head=HEAD) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet("Запросы")
        for number, row in enumerate((head, *rows)):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def table(*rows) -> bytes:
    return "\n".join(";".join(row) for row in (HEAD, *rows)).encode()


GOOD = (
    [DAY, "письмо", "Жол нашар", "Aksu bir", "Дороги и транспорт", "", ""],
    [DAY, "Қоңырау", "<b>Су</b> жоқ", "", "", "", "proposal"],
)


def bring(person, data, name="r.xlsx"):
    return person.client.post(
        at("request_import"), {"file": SimpleUploadedFile(name, data), "meeting": ""}, follow=True
    )


@pytest.mark.parametrize(("make", "name"), [(book, "r.xlsx"), (table, "r.csv")])
def test_a_table_is_shown_and_then_taken_whole(land, okrug_office, make, name):
    page = bring(okrug_office, make(*GOOD), name)
    assert "Жол нашар" in text_of(page)
    assert "<b>Су" not in page.content.decode()
    assert not Request.objects.exists()
    file = StoredFile.objects.get()
    answer = okrug_office.client.post(at("request_preview", file.pk))
    assert answer.status_code == 302
    row = Request.objects.get(text="Жол нашар")
    assert (row.unit, row.place, row.source, row.topic.code) == (land.A, land.a1, "letter", "roads")
    again = bring(okrug_office, make(*GOOD), name)
    assert "taken in before" in text_of(again)
    assert Request.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ([DAY, "письмо", "Жол", "Nowhere", "", "", ""], "No unit is called"),
        ([DAY, "голубь", "Жол", "", "", "", ""], "see what was found"),
        (["вчера", "письмо", "Жол", "", "", "", ""], "see what was found"),
        ([DAY, "письмо", "Жол", "", "Погода", "", ""], "no topic"),
        ([DAY, "письмо", "Жол", "", "", "", "appeal"], "Register the appeal"),
        (["02.03.2099", "письмо", "Жол", "", "", "", ""], "has not come yet"),
    ],
)
def test_one_wrong_row_holds_the_whole_table_back(land, okrug_office, row, told):
    page = bring(okrug_office, book(*GOOD, row))
    assert told in text_of(page)
    file = StoredFile.objects.get()
    assert okrug_office.client.post(at("request_preview", file.pk)).status_code == 422
    assert not Request.objects.exists()


NAME, PHONE, MAIL = "Ахметова Гүлнар", "8 701 123 45 67", "asker@test.example"


def of_person(consent: str, mail: str = MAIL) -> list[str]:
    return [DAY, "письмо", "Жарық жоқ", "", "", "", "", NAME, PHONE, mail, consent]


def bytes_at_rest() -> bytes:
    """All that the disk keeps of the tables that were brought."""
    rows = StoredFile.objects.exclude(file="")
    return b"".join(row.file.storage.open(row.file.name).read() for row in rows)


def test_who_asks_comes_in_sealed_with_consent_and_the_table_goes(
    land, okrug_office, django_capture_on_commit_callbacks
):
    page = bring(
        okrug_office, "\n".join(";".join(row) for row in ([*HEAD, *PEOPLE], of_person("да"))).encode(), "r.csv"
    )
    assert NAME not in page.content.decode()
    assert "comes in with consent" in text_of(page)
    file = StoredFile.objects.get()
    assert NAME.encode() not in bytes_at_rest()
    with django_capture_on_commit_callbacks(execute=True):
        assert okrug_office.client.post(at("request_preview", file.pk)).status_code == 302
    person = RequestPerson.objects.get()
    assert (person.name, person.phone, person.email) == (NAME, PHONE, MAIL)
    assert person.consent_text
    assert NAME not in person.name_sealed
    file.refresh_from_db()
    assert not file.file
    assert okrug_office.client.get(at("request_preview", file.pk)).status_code == 404
    assert okrug_office.client.get(at("file", file.pk)).status_code == 404


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (of_person(""), "only with the consent"),
        (of_person("нет"), "only with the consent"),
        (of_person("да", "no address"), "is no e-mail address"),
    ],
)
def test_a_name_without_consent_or_a_wrong_address_holds_the_table_back(land, okrug_office, row, told):
    page = bring(okrug_office, book(row, head=[*HEAD, *PEOPLE]))
    assert told in text_of(page)
    assert NAME not in page.content.decode()
    assert okrug_office.client.post(at("request_preview", StoredFile.objects.get().pk)).status_code == 422
    assert not Request.objects.exists()


def test_a_table_that_nobody_took_is_deleted_after_a_day(land, okrug_office, raion_office):
    bring(okrug_office, book(*GOOD))
    file = StoredFile.objects.get()
    assert raion_office.client.get(at("request_preview", file.pk)).status_code == 404
    now = timezone.now()
    assert services.forget_sheets(now, by=CLOCK) == 0
    assert services.forget_sheets(now + dt.timedelta(days=2), by=CLOCK) == 1
    assert services.forget_sheets(now + dt.timedelta(days=2), by=CLOCK) == 0
    file.refresh_from_db()
    assert not file.file
    assert file.sha256


def test_a_file_that_is_no_table_is_refused(okrug_office):
    page = bring(okrug_office, b"%PDF-1.7\n%%EOF\n")
    assert page.status_code == 422
    assert "Nothing was changed" in text_of(page)
    assert not StoredFile.objects.exists()


def test_too_many_rows_are_told(land, okrug_office, monkeypatch):
    monkeypatch.setattr("issues.importing.MOST_ROWS", 1)
    assert "at most 1 at once" in text_of(bring(okrug_office, book(*GOOD)))


def test_the_file_of_an_office_is_not_for_another(land, okrug_office, neighbour):
    bring(okrug_office, book(*GOOD))
    assert neighbour.client.get(at("request_preview", StoredFile.objects.get().pk)).status_code == 404
    assert today()


def test_an_empty_table_has_the_headings(okrug_office):
    answer = okrug_office.client.get(at("request_template"))
    assert "Түскен күні" in answer.content.decode("utf-8-sig") or "Дата" in answer.content.decode("utf-8-sig")
