"""From a sheet to clean rows: what stands under the headings, cell by cell, with all findings in place.

Writes nothing and decides nothing about meaning; the caller checks the values against the calendar.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from . import rows as rows_of
from .cells import Context, Reading, Remark, read
from .findings import Findings
from .headings import Header, find_header, find_sheet
from .references import column_letter
from .sheet import EMPTY, Cell, Row, Sheet, Workbook
from .template import Column, Template

_MEMO_TEXT_CHARS = 200


@dataclass(slots=True)
class TableRow:
    """``number`` is the row of the sheet. ``values`` has every key of the template; wrong and blank are None.

    ``ok`` is False when any cell of the row has an error.
    """

    number: int
    values: dict[str, Any]
    ok: bool = True


@dataclass(slots=True)
class Table:
    """``repairs`` counts cells by kind of repair, see ``messages.table.REPAIRS``."""

    sheet: Sheet
    header: Header
    rows: list[TableRow] = field(default_factory=list)
    repairs: Counter[str] = field(default_factory=Counter)

    def place(self, row: int, key: str) -> dict[str, Any]:
        """Arguments for ``Findings.add``: the sheet, row, column and heading of one cell."""
        column = self.header.columns.get(key)
        heading = self.header.headings.get(column, "") if column else ""
        return {"sheet": self.sheet.name, "row": row, "column": column, "heading": heading}


def read_table(
    workbook: Workbook,
    template: Template,
    findings: Findings,
    context: Context,
    *,
    accepted: Collection[str] = (),
) -> Table | None:
    """Find and read the table. None when there is none to read; otherwise all rows, the wrong ones too.

    ``accepted`` are codes of findings whose offers a person has agreed to (B24, B37.offer, B47.hours, B53.number …):
    there the offered value is taken and counted instead of being told.
    """
    for each in workbook.sheets:
        findings.know_sheet(each.name)
    sheet = find_sheet(workbook, template, findings)
    header = find_header(sheet, template, findings) if sheet else None
    if sheet is None or header is None:
        return None
    return read_under(sheet, header, template, findings, context, accepted=accepted)


def read_under(
    sheet: Sheet,
    header: Header,
    template: Template,
    findings: Findings,
    context: Context,
    *,
    accepted: Collection[str] = (),
) -> Table | None:
    """The same under headings that are known: found, or chosen by a person."""
    table = Table(sheet, header)
    data = list(rows_of.data_rows(sheet, header, template, findings))
    if not data:
        findings.add("B22.none", sheet=sheet.name, row=header.last_row)
        return None
    if len(data) > template.most_rows:
        findings.add("B08.rows", sheet=sheet.name, rows=len(data), limit=template.most_rows)
        return None
    _tell_about_sheet(table, data, findings)
    spread = rows_of.spread_merged(sheet, header, template, data, findings)
    columns = [(column, header.columns[column.key]) for column in template.columns if column.key in header.columns]
    absent = [column.key for column in template.columns if column.key not in header.columns]
    reader = _Reader(table, findings, context, frozenset(accepted), columns, absent)
    table.rows = [reader.read(row, spread) for row in data]
    if spread:
        table.repairs["filled"] += len(spread)
    return table


def _tell_about_sheet(table: Table, data: list[Row], findings: Findings) -> None:
    sheet = table.sheet
    hidden = sum(1 for row in data if row.number in sheet.hidden_rows)
    if hidden:
        findings.add("B39.rows", sheet=sheet.name, count=hidden)
    columns = sorted(sheet.hidden_columns.intersection(table.header.columns.values()))
    if columns:
        findings.add("B39.columns", sheet=sheet.name, letters=[column_letter(column) for column in columns])
    if sheet.formulas:
        findings.add("B31.cached", sheet=sheet.name, count=sheet.formulas)


class _Reader:
    """Reads rows. Equal cells of one column are read once: a year's calendar repeats itself."""

    def __init__(
        self,
        table: Table,
        findings: Findings,
        context: Context,
        accepted: frozenset[str],
        columns: list[tuple[Column, int]],
        absent: list[str],
    ) -> None:
        self.table = table
        self.findings = findings
        self.context = context
        self.accepted = accepted
        self.columns = columns
        self.absent = absent
        self.memo: dict[str, dict[Cell, Reading]] = {column.key: {} for column, _number in columns}

    def read(self, row: Row, spread: dict[tuple[int, int], Cell]) -> TableRow:
        values: dict[str, Any] = dict.fromkeys(self.absent)
        result = TableRow(row.number, values)
        cells = row.cells
        width = len(cells)
        times: list[tuple[Column, Reading, Cell]] = []
        for column, number in self.columns:
            cell = cells[number - 1] if number <= width else EMPTY
            if spread and (filled := spread.get((row.number, number))) is not None:
                cell = filled
            reading = self._reading(cell, column)
            values[column.key] = reading.value
            if reading.remarks:
                self._tell(result, column, cell, reading.remarks)
            if reading.repairs:
                self.table.repairs.update(reading.repairs)
            if reading.moment is not None:
                times.append((column, reading, cell))
            if column.required and reading.value is None and not reading.remarks:
                self._tell(result, column, cell, (Remark("B20.required", {"expected": dict(column.headings)}),))
        for column, reading, cell in times:
            self._place_time(result, column, reading, cell)
        return result

    def _reading(self, cell: Cell, column: Column) -> Reading:
        memo = self.memo[column.key]
        reading = memo.get(cell)
        if reading is None:
            reading = self._accept(read(cell, column, self.context))
            if not isinstance(cell.value, str) or len(cell.value) <= _MEMO_TEXT_CHARS:
                memo[cell] = reading
        return reading

    def _accept(self, reading: Reading) -> Reading:
        """Take the offered value where a person has agreed to offers of this code."""
        for remark in reading.remarks:
            if remark.accepted is not None and remark.code in self.accepted:
                rest = tuple(other for other in reading.remarks if other is not remark)
                repair = "serial_date" if remark.code == "B24" else "offer"
                reading = reading._replace(value=remark.accepted, remarks=rest, repairs=(*reading.repairs, repair))
        return reading

    def _place_time(self, result: TableRow, column: Column, reading: Reading, cell: Cell) -> None:
        """A time inside a date goes to the column of times if that is blank; otherwise it is told."""
        if column.time_key and result.values.get(column.time_key) is None:
            result.values[column.time_key] = reading.moment
            return
        if column.time_key and result.values[column.time_key] == reading.moment:
            return
        params = {"day": {"date": reading.value.isoformat()}, "example": self.context.example}
        self._tell(result, column, cell, (Remark("B27.time", params),))

    def _tell(self, result: TableRow, column: Column, cell: Cell, remarks: tuple[Remark, ...]) -> None:
        place = self.table.place(result.number, column.key)
        for remark in remarks:
            seen = cell.seen if remark.seen is None else remark.seen
            finding = self.findings.add(remark.code, value=seen, offer=remark.offer, **place, **remark.params)
            if finding.severity == "error":
                result.ok = False
