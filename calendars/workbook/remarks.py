"""The uploaded table given back with a column of remarks, so that it can be mended where it was made.

A small workbook is kept as it was, with its formats; a large, broken or CSV one is written anew from the rows
that were read. Text never becomes a formula on either way.
"""

import io
import logging
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from openpyxl.styles import Alignment, Font, PatternFill

from . import limits
from .container import Container
from .findings import Finding, Findings
from .references import column_letter, column_number
from .sheet import Cell, CellKind, Row, Sheet, Workbook

logger = logging.getLogger(__name__)

_FILLS = {"error": "FFC7CE", "warning": "FFEB9C", "note": "DDEBF7"}
_REMARK_WIDTH = 60
_CELL_CHARS = 32_767
_NUMBER_FORMATS = {
    CellKind.DATE: "dd.mm.yyyy",
    CellKind.DATETIME: "dd.mm.yyyy hh:mm",
    CellKind.TIME: "hh:mm",
    CellKind.DURATION: "[h]:mm",
}
_EXCEL_FIRST_DAY = date(1900, 3, 1)


def remarks_workbook(original: "str | Path | bytes", findings: Findings, workbook: Workbook | None = None) -> bytes:
    """A workbook (.xlsx) with every kept finding: beside its row, and all of them on a sheet of their own.

    Texts are in the active language. ``workbook`` is what ``reader.read`` gave; with it large originals are
    written anew. Without rows (the file was refused) only the sheet of remarks is written.
    """
    content = original if isinstance(original, bytes) else Path(original).read_bytes()
    if workbook is not None and _is_small(content, workbook):
        try:
            return _annotated(content, findings, workbook)
        except Exception:  # openpyxl raises anything on damaged formats; the rows are still ours
            logger.warning("a workbook of %s bytes could not be annotated and is written anew", len(content))
    return _written_anew(findings, workbook or Workbook())


def _is_small(content: bytes, workbook: Workbook) -> bool:
    if workbook.dialect is not None or len(content) > limits.REMARKS_ORIGINAL_BYTES:
        return False
    # The guard has counted what the directory declares.
    return sum(entry.declared for entry in Container(content).entries) <= limits.REMARKS_UNPACKED_BYTES


def _annotated(content: bytes, findings: Findings, workbook: Workbook) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, rows in _by_sheet(findings).items():
        read = workbook.sheet(name)
        if name not in book.sheetnames or read is None:
            continue
        sheet = book[name]
        column = read.width + 1
        sheet.column_dimensions[column_letter(column)].width = _REMARK_WIDTH
        if 1 not in rows:
            _put_text(sheet.cell(1, column), pgettext("workbook given back", "Remarks"), bold=True)
        for number, told in rows.items():
            _put_text(sheet.cell(number, column), "\n".join(_sentences(told)))
            for finding in told:
                if finding.column_letter:
                    marked = sheet.cell(number, column_number(finding.column_letter))
                    marked.fill = PatternFill("solid", start_color=_FILLS[finding.severity])
    _list_all(book.create_sheet(_free_name(book.sheetnames), 0), findings)
    book.active = 0
    for sheet in book.worksheets[1:]:
        sheet.sheet_view.tabSelected = False
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _list_all(sheet: "openpyxl.worksheet.worksheet.Worksheet", findings: Findings) -> None:
    for number, line in enumerate(_lines(findings), start=1):
        for column, text in enumerate(line, start=1):
            _put_text(sheet.cell(number, column), text, bold=number <= _HEAD_LINES)
    for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width


def _put_text(cell: "openpyxl.cell.cell.Cell", text: str, *, bold: bool = False) -> None:
    cell.value = _legal(text)
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)


def _written_anew(findings: Findings, workbook: Workbook) -> bytes:
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    book = xlsxwriter.Workbook(out, options)
    formats = _Formats(book)
    names = _page_names(workbook)
    _write_list(book.add_worksheet(_free_name(names)), findings, formats)
    told = _by_sheet(findings)
    for sheet, name in zip(workbook.sheets, names, strict=True):
        _write_rows(book.add_worksheet(name), sheet, told.get(sheet.name, {}), formats)
    book.close()
    return out.getvalue()


