"""What a workbook holds after reading: sheets of rows of cells, whether it came as Excel or as CSV."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class CellKind(StrEnum):
    """What the file says a cell is."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"  # TRUE or FALSE
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    DURATION = "duration"
    ERROR = "error"  # #REF!, #N/A …; the text is in ``raw``
    UNCALCULATED = "uncalculated"  # a formula without a value


class Cell(NamedTuple):
    """``value`` is str, float, bool, date, datetime, time, timedelta or None; ``raw`` is what value cannot say."""

    value: object = None
    kind: CellKind = CellKind.EMPTY
    raw: str = ""

    @property
    def is_blank(self) -> bool:
        """Empty, or nothing but blanks."""
        if self.kind == CellKind.TEXT:
            return not str(self.value).strip(" \t\r\n\u00a0\u200b\ufeff")
        return self.kind == CellKind.EMPTY

    @property
    def seen(self) -> object:
        """What to show in a message."""
        return self.raw or self.value


EMPTY = Cell()

# Errors as Excel stores them, and as people see and copy them in the Russian Excel.
ERROR_TEXTS = frozenset(
    (
        "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!",
        "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#BUSY!",
        "#ПУСТО!", "#ДЕЛ/0!", "#ЗНАЧ!", "#ССЫЛКА!", "#ИМЯ?", "#ЧИСЛО!", "#Н/Д", "#ПЕРЕНОС!",
    )
)  # fmt: skip


def text_cell(text: str) -> Cell:
    """A cell of text; the name of an Excel error is an error, however it got there."""
    if not text:
        return EMPTY
    if text[0] == "#" and text.strip().upper() in ERROR_TEXTS:
        return Cell(None, CellKind.ERROR, text.strip())
    return Cell(text, CellKind.TEXT)


class Row(NamedTuple):
    """``number`` is the row of the sheet, from 1. Cells stand from column A; empty ones at the end are cut."""

    number: int
    cells: list[Cell]

    def cell(self, column: int) -> Cell:
        """The cell of a column, from 1."""
        return self.cells[column - 1] if 0 < column <= len(self.cells) else EMPTY

    @property
    def is_blank(self) -> bool:
        return all(cell.is_blank for cell in self.cells)


class Merged(NamedTuple):
    """A merged range, both ends included, from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """One sheet. Rows without any cell are not listed; their numbers tell the gaps.

    ``marks`` are workbook names that point to the sheet; ``formulas`` counts formulas whose last value was taken.
    """

    name: str
    state: str = "visible"
    rows: list[Row] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: list[Merged] = field(default_factory=list)
    marks: tuple[str, ...] = ()
    formulas: int = 0

    @property
    def is_hidden(self) -> bool:
        return self.state != "visible"

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text table was read."""

    encoding: str
    separator: str


@dataclass(slots=True)
class Workbook:
    """Everything that was read. ``date1904`` matters only to numbers that are offered as dates."""

    sheets: list[Sheet] = field(default_factory=list)
    date1904: bool = False
    dialect: Dialect | None = None

    def sheet(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    def marked(self, mark: str) -> Sheet | None:
        """The sheet to which the workbook name ``mark`` points."""
        return next((sheet for sheet in self.sheets if mark in sheet.marks), None)


def metadata(sheet: Sheet | None) -> dict[str, str]:
    """A sheet of two columns, key and value, as a template writes them about itself; codes keep no ``.0``."""
    known: dict[str, str] = {}
    for row in sheet.rows if sheet else ():
        key, value = row.cell(1), row.cell(2).value
        if key.kind == CellKind.TEXT and str(key.value).strip():
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            known[str(key.value).strip()] = "" if value is None else str(value).strip()
    return known
