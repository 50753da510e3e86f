"""Which column of an office's own table means what: proposed from headings and from what the office chose before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from calendars.workbook import headings
from calendars.workbook.cells.folding import fold
from calendars.workbook.headings import Header
from calendars.workbook.references import column_letter
from calendars.workbook.sheet import Row, Sheet, Workbook
from calendars.workbook.template import Template

#: Rows that a first look reads, and cells that are shown of a column.
FIRST_ROWS, SAMPLES = 60, 3
#: Where the proposal for a column comes from.
MEMORY, HEADING, NOTHING = "memory", "heading", ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """One column of the file: its heading, what stands in it, what it is taken for and why."""

    number: int
    heading: str
    samples: list[str]
    key: str
    source: str

    @property
    def letter(self) -> str:
        return column_letter(self.number)


@dataclass
class Layout:
    """Where the table stands. Columns count from 1; `columns` maps a key of the template to its column.

    `why` tells by column where its first proposal came from.
    """

    sheet: str
    first: int
    last: int
    columns: dict[str, int] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)
    why: dict[int, str] = field(default_factory=dict)

    @property
    def header(self) -> Header:
        return Header(self.first, self.last, dict(self.columns), dict(self.headings))

    def as_dict(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "first": self.first,
            "last": self.last,
            "columns": self.columns,
            "headings": {str(number): text for number, text in self.headings.items()},
            "why": {str(number): why for number, why in self.why.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Layout:
        told, why = ({int(number): text for number, text in data.get(name, {}).items()} for name in ("headings", "why"))
        return cls(data["sheet"], data["first"], data["last"], dict(data.get("columns", {})), told, why)


def find(
    workbook: Workbook, template: Template, memory: Mapping[str, str], *, sheet_name: str = "", row: int = 0
) -> Layout | None:
    """The likeliest table of a workbook, or under the row of the sheet that is named; None where no text stands."""
    sheets = [sheet for sheet in workbook.sheets if sheet.name == sheet_name] if sheet_name else []
    sheets = sheets or [sheet for sheet in workbook.sheets if not sheet.is_hidden] or workbook.sheets
    known = taught(template, memory)
    best: Layout | None = None
    for sheet in sheets:
        looked_at = replace(sheet, rows=[each for each in sheet.rows if each.number == row]) if row else sheet
        header = headings.best_header(looked_at, known)
        if header is None or not (header.columns or header.twice):
            header = first_texts(looked_at) or header
        if header is None:
            continue
        layout = Layout(sheet.name, header.first_row, header.last_row, headings=header.headings)
        for number, (key, why) in meant(header, template, memory).items():
            layout.why[number] = why
            if key:
                layout.columns[key] = number
        if best is None or len(layout.columns) > len(best.columns):
            best = layout
    return best


def taught(template: Template, memory: Mapping[str, str]) -> Template:
    """The template with the headings that the office used before as further names of its columns."""
    columns = tuple(
        replace(column, aliases=(*column.aliases, *(text for text, key in memory.items() if key == column.key)))
        for column in template.columns
    )
    return replace(template, columns=columns)


def first_texts(sheet: Sheet) -> Header | None:
    """Headings that mean nothing to us: the first row with two texts at least."""
    for row in sheet.rows[: FIRST_ROWS // 2]:
        texts = {n: str(cell.value).strip() for n, cell in enumerate(row.cells, 1) if isinstance(cell.value, str)}
        told = {number: " ".join(text.split())[:300] for number, text in texts.items() if text}
        if len(told) > 1:
            return Header(row.number, row.number, headings=told)
    return None


def meant(header: Header, template: Template, memory: Mapping[str, str]) -> dict[int, tuple[str, str]]:
    """What each column is taken for and why: what the office chose before counts first; each meaning once."""
    keys = {column.key for column in template.columns}
    by_column = {number: key for key, number in header.columns.items()}
    for key, numbers in header.twice.items():
        by_column[numbers[0]] = key
    found: dict[int, tuple[str, str]] = {}
    taken: set[str] = set()
    remembered = {number: memory.get(fold(text)) for number, text in header.headings.items()}
    for number, chosen in remembered.items():
        if chosen is not None and (chosen in keys - taken or not chosen):
            found[number] = chosen, MEMORY
            taken.add(chosen)
    for number in header.headings:
        key = by_column.get(number, "")
        if number not in found:
            found[number] = (key, HEADING) if key and key not in taken else ("", NOTHING)
            taken.add(key)
    return found


def proposed(workbook: Workbook, layout: Layout) -> list[Proposed]:
    """Every column of the table with what stands in it, in the order of the file."""
    sheet = workbook.sheet(layout.sheet) or workbook.sheets[0]
    under = [row for row in sheet.rows if row.number > layout.last]
    chosen = {number: key for key, number in layout.columns.items()}
    return [
        Proposed(number, text, samples(under, number), chosen.get(number, ""), layout.why.get(number, ""))
        for number, text in sorted(layout.headings.items())
    ]


def samples(rows: list[Row], number: int) -> list[str]:
    """The first different things that stand in a column."""
    found: list[str] = []
    for row in rows:
        cell = row.cell(number)
        if cell.is_blank:
            continue
        value = cell.seen
        text = value.strftime("%d.%m.%Y") if hasattr(value, "strftime") else str(value).removesuffix(".0")
        text = " ".join(text.split())[:60]
        if text and text not in found:
            found.append(text)
        if len(found) == SAMPLES:
            break
    return found


def to_remember(layout: Layout) -> dict[str, str]:
    """Folded headings with what was chosen for them; a heading that is not read is remembered as that."""
    chosen = {number: key for key, number in layout.columns.items()}
    return {fold(text): chosen.get(number, "") for number, text in layout.headings.items() if fold(text)}
