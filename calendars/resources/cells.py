"""Fields and widgets of the calendar's table: a cell in, a clean value or a plain reason out."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from import_export.fields import Field
from import_export.widgets import Widget

from ..columns import NO, YES, choice_label
from ..workbook.cells import Context, read
from ..workbook.findings import Findings
from ..workbook.sheet import EMPTY, Cell, CellKind, text_cell
from ..workbook.template import Column, Kind

#: A text that a spreadsheet program would run, also behind quotation marks that we have put before it.
FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r]")


class CellWidget(Widget):
    """Cleans with the same readers as an uploaded workbook, and writes what they read back unchanged."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column

    def clean(self, value: Any, row: Any = None, context: Context | None = None, **kwargs: Any) -> Any:
        """The value of the column's kind, None for blank; ValueError says what is wrong, in the reader's language."""
        reading = read(cell_of(value), self.column, context or Context(year=dt.date.today().year))
        findings = Findings()
        for remark in reading.remarks:
            seen = value if remark.seen is None else remark.seen
            found = findings.add(remark.code, value=seen, offer=remark.offer, **remark.params)
            if found.severity == "error":
                raise ValueError(f"{found.problem} {found.remedy}".strip())
        return reading.value

    def render(self, value: Any, obj: Any = None, language: str = "kk", **kwargs: Any) -> str:
        """The value as text for CSV: dates as 15.01.2027, words of lists in the language."""
        return escaped(words(self.column, value, language))


class CellField(Field):
    """A column of the table: named by its key, filled from the attribute of that name."""

    def __init__(self, column: Column) -> None:
        super().__init__(attribute=column.key, column_name=column.key, widget=CellWidget(column))
        self.column = column


def words(column: Column, value: Any, language: str) -> str:
    """A value as people type it into the column."""
    if value is None or value == "":
        return ""
    if column.kind == Kind.FLAG:
        return (YES if value else NO)[language]
    if column.kind == Kind.CHOICE:
        return choice_label(column.choices, value, language)
    if isinstance(value, dt.date):
        return f"{value.day:02}.{value.month:02}.{value.year:04}"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return str(value)


def escaped(text: str) -> str:
    """A text that no spreadsheet program takes for a formula; `unescaped` gives it back."""
    return f"'{text}" if FORMULA.match(text) else text


def unescaped(text: str) -> str:
    """The text before it was escaped."""
    return text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text


def cell_of(value: Any) -> Cell:
    """A value of a data set as the readers of cells know it."""
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return Cell(value, CellKind.FLAG)
    if isinstance(value, int | float):
        return Cell(float(value), CellKind.NUMBER)
    if isinstance(value, dt.datetime):
        return Cell(value, CellKind.DATETIME)
    if isinstance(value, dt.date):
        return Cell(value, CellKind.DATE)
    if isinstance(value, dt.time):
        return Cell(value, CellKind.TIME)
    return text_cell(unescaped(str(value)))
