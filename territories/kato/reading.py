"""Reading a file of the classifier: three layouts, one kind of row, and every fault by its line.

- the open table of 2026: `kato, kato_version, level, type_code, name_ru, name_kk`;
- the list of 2022: `id; parent_id; code; name` (Russian only, parents named by the file itself);
- the workbook of the statistics bureau: `te, ab, cd, ef, hij, k, kaz_name, rus_name, nn`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ..sheets import SheetRefused, lines_in

MOST_BYTES = 20_000_000
MOST_ROWS = 50_000
LONGEST_NAME = 200
#: Rows before the headings that a workbook may carry (a title, a note).
HEADINGS_WITHIN = 20
_CODE = re.compile(r"[1-9]\d{8}")
_DATES = (
    re.compile(r"(?P<year>20\d\d)[-_.](?P<month>\d\d)[-_.](?P<day>\d\d)"),
    re.compile(r"(?P<day>\d\d)[-_.](?P<month>\d\d)[-_.](?P<year>20\d\d)"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as written in the file; `parent` only where the file itself names the parent."""

    line: int
    code: str
    name_ru: str
    name_kk: str = ""
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line and what to do about it, in the reader's language."""

    line: int
    code: str
    text: str


class Refused(Exception):
    """The file cannot be loaded. Nothing of it was written."""

    def __init__(self, faults: Sequence[Fault]):
        self.faults = list(faults)
        super().__init__("; ".join(fault.text for fault in self.faults[:3]))


@dataclass(frozen=True)
class Table:
    """A file that was read whole."""

    rows: list[Row]
    file_name: str
    sha256: str
    as_of: date | None = None
    classifier: str = ""
    layout: str = ""
    names_parents: bool = field(default=False)


