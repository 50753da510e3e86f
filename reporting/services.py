"""Summaries as Excel files. The national desk and the command `export_summary` write the same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from calendars.difference import unit_name, words
from journal import dates
from territories.models import Territory
from territories.scope import Who

from . import queries
from .sheets import Book, Column

#: Rows fetched at a time: the memory holds no more of a national calendar.
CHUNK = 2000


class NothingApproved(LookupError):
    """There is no version that the reader may see; the message says what is missing."""


def export(kind: str, year: int, *, region: Territory | None, who: Who, today: dt.date, language: str) -> bytes:
    """The summary of a kind in a language. Raises KeyError for a kind that is not there, NothingApproved."""
    make = KINDS[kind]
    with override(language):
        return make(year, region, who, today)


def where(region: Territory | None) -> str:
    return region.name() if region else _("All regions")


def notes(today: dt.date) -> list[str]:
    """Where the figures come from, for whoever finds the sheet in a year."""
    return [
        _("Source: approved versions of the calendars, Decree No. 826 of 3 March 2022, para 2."),
        _("State of %(day)s.") % {"day": dates.long_date(today)},
    ]


# -- The calendar -----------------------------------------------------------------------------------
def calendar(year: int, region: Territory | None, who: Who, today: dt.date) -> bytes:
    """Every meeting of the newest approved version of each region."""
    rows = queries.version_rows(year, who=who, region=region)
    if not rows.exists():
        text = _("No approved calendar for %(year)s: %(where)s.")
        raise NothingApproved(text % {"year": year, "where": where(region)})
    title = _("Calendar of akims' meetings with the population, %(year)s: %(where)s")
    title = title % {"year": year, "where": where(region)}
    book = Book(title=title)
    columns = [
        Column(_("Region"), 22),
        Column("№", 7),
        Column(_("Date"), 11),
        Column(_("Weekday"), 12),
        Column(_("Time"), 7),
        Column(_("Akim of (code)"), 11),
        Column(_("Akim of"), 26),
        Column(_("Place (code)"), 11),
        Column(_("Place"), 26),
        Column(_("Hall and address"), 34),
        Column(_("Planned minutes"), 10),
        Column(_("Report, minutes"), 10),
        Column(_("Format"), 18),
        Column(_("Languages"), 14),
        Column(_("Version"), 8),
        Column(_("Order"), 12),
    ]
    book.sheet(_("Calendar"), columns, calendar_rows(rows), title=title, notes=notes(today), frozen_columns=3)
    return book.data()


def calendar_rows(rows: Any) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=CHUNK):
        data = row.data
        yield [
            row.version.calendar.region.name(),
            row.number,
            row.date,
            dates.weekday(row.date),
            data["time"],
            data["holder"]["code"],
            unit_name(data["holder"]),
            data["place"]["code"],
            unit_name(data["place"]),
            data["address"],
            data["planned_minutes"],
            data["report_minutes"],
            words(data, "format"),
            words(data, "languages"),
            row.version.number,
            row.version.order_number,
        ]


# -- Coverage ---------------------------------------------------------------------------------------
def coverage(year: int, region: Territory | None, who: Who, today: dt.date) -> bytes:
    """Received, required, planned, held by region; the same by line; the pairs that are missing."""
    rows = queries.desk(year, who=who, today=today, only=region)
    title = _("Calendars and their coverage, %(year)s: %(where)s") % {"year": year, "where": where(region)}
    book = Book(title=title)
    columns = [
        Column(_("Region"), 26),
        Column(_("Version"), 8),
        Column(_("Order"), 12),
        Column(_("Date of the order"), 11),
        Column(_("Covering letter"), 12),
        Column(_("Received"), 11),
        Column(_("State"), 20),
        Column(_("Incoming number"), 12),
        Column(_("In time"), 18),
        Column(_("Required"), 10, total=True),
        Column(_("Planned"), 10, total=True),
        Column(_("Missing"), 10, total=True),
        Column(_("Held"), 10, total=True),
        Column(_("Planned, %"), 10),
        Column(_("Open remarks"), 10, total=True),
    ]
    book.sheet(_("Regions"), columns, map(desk_row, rows), title=title, notes=notes(today))
    known = queries.lines_of(year, who=who, region=region)
    line_columns = [
        Column(_("Region"), 26),
        Column(_("Line"), 8),
        Column(_("Required"), 10, total=True),
        Column(_("Planned"), 10, total=True),
        Column(_("Missing"), 10, total=True),
    ]
    book.sheet(_("Lines"), line_columns, line_rows(known), title=title, notes=notes(today))
    hole_columns = [
        Column(_("Region"), 26),
        Column(_("Line"), 8),
        Column(_("Akim of (code)"), 11),
        Column(_("Akim of"), 28),
        Column(_("Place (code)"), 11),
        Column(_("Place"), 28),
        Column(_("Period"), 24),
        Column(_("Missing"), 10, total=True),
    ]
    book.sheet(_("Missing"), hole_columns, hole_rows(known), title=title, notes=notes(today))
    return book.data()


def desk_row(row: queries.DeskRow) -> list[Any]:
    return [
        row.region.name(),
        row.number,
        row.order_number,
        row.order_date,
        row.letter_number,
        row.received_on,
        row.state_words or (_("not received") if row.number is None else ""),
        row.incoming_number,
        punctuality_words(row.punctuality),
        row.required if row.number else None,
        row.planned if row.number else None,
        row.missing if row.number else None,
        row.held if row.number else None,
        row.percent if row.number else None,
        row.remarks_open,
    ]


def punctuality_words(state: str) -> str:
    """How the submission stands to its day in the act."""
    return {
        "met": _("in time"),
        "met_contested": _("in time by a lenient reading"),
        "open": _("not due yet"),
        "contested": _("contested"),
        "breach": _("late"),
    }.get(state, "")


def line_rows(known: list[dict[str, Any]]) -> Iterator[list[Any]]:
    for item in known:
        for line, figures in sorted(item["coverage"].get("lines", {}).items()):
            required, planned = figures["required"], figures["planned"]
            yield [item["region"].name(), line, required, planned, required - planned]


def hole_rows(known: list[dict[str, Any]]) -> Iterator[list[Any]]:
    holes = [(item["region"], hole) for item in known for hole in item["coverage"].get("holes", ())]
    units = queries.units_by_code(code for _region, hole in holes for code in (hole["holder"], hole["target"]))

    def name(code: str) -> str:
        return units[code].name() if code in units else ""

    for region, hole in holes:
        yield [
            region.name(),
            hole["line"],
            hole["holder"],
            name(hole["holder"]),
            hole["target"],
            name(hole["target"]),
            dates.period(hole["period"]),
            hole["missing"],
        ]


KINDS: dict[str, Callable[[int, Territory | None, Who, dt.date], bytes]] = {
    "calendar": calendar,
    "coverage": coverage,
}
#: Kinds that belong to later rooms; the command names them so that nobody looks for a mistype.
LATER_KINDS = ("meetings", "issues", "plan", "progress", "central", "discipline")