def wrong_rows_workbook(
    sheet: Sheet, first: int, last: int, numbers: Collection[int], findings: Iterable[Finding]
) -> bytes:
    """Only the rows of these numbers under the headings (rows ``first`` to ``last``), each with its reasons beside it.

    It can be mended and brought again: values of merged cells stand in each row, a column of earlier reasons is gone.
    """
    told: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.row is not None and finding.row in numbers and finding.sheet == sheet.name:
            told[finding.row].append(finding)
    by_number = {row.number: row for row in sheet.rows}
    heads = [by_number[number] for number in range(first, last + 1) if number in by_number]
    words = _remark_words()
    dropped = {n for row in heads for n, cell in enumerate(row.cells, 1) if str(cell.value).strip() in words}
    columns = [number for number in range(1, sheet.width + 1) if number not in dropped]
    filled = _filled(sheet, by_number, sorted(numbers))
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options | {"nan_inf_to_errors": True})
    formats = _Formats(book)
    page = book.add_worksheet(_page_names(Workbook(sheets=[sheet]))[0])
    page.set_column(0, max(len(columns) - 1, 0), 22)
    page.set_column(len(columns), len(columns), _REMARK_WIDTH)
    for place, row in enumerate(heads):
        for column, number in enumerate(columns):
            _write_cell(page, place, column, row.cell(number), formats.bold)
    page.write_string(max(len(heads) - 1, 0), len(columns), pgettext("workbook given back", "Remarks"), formats.bold)
    for place, number in enumerate(sorted(numbers), start=len(heads)):
        row = by_number.get(number, Row(number, []))
        marks = {column_number(finding.column_letter): finding.severity for finding in reversed(told[number])}
        for column, at in enumerate(columns):
            cell = filled.get((number, at)) or row.cell(at)
            _write_cell(page, place, column, cell, formats.of(cell.kind, marks.get(at, "")))
        page.write_string(place, len(columns), _legal("\n".join(_sentences(told[number]))), formats.wrapped)
    page.freeze_panes(len(heads), 0)
    book.close()
    return out.getvalue()


def _remark_words() -> set[str]:
    words = set()
    for language in ("kk", "ru", "en"):
        with override(language):
            words.add(pgettext("workbook given back", "Remarks"))
    return words


def _filled(sheet: Sheet, by_number: dict[int, Row], numbers: list[int]) -> dict[tuple[int, int], Cell]:
    """What merged cells say in rows below their first."""
    found: dict[tuple[int, int], Cell] = {}
    for merged in sheet.merged:
        if merged.left == merged.right and merged.top in by_number:
            for number in numbers[bisect_right(numbers, merged.top) : bisect_right(numbers, merged.bottom)]:
                found[number, merged.left] = by_number[merged.top].cell(merged.left)
    return found


