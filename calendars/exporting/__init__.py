"""The calendar taken out as a workbook or as CSV, so that it can be worked on and brought back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from journal.dates import official_date
from law.workdays import YearMissing, is_working
from territories.models import Territory

from ..columns import label_language
from ..coverage import Cell
from ..models import Calendar, CalendarVersion, Meeting
from ..planner import propose
from ..regional import RegionUnits
from ..resources import MeetingResource
from ..terms import first_announceable
from ..warnings import OCCUPYING
from .book import About, build
from .rows import SheetRow, Wording, of_meetings, of_missing, of_version

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def workbook(
    calendar: Calendar,
    language: str | None,
    *,
    rows: QuerySet[Meeting] | None = None,
    missing: Iterable[Cell] = (),
    days: Mapping[Cell, Sequence[dt.date]] | None = None,
    template_only: bool = False,
) -> bytes:
    """The calendar as a workbook that can be filled in and imported again without a difference.

    `rows` limits the meetings to a reader's scope; without it every row of the calendar that was not
    taken out is there. `missing` adds a row for each required meeting that nobody has planned,
    with the `days` proposed for it, if any. `template_only`: no rows at all. Names and lists are in
    Kazakh or Russian, headings in both.
    """
    language = label_language(language)
    units = RegionUnits(calendar.region, calendar.year)
    words = Wording(calendar, units, language)
    found = [] if template_only else sheet_rows(calendar, words, rows, missing, days)
    about = About(
        units=units,
        year=calendar.year,
        language=language,
        calendar_version=calendar.version,
        exported_at=timezone.now(),
    )
    return build(found, about)


def sheet_rows(
    calendar: Calendar,
    words: Wording,
    rows: QuerySet[Meeting] | None,
    missing: Iterable[Cell] = (),
    days: Mapping[Cell, Sequence[dt.date]] | None = None,
) -> list[SheetRow]:
    meetings = rows if rows is not None else standing(calendar)
    return [*of_meetings(meetings, words), *of_missing(missing, words, days)]


def proposed_days(calendar: Calendar, cells: Iterable[Cell], *, today: dt.date) -> dict[Cell, list[dt.date]]:
    """Days that the planner proposes for required meetings still missing, in view of the rows that stand."""
    cells = list(cells)
    taken: list[tuple[int, int, dt.date]] = []
    if calendar.pk:
        rows = Meeting.objects.filter(calendar=calendar, state__in=OCCUPYING)
        taken = list(rows.values_list("holder_id", "place_id", "date"))
    paths = dict(Territory.objects.filter(path__startswith=calendar.region.path).values_list("pk", "path"))
    not_before = max(first_announceable(calendar.region, today), dt.date(calendar.year, 1, 1))
    found: dict[Cell, list[dt.date]] = {}
    for one in propose(cells, paths=paths, taken=taken, is_working=working, not_before=not_before):
        found.setdefault(one.cell, []).append(one.date)
    return found


def working(day: dt.date) -> bool:
    """By the decree of the year; a year without one counts its weekdays."""
    try:
        return is_working(day)
    except YearMissing:
        return day.weekday() < 5


def standing(calendar: Calendar) -> QuerySet[Meeting]:
    """All rows of a calendar but those that were taken out of the draft."""
    return Meeting.objects.filter(calendar=calendar).exclude(state="removed")


def workbook_of_version(version: CalendarVersion, language: str | None) -> bytes:
    """An approved version as a workbook: the rows as they were frozen, with the order that approved them."""
    language = label_language(language)
    calendar = version.calendar
    units = RegionUnits(calendar.region, calendar.year)
    about = About(
        units=units,
        year=calendar.year,
        language=language,
        calendar_version=0,
        approved={code: approved_words(version, code) for code in ("kk", "ru")},
        version_number=version.number,
        exported_at=version.approved_at,
    )
    return build(of_version(version, Wording(calendar, units, language)), about)


def approved_words(version: CalendarVersion, language: str) -> str:
    """Which order approved it, as papers say it."""
    day, number = official_date(version.order_date, language), version.order_number
    if language == "ru":
        return f"Утвержден: {day} № {number}, версия {version.number}"
    return f"Бекітілген: {day}, № {number}, {version.number}-нұсқа"


def csv_table(calendar: Calendar, language: str | None, *, rows: QuerySet[Meeting] | None = None) -> bytes:
    """The same table as CSV: UTF-8 with its mark, semicolons, as Excel in Kazakhstan opens it by a double click."""
    language = label_language(language)
    words = Wording(calendar, RegionUnits(calendar.region, calendar.year), language)
    dataset = MeetingResource(language).export(sheet_rows(calendar, words, rows))
    text = dataset.export("csv", delimiter=";")
    return b"\xef\xbb\xbf" + text.encode("utf-8", "replace")


def file_name(calendar: Calendar, kind: str) -> str:
    """calendar-610000000-2027.xlsx"""
    return f"calendar-{calendar.region.code}-{calendar.year}.{kind}"


__all__ = [
    "CSV",
    "XLSX",
    "SheetRow",
    "csv_table",
    "file_name",
    "proposed_days",
    "standing",
    "workbook",
    "workbook_of_version",
]
