"""A sheet as offices print and file it: title, sources, frozen heading, filter, totals; texts never calculate.

Rows are written as they come, so that the memory does not grow with their number.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

#: What no cell may hold: XML knows no such characters.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
#: Excel's own limit of a cell.
MOST_CHARACTERS = 32767


@dataclass(frozen=True)
class Column:
    """A heading, its width in characters, and whether its numbers are added up at the end."""

    heading: str
    width: float = 12
    total: bool = False


class Book:
    """A workbook in memory; sheets are added one after the other, each written to its end."""

    def __init__(self, *, title: str, author: str = "") -> None:
        self.bytes = io.BytesIO()
        options = {
            "in_memory": True,
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self.book = xlsxwriter.Workbook(self.bytes, options)
        self.book.set_properties({"title": title, "author": author})
        font = {"font_name": "Arial", "font_size": 10, "valign": "top"}
        self.title = self.book.add_format({**font, "bold": True, "font_size": 14})
        self.note = self.book.add_format({**font, "font_color": "#555555"})
        heading = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E6ECF0", "border": 1}
        self.heading = self.book.add_format({**font, **heading})
        self.text = self.book.add_format({**font, "text_wrap": True, "border": 1, "num_format": "@"})
        self.number = self.book.add_format({**font, "border": 1, "num_format": "#,##0"})
        self.date = self.book.add_format({**font, "border": 1, "num_format": "dd.mm.yyyy", "align": "left"})
        self.total_text = self.book.add_format({**font, "bold": True, "border": 1, "bg_color": "#F3F5F7"})
        self.total_number = self.book.add_format(
            {**font, "bold": True, "border": 1, "bg_color": "#F3F5F7", "num_format": "#,##0"}
        )

    def sheet(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
        *,
        title: str,
        notes: Sequence[str] = (),
        frozen_columns: int = 1,
    ) -> int:
        """Write one sheet; returns how many rows it has. `None` is an empty cell."""
        sheet = self.book.add_worksheet(name[:31])
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        sheet.write_string(0, 0, clean(title), self.title)
        for line, note in enumerate(notes, start=1):
            sheet.write_string(line, 0, clean(note), self.note)
        head = len(notes) + 2
        for index, column in enumerate(columns):
            sheet.write_string(head, index, clean(column.heading), self.heading)
        sums = [0] * len(columns)
        count = 0
        for row in rows:
            count += 1
            for index, value in enumerate(row):
                self.cell(sheet, head + count, index, value)
                if columns[index].total and isinstance(value, int):
                    sums[index] += value
        last = head + count
        if count:
            sheet.autofilter(head, 0, last, len(columns) - 1)
        if count and any(column.total for column in columns):
            # Below the filter, so that sorting leaves it where it is.
            self.totals(sheet, last + 1, columns, sums)
        sheet.freeze_panes(head + 1, frozen_columns)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer("&L&8&A&R&8&P / &N")
        return count

    def cell(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.text)
        elif isinstance(value, bool):
            sheet.write_string(row, column, _("yes") if value else _("no"), self.text)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.number)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), self.date)
        else:
            sheet.write_string(row, column, clean(str(value)), self.text)

    def totals(self, sheet: Any, row: int, columns: Sequence[Column], sums: Sequence[int]) -> None:
        for index, column in enumerate(columns):
            if column.total:
                sheet.write_number(row, index, sums[index], self.total_number)
            else:
                sheet.write_string(row, index, _("Total") if index == 0 else "", self.total_text)

    def data(self) -> bytes:
        """The finished file; nothing can be added afterwards."""
        self.book.close()
        return self.bytes.getvalue()


def clean(text: str) -> str:
    """Text that every spreadsheet program can open."""
    return FORBIDDEN.sub("", text)[:MOST_CHARACTERS]
