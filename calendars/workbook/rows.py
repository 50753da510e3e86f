"""Which rows under the headings are data: blanks, totals, notes and column numbers are told and left out."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any

from . import limits
from .cells.folding import fold
from .findings import Findings
from .headings import Header
from .references import column_letter
from .sheet import Cell, CellKind, Merged, Row, Sheet
from .template import Kind, Template

_TOTAL_WORDS = tuple(
    fold(word) + " "
    for word in ("барлығы", "жиыны", "жиынтығы", "қорытынды", "қорытындысы", "итого", "всего", "итог", "total")
)
_FEWEST_COLUMN_NUMBERS = 3
_TEXTS = (Kind.TEXT, Kind.LINES, Kind.CHOICE)
_MOST_FILLED = 10 * limits.ROWS  # cells, over all merged ranges


def data_rows(sheet: Sheet, header: Header, template: Template, findings: Findings) -> Iterator[Row]:
    """Rows of data in their order. What is left out is a note in ``findings``."""
    under = [row for row in sheet.rows if row.number > header.last_row and not row.is_blank]
    # A word like "Total" among dates or codes is no date and no code, however full its row is.
    typed = {header.columns[c.key] for c in template.columns if c.key in header.columns and c.kind not in _TEXTS}
    blank, previous = 0, header.last_row
    if under and _are_column_numbers(under[0]):
        previous = under.pop(0).number
        findings.add("B22.numbers", sheet=sheet.name, row=previous)
    required = [header.columns[column.key] for column in template.required if column.key in header.columns]
    last_full = max((row.number for row in under if _is_full(row, required)), default=0)
    for row in under:
        gap, previous = row.number - previous - 1, row.number
        full = _is_full(row, required)
        if (not full or _first_filled(row) in typed) and (text := _total(row)):
            findings.add("B22.total", sheet=sheet.name, row=row.number, value=text)
            continue
        if not full and row.number > last_full > 0 and (text := _only_text(row)):
            findings.add("B22.note", sheet=sheet.name, row=row.number, value=text)
            continue
        blank += gap
        yield row
    if blank:
        findings.add("B22.blank", sheet=sheet.name, count=blank)


def spread_merged(
    sheet: Sheet, header: Header, template: Template, data: list[Row], findings: Findings
) -> dict[tuple[int, int], Cell]:
    """Cells to take from merged ranges, by row and column: only where the template lets a value be filled down.

    Any other merged range with a value over several cells of the table is an error that names the range.
    """
    keys = {column: template.column(key) for key, column in header.columns.items()}
    numbers = [row.number for row in data]
    by_number = {row.number: row for row in data}
    spread: dict[tuple[int, int], Cell] = {}
    work = 0
    for merged in sheet.merged:
        columns = [column for column in keys if merged.left <= column <= merged.right]
        first, last = bisect_left(numbers, merged.top), bisect_right(numbers, merged.bottom)
        corner = by_number.get(merged.top)
        if corner is None or len(columns) * (last - first) < 2 or corner.cell(merged.left).is_blank:
            continue
        cell = corner.cell(merged.left)
        place: dict[str, Any] = {"sheet": sheet.name, "row": merged.top, "column": merged.left}
        told: dict[str, Any] = {
            "heading": header.headings.get(merged.left, ""),
            "value": cell.seen,
            "range": _range(merged),
        }
        work += last - first
        # Ranges that overlap are no table; without a bound they would cost the square of the rows.
        if columns == [merged.left] and keys[merged.left].fill_down and work <= _MOST_FILLED:
            findings.add("B21.filled", **place, **told)
            spread |= {(number, merged.left): cell for number in numbers[first + 1 : last]}
        else:
            findings.add("B21", **place, **told)
    return spread


def _is_full(row: Row, required: list[int]) -> bool:
    return bool(required) and all(not row.cell(column).is_blank for column in required)


def _are_column_numbers(row: Row) -> bool:
    """The row 1 2 3 4 … that official tables have under their headings."""
    values = [str(cell.value).removesuffix(".0") for cell in row.cells if not cell.is_blank]
    return len(values) >= _FEWEST_COLUMN_NUMBERS and values == [str(n) for n in range(1, len(values) + 1)]


def _total(row: Row) -> str:
    first = next((cell for cell in row.cells if not cell.is_blank), None)
    if first is None or first.kind != CellKind.TEXT:
        return ""
    text = str(first.value)
    return text if f"{fold(text)} ".startswith(_TOTAL_WORDS) else ""


def _first_filled(row: Row) -> int:
    return next(number for number, cell in enumerate(row.cells, start=1) if not cell.is_blank)


def _only_text(row: Row) -> str:
    filled = [cell for cell in row.cells if not cell.is_blank]
    return str(filled[0].value) if len(filled) == 1 and filled[0].kind == CellKind.TEXT else ""


def _range(merged: Merged) -> str:
    return f"{column_letter(merged.left)}{merged.top}:{column_letter(merged.right)}{merged.bottom}"
