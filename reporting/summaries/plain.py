"""The same tables for programs: CSV for one table, JSON for all of them. Written as they are read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import IO, Any

from .cells import FORBIDDEN, unformula
from .model import Column, Kind, Sheet, Summary
from .sources import journal_head

CHUNK = 2_000


def pieces(sheet: Sheet) -> Iterator[list[list[Any]]]:
    """The rows with their words, some thousand at a time."""
    shows = [(index, column.show) for index, column in enumerate(sheet.columns) if column.show]
    rows = iter(sheet.rows())
    while piece := [list(row) for row in islice(rows, CHUNK)]:
        for row in piece:
            for index, show in shows:
                row[index] = show(row[index])
        yield piece


def write_csv(summary: Summary, file: IO[bytes], tick: Callable[[int], None] = lambda rows: None) -> None:
    """The last table, row by row: UTF-8 with its mark, semicolons, as Excel here opens it."""
    sheet, say = summary.sheets[-1], summary.words.say
    out = io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="", write_through=False)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([unformula(say(column.heading)) for column in sheet.columns])
    for piece in pieces(sheet):
        writer.writerows(
            [[csv_cell(value, column) for value, column in zip(row, sheet.columns, strict=True)] for row in piece]
        )
        tick(len(piece))
    out.flush()
    out.detach()


def csv_cell(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}" if value.year >= 1000 else value.isoformat()
    if isinstance(value, float):
        return f"{value:.4f}".replace(".", ",")
    if isinstance(value, int) and column.kind != Kind.TEXT:
        return str(value)
    return unformula(FORBIDDEN.sub("", str(value)))


def write_json(summary: Summary, file: IO[bytes], tick: Callable[[int], None] = lambda rows: None) -> None:
    """All tables with the keys of their columns; days as 2027-01-15, shares as parts of one."""
    say = summary.words.say
    head = {
        "summary": summary.code,
        "title": say(summary.title),
        "about": [{"name": say(label), "value": say(value)} for label, value in summary.about],
        "journal": journal_head(),
    }
    file.write(text(head)[:-1].encode() + b', "sheets": [')
    for number, sheet in enumerate(summary.sheets):
        columns = [{"key": column.key, "name": say(column.heading)} for column in sheet.columns]
        opening = {"code": sheet.code, "name": say(sheet.name), "columns": columns}
        file.write((", " if number else "").encode() + text(opening)[:-1].encode() + b', "rows": [')
        first = True
        for piece in pieces(sheet):
            lines = ",\n".join(text(json_row(row)) for row in piece)
            file.write((("" if first else ",\n") + lines).encode())
            first = False
            tick(len(piece))
        file.write(b"]}")
    file.write(b"]}\n")


def json_row(row: Sequence[Any]) -> list[Any]:
    return [value.isoformat() if isinstance(value, dt.date) else value for value in row]


def text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
