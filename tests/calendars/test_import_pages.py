"""The pages on which a table is brought, in three languages: what they show, and what they lead to."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.urls import reverse

from calendars import exporting
from calendars.models import Meeting
from tests import factories

from .transfer import TODAY, bring, commit, edited, job, reading, row, table, upload


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(dt.datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=dt.UTC), tick=True):
        yield


def text_of(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def page(client, **query):
    return client.get(reverse("calendars:import"), {"year": 2027, **query})


def job_page(client, **query):
    return client.get(reverse("calendars:import_job", args=[job().pk]), query)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", ("Кесте файлы", "Файлды тексеру", "Әлі жетіспейтін міндетті кездесулер")),
        ("ru", ("Файл с таблицей", "Проверить файл", "Обязательные встречи, которых ещё нет")),
        ("en", ("File with the table", "Check the file", "Required meetings that are still missing")),
    ],
)
def test_the_page_offers_a_place_for_the_file_and_tables_to_fill_in(land, our_calendar, editor, language, words):
    answer = page(reading(editor.client, language))
    shown = text_of(answer)
    for word in words:
        assert word in shown
    source = answer.content.decode()
    for wanted in ("rows=missing&amp;language=kk", "&amp;propose=1&amp;language=ru", "calendar.xlsx?"):
        assert wanted in source
    assert 'enctype="multipart/form-data"' in source
    assert 'accept=".xlsx,.csv"' in source


def test_without_a_calendar_the_page_says_what_to_do_first(land, editor):
    assert "The calendar of 2027 for Oblast" in text_of(page(editor.client))


def test_an_upload_without_a_file_is_told(land, our_calendar, editor):
    answer = editor.client.post(reverse("calendars:import") + "?year=2027")
    assert answer.status_code == 422
    assert "Choose a file." in text_of(answer)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", ("2 жолды қабылдау", "файлдағы жол", "Aksu bir (қаз)", "10.03.2027")),
        ("ru", ("Принять 2 строки", "строк в файле", "Aksu bir (рус)", "10.03.2027")),
        ("en", ("Take over 2 rows", "rows in the file", "Aksu bir", "10.03.2027")),
    ],
)
def test_the_preview_shows_counts_rows_and_the_button(land, our_calendar, editor, language, words):
    client = reading(editor.client, language)
    shown = text_of(upload(client, table([row(land.A, land.a1), row(land.A, land.a2, dt.date(2027, 3, 11))])))
    for word in words:
        assert word in shown


def test_changed_rows_show_what_was_and_what_becomes(land, our_calendar, editor):
    factories.meeting(our_calendar, land.A, land.a1, address="клуб")

    def change(sheet, column):
        sheet.cell(5, column("address"), "мектеп")
        sheet.cell(5, column("date"), dt.datetime(2027, 3, 24))

    answer = upload(editor.client, edited(exporting.workbook(our_calendar, "kk"), change))
    source = answer.content.decode()
    assert "<del>клуб</del>" in source
    assert "<ins>мектеп</ins>" in source
    assert "10 March 2027" in text_of(answer)
    assert "24 March 2027" in text_of(answer)


def test_each_kind_of_row_has_its_own_view(land, our_calendar, editor):
    factories.meeting(our_calendar, land.A, land.a1, address="Мәдениет үйі")
    client = editor.client
    upload(client, table([row(land.A, land.a1), row(land.A, land.a2, dt.date(2027, 3, 8))]))
    assert "Aksu eki" in text_of(job_page(client, show="new"))
    assert "Aksu eki" not in text_of(job_page(client, show="unchanged"))
    assert "is a day off" in text_of(job_page(client, show="warnings"))
    assert "is a day off" in text_of(job_page(client, show="new"))
    assert job_page(client, show="no-such-thing").status_code == 200


def test_a_long_file_is_read_page_by_page_to_its_last_row(land, our_calendar, editor):
    first = dt.date(2027, 1, 4)
    rows = [row(land.A, land.a1, first + dt.timedelta(n), address=f"{n}-үй") for n in range(130)]
    upload(editor.client, table(rows))
    shown = [text_of(job_page(editor.client, show="new", page=number)) for number in (1, 2)]
    assert "101–130 of 130" in shown[1]
    houses = [re.findall(r"\d+-үй", text) for text in shown]
    assert houses[0] + houses[1] == [f"{n}-үй" for n in range(130)]


def test_texts_of_a_strangers_file_are_shown_escaped(land, our_calendar, editor):
    evil = "<script>alert(1)</script>"
    answer = upload(editor.client, table([row(land.A, land.a1, address=evil, date=evil)]))
    assert evil not in answer.content.decode()
    upload(editor.client, table([row(land.A, land.a1, address=evil)]))
    assert html.escape(evil) in job_page(editor.client, show="new").content.decode()


def test_after_the_word_the_page_leads_to_the_calendar_and_back(land, our_calendar, editor):
    client = editor.client
    upload(client, table([row(land.A, land.a1)]))
    answer = commit(client, job())
    shown = text_of(answer)
    assert "1 meeting was taken over." in shown
    assert "Open the calendar" in shown
    undo = re.search(r'action="([^"]+/undo/[^"]*)"', answer.content.decode())
    client.post(html.unescape(undo[1]))
    assert not Meeting.objects.visible_to(editor.who).exists()
    assert "Taken over, and undone afterwards." in text_of(job_page(client))


def test_files_that_were_brought_before_are_listed(land, our_calendar, editor):
    client = editor.client
    bring(client, table([row(land.A, land.a1)]), "бірінші.xlsx")
    upload(client, table([row(land.A, land.a2, date="x")]), "екінші.xlsx")
    shown = text_of(page(client))
    assert "бірінші.xlsx" in shown
    assert "Taken over" in shown
    assert "екінші.xlsx" in shown
    assert "Has errors" in shown


def test_an_office_is_told_that_its_rows_are_proposals(land, our_calendar, okrug_office):
    upload(okrug_office.client, table([row(land.A, land.a1)]))
    assert "go to the akimat of the region as proposals" in text_of(job_page(okrug_office.client))


def test_a_stale_preview_offers_to_read_the_file_again(land, our_calendar, editor):
    client = editor.client
    upload(client, table([row(land.A, land.a1)]))
    our_calendar.refresh_from_db()
    our_calendar.version += 1
    our_calendar.save()
    shown = text_of(job_page(client))
    assert "Read the file again" in shown
    assert "Take over" not in shown


def test_the_calendars_pages_lead_to_excel(land, our_calendar, editor):
    source = editor.client.get(reverse("calendars:list"), {"year": 2027}).content.decode()
    for name in ("import", "export_xlsx", "export_csv", "template_xlsx"):
        assert reverse(f"calendars:{name}") in source


@pytest.mark.parametrize("number", ["0", "99999999999999999999"])
def test_addresses_that_are_no_jobs_are_not_found(our_calendar, editor, number):
    assert editor.client.get(f"/staff/calendar/transfer/import/{number}/").status_code == 404


def test_only_the_right_verbs_are_answered(land, our_calendar, editor):
    upload(editor.client, table([row(land.A, land.a1)]))
    for name in ("import_commit", "import_drop", "import_again"):
        assert editor.client.get(reverse(f"calendars:{name}", args=[job().pk])).status_code == 405
    for name in ("import_job", "import_status", "import_remarks"):
        assert editor.client.post(reverse(f"calendars:{name}", args=[job().pk])).status_code == 405
