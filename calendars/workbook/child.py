"""The child process: workbook bytes on standard input, JSON lines on standard output.

Started as ``python -m calendars.workbook.child``. Imports neither Django nor anything of the project but this
package, so it starts in some tens of milliseconds. It limits itself before it touches the bytes: memory,
processor time, no files, no core dump. Whatever goes wrong, it answers with a code or dies; it never explains.
"""

import gc
import io
import json
import os
import resource
import sys
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import python_calamine

from calendars.workbook import bookxml, limits
from calendars.workbook.container import Container, Refused
from calendars.workbook.sheetfacts import Facts, gather

EXIT_MEMORY = 3
EXIT_OUTPUT = 4
_LINES_AT_ONCE = 500


def main() -> int:
    _limit_itself()
    gc.disable()  # short life, many small objects, no cycles
    content = sys.stdin.buffer.read(limits.FILE_BYTES + 1)
    try:
        _Writer(sys.stdout.buffer).write_all(_answer(content, first_rows=int(sys.argv[1]) if sys.argv[1:] else 0))
    except MemoryError:
        return EXIT_MEMORY
    except _TooMuch:
        return EXIT_OUTPUT
    return 0


def _limit_itself() -> None:
    for what, most in (
        (resource.RLIMIT_AS, limits.CHILD_MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.CHILD_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(what)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            # macOS knows the limit of memory but lets nobody set it; the parent's clock still holds there.
            continue


def _answer(content: bytes, *, first_rows: int = 0) -> Iterable[Any]:
    """``first_rows``: so many rows of each sheet as they stand, for a first look; 0 is all of them."""
    try:
        container = Container(content)
        book = bookxml.read_book(container)
    except Refused as refusal:
        yield {"failed": refusal.code, "params": refusal.params}
        return
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        yield {"date1904": book.date1904}
        for part in book.sheets:
            inflated = container.inflate(container.by_name[part.part])
            facts = Facts() if first_rows else gather(inflated, part.part)
            if not facts.in_order:
                yield {"failed": "B04.damaged", "params": {"part": part.part}}
                return
            sheet = workbook.get_sheet_by_name(part.name)
            yield {
                "sheet": part.name,
                "state": part.state,
                "marks": book.marks.get(part.name, []),
                "hidden_rows": facts.hidden_rows,
                "hidden_columns": facts.hidden_columns,
                "merged": facts.merged,
                "formulas": facts.formulas,
            }
            yield from _rows(sheet, facts, first_rows)
        yield {"end": True}
    except Refused as refusal:
        yield {"failed": refusal.code, "params": refusal.params}
    except (python_calamine.CalamineError, ValueError, OverflowError):
        yield _why_unreadable(container)


def _why_unreadable(container: Container) -> dict[str, Any]:
    """Name the part that is broken, if one is; broken formats have an answer of their own."""
    for name in container.by_name:
        if not name.casefold().endswith((".xml", ".rels")):
            continue
        try:
            bookxml.parse_large(container, name)
        except Refused:
            if name == bookxml.STYLES:
                return {"failed": "B15.broken", "params": {}}
            return {"failed": "B04.damaged", "params": {"part": name}}
    return {"failed": "B04.unreadable", "params": {}}


def _rows(sheet: Any, facts: Facts, first_rows: int = 0) -> Iterable[Any]:
    special: dict[int, list[int]] = {}
    for row, column in facts.errors.keys() | facts.uncalculated | facts.negative.keys():
        if column <= limits.COLUMNS:
            special.setdefault(row, []).append(column)
    for number, values in enumerate(islice(sheet.iter_rows(), first_rows or None), start=1):
        cells = [_cell(value) for value in values]
        _correct(cells, number, special.pop(number, ()), facts)
        yield from _row(number, cells)
    # Rows that hold nothing but errors or empty formulas are not there for the reader of values.
    for number in sorted(special):
        cells = []
        _correct(cells, number, special[number], facts)
        yield from _row(number, cells)


def _row(number: int, cells: list[Any]) -> Iterable[Any]:
    while cells and cells[-1] is None:
        cells.pop()
    if cells:
        yield [number, cells]


def _correct(cells: list[Any], row: int, columns: Iterable[int], facts: Facts) -> None:
    for column in columns:
        place = (row, column)
        cells.extend([None] * (column - len(cells)))
        if place in facts.errors:
            cells[column - 1] = ["e", facts.errors[place]]
        elif place in facts.uncalculated:
            cells[column - 1] = ["u", None]
        else:
            cells[column - 1] = ["n", facts.negative[place]]


def _cell(value: Any) -> Any:
    """None, a text, or a pair of kind and JSON value."""
    if value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return ["b", value]
    if isinstance(value, (int, float)):
        return ["n", float(value)]
    if isinstance(value, datetime):
        return ["dt", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, time):
        return ["t", value.isoformat()]
    if isinstance(value, timedelta):
        return ["td", value.total_seconds()]
    return str(value)


class _TooMuch(Exception):
    pass


class _Writer:
    """Writes JSON lines in portions and stops at the limit of output or of cells."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.written = 0
        self.cells = 0

    def write_all(self, items: Iterable[Any]) -> None:
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        lines: list[str] = []
        for item in items:
            self.cells += len(item[1]) if isinstance(item, list) else 0
            if self.cells > limits.CELLS:
                raise _TooMuch
            lines.append(encode(item))
            if len(lines) >= _LINES_AT_ONCE:
                self._write(lines)
        self._write(lines)
        self.stream.flush()

    def _write(self, lines: list[str]) -> None:
        portion = ("\n".join(lines) + "\n").encode("utf-8", "replace") if lines else b""
        lines.clear()
        self.written += len(portion)
        if self.written > limits.CHILD_OUTPUT_BYTES:
            raise _TooMuch
        self.stream.write(portion)


if __name__ == "__main__":
    # No interpreter shutdown: the parent waits for the end of the process.
    os._exit(main())
