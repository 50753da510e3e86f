"""A workbook that was taken out comes back with remarks: compared row by row, each remark bound to its row.

Only the column of remarks is read. A file is refused as a whole when a row that has a remark is no longer as it was
taken out; the rows that changed since are named. Cells that were altered are named too, and a remark in such a row is
not taken: whoever sorted a part of the table would bind it to another row. What the rows are is told by their keys:
meetings of a submitted calendar (`returned_calendars.py`) or problem issues (`returned_issues.py`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from calendars.workbook import guard, reader
from calendars.workbook.references import column_letter
from calendars.workbook.sheet import Cell, CellKind, Row, Sheet
from journal.dates import short_date
from territories.scope import Who

from ..summaries.calendars import CALENDAR_COLUMNS
from ..summaries.model import LANGUAGES, Column, Words
from ..summaries.model import Sheet as Made
from ..summaries.promises import ISSUE_COLUMNS

KEY = re.compile(r"(row|issue):(\d{1,18})@(\d{1,18})")
#: Names of what differs that the page lists one by one.
NAMED = 50


@dataclass(frozen=True)
class Brought:
    """One row of the file: where it stands, which row of which version it is, what was remarked."""

    row: Row
    kind: str
    pk: int
    version: int
    remark: str


@dataclass
class Outcome:
    """What became of a file. Nothing was written unless `taken` says so."""

    taken: int = 0
    repeated: int = 0
    #: Where the remarks are read now: address and name.
    places: list[tuple[str, str]] = field(default_factory=list)
    #: Why the whole file was refused, and the rows that changed since it was taken out.
    refused: str = ""
    changed: list[str] = field(default_factory=list)
    #: Cells that are not as they were taken out.
    altered: list[str] = field(default_factory=list)


class Unreadable(ValidationError):
    """The file is no table that was taken out here."""


def receive(content: IO[bytes] | bytes, name: str, *, today: dt.date, by: Who) -> Outcome:
    """Compare a file that came back and take its remarks over, all of them or none.

    Repeating it adds nothing. Raises PermissionDenied, Unreadable.
    """
    from . import returned_calendars, returned_issues

    sheet, columns, head = table_of(content, name)
    rows = list(brought(sheet, columns, head))
    kinds = {row.kind for row in rows}
    if len(kinds) != 1:
        raise Unreadable(_("The file has no rows of a table that was taken out here."))
    take: Callable[..., Outcome] = returned_issues.take if kinds == {"issue"} else returned_calendars.take
    return take(rows, columns, today=today, by=by)


# -- Reading --------------------------------------------------------------------------------------
def table_of(content: IO[bytes] | bytes, name: str) -> tuple[Sheet, dict[str, int], int]:
    """The sheet with the keys, where each column stands (from 1), and the row of the headings."""
    inspection = guard.inspect(content, name)
    workbook = reader.read(inspection)
    if workbook is None:
        raise Unreadable([finding.text for finding in inspection.findings])
    for known, needed in ((headings(CALENDAR_COLUMNS), "date"), (headings(ISSUE_COLUMNS), "raised_on")):
        for sheet in workbook.sheets:
            for row in sheet.rows[:20]:
                found = {
                    known[text]: place for place, cell in enumerate(row.cells, 1) if (text := plain(cell)) in known
                }
                if {"remark", "key", needed} <= found.keys():
                    return sheet, found, row.number
    raise Unreadable(_("The file is no table that was taken out here: the columns of remarks and keys are missing."))


def headings(columns: Iterable[Column]) -> dict[str, str]:
    """Keys of the columns by their headings in every language of a file."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        words = Words(language)
        for column in columns:
            found.setdefault(words.say(column.heading, "\n").strip(), column.key)
    return found


def plain(cell: Cell) -> str:
    """A cell as text that can be compared: days as 15.01.2027, whole numbers without a point."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return short_date(value.date() if isinstance(value, dt.datetime) else value)
    if cell.kind == CellKind.NUMBER and float(value) == int(float(value)):  # type: ignore[arg-type]
        return str(int(value))  # type: ignore[call-overload]
    return str(value).replace("\r\n", "\n").strip()


def brought(sheet: Sheet, columns: dict[str, int], head: int) -> Iterator[Brought]:
    for row in sheet.rows:
        found = KEY.fullmatch(plain(row.cell(columns["key"])))
        if row.number > head and found:
            yield Brought(row, found[1], int(found[2]), int(found[3]), plain(row.cell(columns["remark"]))[:2000])


# -- Comparing ------------------------------------------------------------------------------------
def compare(rows: list[Brought], columns: dict[str, int], made: Iterable[Made], outcome: Outcome) -> set[int]:
    """Name the cells that are not as they were taken out; answers the rows of the file in which they stand.

    `made`: the same rows as the program would write them now, once for each language of a file.
    """
    altered: set[int] = set()
    expected: dict[str, list[dict[int, str]]] = {}
    for sheet in made:
        places = [(columns[c.key], i, c.show) for i, c in enumerate(sheet.columns) if c.key in columns and not c.open]
        for line in sheet.rows():
            texts = {place: shown(show(line[i]) if show else line[i]) for place, i, show in places}
            expected.setdefault(str(line[-1]), []).append(texts)
    for row in rows:
        ways = expected.get(f"{row.kind}:{row.pk}@{row.version}")
        if not ways:
            continue
        # In whichever language it was taken out: the one in which fewest cells differ.
        differing = min(
            ([place for place, text in texts.items() if plain(row.row.cell(place)) != text] for texts in ways), key=len
        )
        for place in differing:
            altered.add(row.row.number)
            if len(outcome.altered) < NAMED:
                outcome.altered.append(f"{column_letter(place)}{row.row.number}")
    return altered


def refuse_altered(rows: list[Brought], altered: set[int], outcome: Outcome) -> bool:
    """A remark in a row that was altered could be another row's: then nothing is taken over."""
    wrong = [row for row in rows if row.remark and row.row.number in altered]
    if wrong:
        text = _("Row %(row)s has a remark and was altered. Put its cells right, or take the table out again.")
        outcome.refused = text % {"row": wrong[0].row.number}
    elif not any(row.remark for row in rows):
        outcome.refused = _("The column of remarks is empty.")
    return bool(outcome.refused)


def shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return short_date(value)
    return str(value).replace("\r\n", "\n").strip()
