"""Finding the table: which sheet, which row holds the headings, which column means what.

Columns are matched by meaning, never by position: any order, any of three languages, any case.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from . import limits
from .cells.folding import fold
from .findings import Findings
from .references import column_letter
from .sheet import Row, Sheet, Workbook
from .template import Column, Template

_COPY_SUFFIX = re.compile(r"\s*\(\d+\)\Z")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
_PARTS = re.compile(r"\s*[/\n|]\s*")
_FEWEST_MATCHES = 2
_FOUND_SHOWN = 12
_HEADING_CHARS = 300


@dataclass(slots=True)
class Header:
    """Where the headings stand and what they mean. Columns count from 1.

    ``columns`` is the mapping to show in the preview: key to column; ``headings`` are as in the file.
    """

    first_row: int
    last_row: int
    columns: dict[str, int] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)
    twice: dict[str, list[int]] = field(default_factory=dict)

    def missing(self, template: Template) -> list[Column]:
        """Required columns that were not found."""
        return [column for column in template.required if column.key not in self.columns]

    @property
    def unknown(self) -> list[int]:
        """Columns with a heading that means nothing to the template."""
        taken = {*self.columns.values(), *(column for columns in self.twice.values() for column in columns)}
        return [column for column in self.headings if column not in taken]

    def mapping(self) -> list[tuple[str, str, str]]:
        """Column letter, heading as in the file, key: in the order of the file."""
        pairs = sorted((column, key) for key, column in self.columns.items())
        return [(column_letter(column), self.headings.get(column, ""), key) for column, key in pairs]


def find_sheet(workbook: Workbook, template: Template, findings: Findings) -> Sheet | None:
    """The sheet of the template: by its mark, by its name in any language, else by its headings.

    Two sheets that may both be meant are an error, never a choice of ours.
    """
    if workbook.dialect is not None:
        return workbook.sheets[0]
    expected = dict(template.sheet_names)
    candidates = [sheet for sheet in workbook.sheets if _is_named(sheet, template)]
    by_headings = not candidates
    if by_headings:
        visible = [sheet for sheet in workbook.sheets if not sheet.is_hidden]
        candidates = [sheet for sheet in visible if _holds_all(sheet, template)]
    if not candidates:
        names = [sheet.name for sheet in workbook.sheets]
        findings.add("B17.missing", expected=expected, found=names)
        return None
    if len(candidates) > 1:
        findings.add("B17.several", expected=expected, found=[sheet.name for sheet in candidates])
        return None
    sheet = candidates[0]
    if by_headings:
        findings.add("B17.renamed", sheet=sheet.name, expected=expected)
    if sheet.is_hidden:
        findings.add("B17.hidden", sheet=sheet.name)
    return sheet


def find_header(sheet: Sheet, template: Template, findings: Findings) -> Header | None:
    """The row (or two rows) of headings among the first 20; None when too little is recognised or is missing."""
    header = best_header(sheet, template)
    enough = min(_FEWEST_MATCHES, len(template.columns))
    if header is None or len(header.columns) + len(header.twice) < enough:
        found = list(header.headings.values()) if header else _first_texts(sheet)
        findings.add(
            "B18",
            sheet=sheet.name,
            limit=limits.HEADER_ROWS,
            expected=[dict(column.headings) for column in template.required],
            found=found[:_FOUND_SHOWN] or ["—"],
        )
        return None
    row = header.last_row
    for key, columns in header.twice.items():
        findings.add(
            "B20.twice",
            sheet=sheet.name,
            row=row,
            column=columns[1],
            heading=header.headings[columns[1]],
            letters=[column_letter(column) for column in columns],
            column_name=dict(template.column(key).headings),
        )
    missing = [column for column in header.missing(template) if column.key not in header.twice]
    for column in missing:
        findings.add("B20.missing", sheet=sheet.name, row=row, column_name=dict(column.headings))
    for number in header.unknown:
        findings.add("B20.unknown", sheet=sheet.name, row=row, column=number, heading=header.headings[number])
    for number in _filled_without_heading(sheet, header):
        findings.add("B20.unnamed", sheet=sheet.name, row=row, column=number)
    return None if header.twice or missing else header


def _filled_without_heading(sheet: Sheet, header: Header) -> list[int]:
    nameless = [number for number in range(1, sheet.width + 1) if number not in header.headings]
    under = [row for row in sheet.rows if row.number > header.last_row] if nameless else []
    return [number for number in nameless if any(not row.cell(number).is_blank for row in under)]


def best_header(sheet: Sheet, template: Template) -> Header | None:
    """The likeliest headings; the first of equals. Two rows only when together they say more than either."""
    names = _names(template)
    rows = [row for row in sheet.rows if row.number <= limits.HEADER_ROWS]
    best: Header | None = None
    for index, row in enumerate(rows):
        single = _match(names, row.number, row.number, _texts(row))
        best = _better(best, single)
        below = rows[index + 1] if index + 1 < len(rows) else None
        if below is not None and below.number == row.number + 1:
            alone = _match(names, below.number, below.number, _texts(below))
            both = _match(names, row.number, below.number, _stacked(row, below, sheet))
            if _score(both) > max(_score(single), _score(alone)):
                best = _better(best, both)
    return best


def _better(best: Header | None, other: Header) -> Header | None:
    if not other.headings:
        return best
    return other if best is None or _score(other) > _score(best) else best


def _score(header: Header) -> int:
    return len(header.columns) + len(header.twice)


def _match(names: Mapping[str, str], first: int, last: int, texts: Mapping[int, list[str]]) -> Header:
    header = Header(first, last)
    found: dict[str, list[int]] = {}
    for column, variants in texts.items():
        # A heading in two languages has a line for each.
        lines = (" ".join(line.split()) for line in variants[0].splitlines())
        header.headings[column] = " / ".join(filter(None, lines))
        key = next((key for variant in variants if (key := _meaning(variant, names))), "")
        if key:
            found.setdefault(key, []).append(column)
    for key, columns in found.items():
        if len(columns) == 1:
            header.columns[key] = columns[0]
        else:
            header.twice[key] = columns
    return header


def _meaning(heading: str, names: Mapping[str, str]) -> str:
    """The key of a heading: whole, without brackets and units, or by its parts in several languages."""
    for variant in _variants(heading):
        if key := names.get(fold(variant)):
            return key
    keys = {key for part in _PARTS.split(heading) for variant in _variants(part) if (key := names.get(fold(variant)))}
    # Parts that mean different things mean nothing.
    return keys.pop() if len(keys) == 1 else ""


def _variants(heading: str) -> Iterator[str]:
    yield heading
    bare = _BRACKETS.sub(" ", heading)
    yield bare
    yield bare.split(",")[0]


def _names(template: Template) -> dict[str, str]:
    return {fold(name): column.key for column in template.columns for name in (column.key, *column.names)}


def _texts(row: Row) -> dict[int, list[str]]:
    return {
        number: [str(cell.value).strip()[:_HEADING_CHARS]]
        for number, cell in enumerate(row.cells, start=1)
        if isinstance(cell.value, str) and not cell.is_blank
    }


def _stacked(upper: Row, lower: Row, sheet: Sheet) -> dict[int, list[str]]:
    """Headings in two rows: the lower text, both together, or the upper one where the lower is blank."""
    above, below = _texts(upper), _texts(lower)
    for merged in sheet.merged:
        if merged.top == upper.number and merged.left in above:
            for column in range(merged.left + 1, merged.right + 1):
                above.setdefault(column, above[merged.left])
    stacked: dict[int, list[str]] = {}
    for column in sorted(above.keys() | below.keys()):
        top = above.get(column, [""])[0]
        bottom = below.get(column, [""])[0]
        stacked[column] = [f"{top} {bottom}".strip(), bottom] if bottom else [top]
    return stacked


def _is_named(sheet: Sheet, template: Template) -> bool:
    if template.mark in sheet.marks:
        return True
    names = {fold(name) for name in (*template.sheet_names.values(), *template.sheet_aliases)}
    return fold(_COPY_SUFFIX.sub("", sheet.name)) in names


def _holds_all(sheet: Sheet, template: Template) -> bool:
    header = best_header(sheet, template)
    return header is not None and bool(header.columns) and not header.missing(template)


def _first_texts(sheet: Sheet) -> list[str]:
    for row in sheet.rows:
        if texts := _texts(row):
            return [text[0] for text in texts.values()]
    return []