def read(data: bytes, file_name: str) -> Table:
    """The rows of a file, or `Refused` with every fault that can be told without the other rows."""
    if not data:
        raise refusal(_("The file is empty. Choose the file of the classifier."))
    if len(data) > MOST_BYTES:
        text = _("The file has %(size)s MB; a classifier has at most %(most)s MB. Choose another file.")
        raise refusal(text % {"size": len(data) // 1_000_000, "most": MOST_BYTES // 1_000_000})
    try:
        return read_lines(lines_in(data, most_rows=MOST_ROWS), data, file_name)
    except SheetRefused as error:
        raise refusal(str(error), error.line) from error


def read_lines(lines: Iterable[tuple[int, Sequence[Any]]], data: bytes, file_name: str) -> Table:
    layout, places, body = find_layout(lines)
    rows, faults, classifier = [], [], ""
    for line, cells in body:
        if not any(str(cell).strip() for cell in cells if cell is not None):
            continue
        try:
            row, version = LAYOUTS[layout](line, cells, places)
        except ValueError as error:
            faults.append(Fault(line, "", str(error)))
            continue
        classifier = classifier or version
        faults.extend(faults_of(row))
        rows.append(row)
    if len(rows) > MOST_ROWS:
        text = _("The file has %(rows)s rows; at most %(most)s are read. This is not the classifier.")
        raise refusal(text % {"rows": len(rows), "most": MOST_ROWS})
    if not rows and not faults:
        raise refusal(_("The file has headings but no rows. Load it once more from its source."))
    if layout == "list":
        rows, more = parents_by_id(rows)
        faults.extend(more)
    if faults:
        raise Refused(faults)
    return Table(
        rows=rows,
        file_name=file_name,
        sha256=hashlib.sha256(data).hexdigest(),
        as_of=date_in(file_name),
        classifier=classifier,
        layout=layout,
        names_parents=layout == "list",
    )


def refusal(text: str, line: int = 0, code: str = "") -> Refused:
    return Refused([Fault(line, code, text)])


def date_in(file_name: str) -> date | None:
    """The day that a file's name carries: kato_2026-07-17.csv, КАТО_17.07.2026.xlsx."""
    for pattern in _DATES:
        found = pattern.search(file_name)
        if found:
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                continue
    return None


# -- Layouts ------------------------------------------------------------------------------------
HEADINGS = {
    "table": {"kato", "name_ru", "name_kk"},
    "list": {"id", "parent_id", "code", "name"},
    "workbook": {"te", "kaz_name", "rus_name"},
}


def find_layout(
    lines: Iterable[tuple[int, Sequence[Any]]],
) -> tuple[str, dict[str, int], Iterator[tuple[int, Sequence[Any]]]]:
    """Which layout the headings say, where each column stands, and the rows below them."""
    body = iter(lines)
    first: list[str] = []
    for seen, (_line, cells) in enumerate(body):
        names = [str(cell or "").strip().lower() for cell in cells]
        first = first or [name for name in names if name]
        for layout, wanted in HEADINGS.items():
            if wanted <= set(names):
                return layout, {name: place for place, name in enumerate(names) if name}, body
        if seen + 1 >= HEADINGS_WITHIN:
            break
    text = _(
        "The headings of a classifier were not found. Found: %(found)s. Expected: %(table)s, or %(list)s, "
        "or %(workbook)s. Choose the file of the classifier as it was published."
    )
    raise refusal(
        text
        % {
            "found": ", ".join(first[:10]) or "–",
            "table": "kato, name_ru, name_kk",
            "list": "id; parent_id; code; name",
            "workbook": "te, ab, cd, ef, hij, k, kaz_name, rus_name",
        }
    )


def cell(cells: Sequence[Any], places: dict[str, int], name: str) -> Any:
    place = places.get(name)
    return cells[place] if place is not None and place < len(cells) and cells[place] is not None else ""


def from_table(line: int, cells: Sequence[Any], places: dict[str, int]) -> tuple[Row, str]:
    row = Row(
        line,
        code_in(cell(cells, places, "kato")),
        str(cell(cells, places, "name_ru")),
        str(cell(cells, places, "name_kk")),
    )
    return row, str(cell(cells, places, "kato_version"))


def from_list(line: int, cells: Sequence[Any], places: dict[str, int]) -> tuple[Row, str]:
    """`parent` holds "id>parent id" until `parents_by_id` has read them all."""
    link = f"{str(cell(cells, places, 'id')).strip()}>{str(cell(cells, places, 'parent_id')).strip()}"
    row = Row(line, code_in(cell(cells, places, "code")), str(cell(cells, places, "name")), parent=link)
    return row, ""


def from_workbook(line: int, cells: Sequence[Any], places: dict[str, int]) -> tuple[Row, str]:
    code = code_in(cell(cells, places, "te"))
    widths = {"ab": 2, "cd": 2, "ef": 2, "hij": 3}
    parts = {name: digits_in(cell(cells, places, name)) for name in widths if name in places}
    if len(parts) == len(widths):
        joined = "".join(parts[name].zfill(width) for name, width in widths.items())
        if joined != code:
            text = _("The code %(code)s and its parts %(parts)s differ. Check the row at its source.")
            raise ValueError(text % {"code": code, "parts": " ".join(parts.values())})
    return Row(line, code, str(cell(cells, places, "rus_name")), str(cell(cells, places, "kaz_name"))), ""


LAYOUTS = {"table": from_table, "list": from_list, "workbook": from_workbook}


def digits_in(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def code_in(value: Any) -> str:
    """A code from a text or number cell; spaces inside are dropped, nothing is guessed."""
    return re.sub(r"[\s\u00a0\u200b]", "", digits_in(value))


def faults_of(row: Row) -> Iterator[Fault]:
    if not _CODE.fullmatch(row.code):
        yield Fault(row.line, row.code, code_fault(row.code))
    if not row.name_ru.strip():
        yield Fault(row.line, row.code, _("The Russian name is missing. Fill it in as in the classifier."))
    for name in (row.name_ru, row.name_kk):
        if len(name) > LONGEST_NAME:
            text = _("A name has %(length)s characters; at most %(most)s are kept. Check the row.")
            yield Fault(row.line, row.code, text % {"length": len(name), "most": LONGEST_NAME})


def code_fault(code: str) -> str:
    if not code:
        return _("The code is missing. Every row needs a code of nine digits.")
    if re.fullmatch(r"\d[.,]?\d*[eEеЕ]\+?\d+", code):
        return _(
            "The code “%(code)s” was turned into a rounded number by a spreadsheet. "
            "Take the file from its source again and do not save it in a spreadsheet."
        ) % {"code": code}
    if code.isdecimal() and len(code) == 8:
        return _("The code “%(code)s” has 8 digits: one is lost. Codes have nine digits and never begin with 0.") % {
            "code": code
        }
    return _("“%(code)s” is not a code: nine digits are expected, the first not 0.") % {"code": code}


def parents_by_id(rows: list[Row]) -> tuple[list[Row], list[Fault]]:
    """Turn the file's own numbers into codes of parents; "0" is the republic."""
    codes: dict[str, str] = {}
    faults = []
    for row in rows:
        own, _sep, _above = (row.parent or "").partition(">")
        if own in codes:
            text = _("The number %(id)s stands twice. Every row needs an id of its own.")
            faults.append(Fault(row.line, row.code, text % {"id": own}))
        codes[own] = row.code
    result = []
    for row in rows:
        _own, _sep, above = (row.parent or "").partition(">")
        if above != "0" and above not in codes:
            text = _("The parent number %(id)s is in no row of the file. The file is incomplete: load it again.")
            faults.append(Fault(row.line, row.code, text % {"id": above}))
        result.append(Row(row.line, row.code, row.name_ru, row.name_kk, codes.get(above, "")))
    return result, faults
