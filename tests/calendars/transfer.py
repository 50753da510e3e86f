"""What the tests of import and export share: tables made by code, uploads as a person does them."""

import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import openpyxl
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from calendars.columns import COLUMN
from calendars.models import Calendar, ImportJob
from calendars.workbook.findings import Finding

TODAY = dt.date(2026, 11, 21)
COLUMNS = ("date", "time", "holder_code", "place_code", "address", "planned_minutes", "report_minutes")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def row(holder, place, date: Any = dt.date(2027, 3, 10), **more: Any) -> dict[str, Any]:
    """One meeting as a table has it, unsurprising unless told otherwise."""
    given = {
        "date": date,
        "time": dt.time(10),
        "holder_code": holder.code,
        "place_code": place.code,
        "address": "Мәдениет үйі",
        "planned_minutes": 120,
        "report_minutes": 30,
    }
    return given | more


def table(
    rows: Iterable[Mapping[str, Any]] = (),
    *,
    columns: Iterable[str] = COLUMNS,
    sheet: str = "Күнтізбе",
    language: str = "kk",
    headings: Mapping[str, str] | None = None,
    first_row: int = 0,
    date1904: bool = False,
    more: Callable | None = None,
) -> bytes:
    """A workbook that an office might have made itself: headings, rows, nothing else."""
    rows, keys = list(rows), list(columns)
    keys += [key for one in rows for key in one if key not in keys]
    keys = list(dict.fromkeys(keys))
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "date_1904": date1904}
    book = xlsxwriter.Workbook(out, options)
    # The same rows are the same bytes, whatever second it is.
    book.set_properties({"created": dt.datetime(2026, 11, 1)})
    day, hour = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_format({"num_format": "hh:mm"})
    page = book.add_worksheet(sheet)
    for column, key in enumerate(keys):
        known = COLUMN[key].headings[language] if key in COLUMN else key
        page.write_string(first_row, column, (headings or {}).get(key, known))
    for number, one in enumerate(rows, start=first_row + 1):
        for column, key in enumerate(keys):
            value = one.get(key)
            if value is None:
                continue
            if isinstance(value, dt.time):
                page.write_datetime(number, column, value, hour)
            elif isinstance(value, dt.date):
                page.write_datetime(number, column, value, day)
            else:
                page.write(number, column, value)
    if more:
        more(book, page, {key: number for number, key in enumerate(keys)})
    book.close()
    return out.getvalue()


def edited(content: bytes, change: Callable[[Any, Callable[[str], int]], None]) -> bytes:
    """A workbook of ours as a person would change it in Excel; `change` gets the table sheet and a column finder."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]

    def column(key: str) -> int:
        wanted = COLUMN[key].headings["kk"]
        return next(cell.column for cell in sheet[4] if wanted in str(cell.value).split("\n"))

    change(sheet, column)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client: Client, content: bytes, name: str = "күнтізбе.xlsx", *, unit: int | None = None, year: int = 2027):
    """The answer to the upload form; a job's page where the file was let through."""
    file = SimpleUploadedFile(name, content, content_type=XLSX)
    query = f"?year={year}" + (f"&unit={unit}" if unit else "")
    return client.post(reverse("calendars:import") + query, {"file": file}, follow=True)


def job() -> ImportJob:
    """The newest job."""
    return ImportJob.objects.first()


def findings(one: ImportJob, code: str = "") -> list[Finding]:
    found = [Finding.from_dict(each) for each in one.findings]
    return [finding for finding in found if not code or finding.code == code]


def codes(one: ImportJob) -> list[str]:
    return [each["code"] for each in one.findings]


def commit(client: Client, one: ImportJob):
    return client.post(reverse("calendars:import_commit", args=[one.pk]), follow=True)


def bring(client: Client, content: bytes, name: str = "күнтізбе.xlsx") -> ImportJob:
    """Upload and take over, as it goes when nothing is wrong."""
    upload(client, content, name)
    commit(client, job())
    return job()


def reading(client: Client, language: str) -> Client:
    """The same person reading another language."""
    client.cookies["language"] = language
    return client


def meetings(calendar: Calendar) -> list[tuple]:
    rows = calendar.meetings.exclude(state="removed").order_by("number")
    return list(rows.values_list("number", "state", "holder_id", "place_id", "date", "address"))
