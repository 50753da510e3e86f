"""Reading the XML of a worksheet in pieces, with regular expressions over whole rows.

Only what must be known before or beside the real parse: how far the sheet reaches, hidden rows and columns,
merged ranges, error cells, formulas. Memory stays at one piece, whatever the size of the sheet.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from . import limits
from .container import Refused
from .references import column_letter

_LONGEST_END = 120  # more than the mark that ends the rows, with its prefix
_PREFIX = re.compile(rb"<(?:([A-Za-z_][\w.-]{0,99}):)?worksheet[\s>]")


@dataclass(frozen=True, slots=True)
class Tags:
    """Patterns for one namespace prefix (Excel writes none, some programs write ``x:``).

    None of them looks past the next ``<`` for the end of a tag: hostile XML must not cost the square of its size.
    """

    prefix: bytes
    row: bytes
    rows_end: tuple[bytes, ...]
    row_starts: tuple[bytes, ...]
    row_tag: re.Pattern[bytes]
    cell_start: bytes
    cell: re.Pattern[bytes]
    far: re.Pattern[bytes]
    filled_row: re.Pattern[bytes]
    value: re.Pattern[bytes]
    formula: bytes


def _far_references() -> bytes:
    """References that may lie outside the limits, found without looking at each cell."""
    last = column_letter(limits.COLUMNS).rjust(2, "@")
    columns = rf"[A-Z]{{3}}|[{chr(ord(last[0]) + 1)}-Z][A-Z]|{last[0]}[{last[1]}-Z]"
    first_digit, digits = str(limits.ROWS)[0], len(str(limits.ROWS))
    rows = rf"[{first_digit}-9]\d{{{digits - 1}}}|\d{{{digits + 1},7}}"
    return rf"(?:{columns})\d{{1,7}}|[A-Z]{{1,2}}(?:{rows})".encode()


@lru_cache(maxsize=8)
def tags_for(prefix: bytes) -> Tags:
    p = re.escape(prefix)
    row = b"<" + prefix + b"row"
    content = rb"<" + p + rb"(?:v|is|f)\b"
    return Tags(
        prefix=prefix,
        row=row,
        rows_end=(b"</" + prefix + b"sheetData", b"<" + prefix + b"sheetData/"),
        row_starts=(row + b" ", row + b">", row + b"/", row + b"\n", row + b"\r", row + b"\t"),
        row_tag=re.compile(rb"<" + p + rb"row(\s[^<>]*)?>"),
        cell_start=b"<" + prefix + b"c ",
        cell=re.compile(rb"<" + p + rb"c(\s[^<>]*?)?(?:/>|>(.*?)</" + p + rb"c\s*>)", re.S),
        far=re.compile(rb"\br\s*=\s*[\"'](" + _far_references() + rb")[\"'][^<>]{0,200}>\s*" + content, re.I),
        filled_row=re.compile(
            rb"<" + p + rb"row\b[^<>]*>(?:\s*<" + p + rb"c\b[^<>]*/>)*\s*<" + p + rb"c\b[^<>]*>\s*" + content
        ),
        value=re.compile(rb"<" + p + rb"v(?:\s[^<>]*)?>([^<]+)</"),
        formula=b"<" + prefix + b"f",
    )


def blocks(chunks: Iterable[bytes], part: str) -> Iterator[tuple[Tags, bytes, bool]]:
    """Pieces of a worksheet: patterns, XML, and whether it stands after the rows.

    Among the rows a piece begins at a row (the first: before the rows) and holds whole rows; after them, whole
    tags. A row longer than 4 MB is refused: no table has one, a bomb of spaces does.
    """
    tags: Tags | None = None
    held = b""
    after = False
    for chunk in chunks:
        searched = max(len(held) - _LONGEST_END, 0)
        held += chunk
        if tags is None:
            found = _PREFIX.search(held)
            if found is None:
                if len(held) > limits.MIB:
                    raise Refused("B04.damaged", part=part)
                continue
            tags = tags_for(found[1] + b":" if found[1] else b"")
        if not after:
            ends = [end for end in (held.find(mark, searched) for mark in tags.rows_end) if end >= 0]
            after = bool(ends)
            cut = min(ends) if after else held.rfind(tags.row)
            if cut > 0:
                yield tags, held[:cut], False
                held = held[cut:]
        if after:
            cut = held.rfind(b"<")
            if cut > 0:
                yield tags, held[:cut], True
                held = held[cut:]
        if len(held) > limits.ROW_BYTES:
            raise Refused("B07.ratio", part=part, limit=limits.INFLATE_RATIO)
    if tags is None:
        raise Refused("B04.damaged", part=part)
    yield tags, held, after


def count_rows(tags: Tags, block: bytes) -> int:
    return sum(block.count(start) for start in tags.row_starts)