class _Formats:
    """Formats of the book written anew, made once each."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._made: dict[tuple[str, str], xlsxwriter.format.Format] = {}

    def of(self, kind: CellKind, severity: str = "") -> "xlsxwriter.format.Format | None":
        number_format = _NUMBER_FORMATS.get(kind, "")
        if not number_format and not severity:
            return None
        key = (number_format, severity)
        if key not in self._made:
            options = {"num_format": number_format} if number_format else {}
            if severity:
                options["bg_color"] = f"#{_FILLS[severity]}"
            self._made[key] = self.book.add_format(options)
        return self._made[key]


def _write_list(sheet: "xlsxwriter.worksheet.Worksheet", findings: Findings, formats: _Formats) -> None:
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    for number, line in enumerate(_lines(findings)):
        for column, text in enumerate(line):
            sheet.write_string(number, column, _legal(text), formats.bold if number < _HEAD_LINES else formats.wrapped)


def _write_rows(
    page: "xlsxwriter.worksheet.Worksheet", sheet: Sheet, told: dict[int, list[Finding]], formats: _Formats
) -> None:
    last = sheet.width
    page.set_column(last, last, _REMARK_WIDTH)
    by_number = {row.number: row for row in sheet.rows}
    # constant_memory wants rows in order, with or without cells.
    if 1 not in told:
        told = {1: [], **told}
    for number in sorted(by_number.keys() | told.keys()):
        marks = {column_number(finding.column_letter): finding.severity for finding in reversed(told.get(number, []))}
        for column, cell in enumerate(by_number[number].cells if number in by_number else (), start=1):
            _write_cell(page, number - 1, column - 1, cell, formats.of(cell.kind, marks.get(column, "")))
        if number == 1 and not told[1]:
            page.write_string(0, last, pgettext("workbook given back", "Remarks"), formats.bold)
        elif number in told:
            page.write_string(number - 1, last, _legal("\n".join(_sentences(told[number]))), formats.wrapped)


def _write_cell(
    page: "xlsxwriter.worksheet.Worksheet", row: int, column: int, cell: Cell, look: "xlsxwriter.format.Format | None"
) -> None:
    value = cell.value
    if isinstance(value, bool):
        page.write_boolean(row, column, value, look)
    elif isinstance(value, (int, float)):
        page.write_number(row, column, value, look)
    elif isinstance(value, (time, timedelta)) or (isinstance(value, date) and _day(value) >= _EXCEL_FIRST_DAY):
        page.write_datetime(row, column, value, look)
    elif cell.seen is not None or look is not None:
        page.write_string(row, column, _legal("" if cell.seen is None else str(cell.seen)), look)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


_HEAD_LINES = 2
_WIDTHS = (16, 18, 8, 24, 60, 60)


def _lines(findings: Findings) -> Iterable[list[str]]:
    """The sheet of all remarks: the total, the headings, then one line for each."""
    yield [
        _("Errors: %(errors)s, warnings: %(warnings)s, notes: %(notes)s")
        % {"errors": findings.errors, "warnings": findings.warnings, "notes": findings.notes}
    ]
    yield [
        pgettext("workbook given back", "Severity"),
        pgettext("workbook given back", "Sheet"),
        pgettext("workbook given back", "Row"),
        pgettext("workbook given back", "Column"),
        pgettext("workbook given back", "What is wrong"),
        pgettext("workbook given back", "What to do"),
    ]
    severities = {
        "error": pgettext("severity", "error"),
        "warning": pgettext("severity", "warning"),
        "note": pgettext("severity", "note"),
    }
    for finding in findings:
        column = finding.column_letter + (f" ({finding.heading})" if finding.heading else "")
        yield [
            severities[finding.severity],
            finding.sheet,
            str(finding.row or ""),
            column,
            finding.problem,
            finding.remedy,
        ]


def _page_names(workbook: Workbook) -> list[str]:
    """Names that Excel allows, no two alike."""
    names: list[str] = []
    for sheet in workbook.sheets:
        name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", sheet.name).strip("'")[:31] or "CSV"
        if name.casefold() in (taken.casefold() for taken in names):
            name = f"{name[:25]} {len(names) + 1}"
        names.append(name)
    return names


def _by_sheet(findings: Findings) -> dict[str, dict[int, list[Finding]]]:
    grouped: dict[str, dict[int, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        if finding.row is not None:
            grouped[finding.sheet][finding.row].append(finding)
    return grouped


def _sentences(told: list[Finding]) -> list[str]:
    """Without sheet and row, which the reader sees; with the column."""
    return [
        f"{finding.column_letter}: {finding.problem} {finding.remedy}".strip(" :")
        if finding.column_letter
        else f"{finding.problem} {finding.remedy}".strip()
        for finding in told
    ]


def _free_name(taken: Iterable[str]) -> str:
    name = pgettext("workbook given back", "Remarks")
    folded = {each.casefold() for each in taken}
    number, free = 1, name
    while free.casefold() in folded:
        number += 1
        free = f"{name} {number}"
    return free


def _legal(text: str) -> str:
    """Without characters that XML forbids, and no longer than a cell may be."""
    legal = "".join(char if char >= " " or char in "\n\t" else "␣" for char in text)
    legal = legal.encode("utf-8", "replace").decode("utf-8")
    return legal if len(legal) <= _CELL_CHARS else legal[: _CELL_CHARS - 1] + "…"
