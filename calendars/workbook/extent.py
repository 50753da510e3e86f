"""How far a worksheet reaches, found by streaming, before anything parses it.

Only filled cells count: formats spread over a million empty rows harm nobody. The far corner matters because
a reader that believes it asks for the memory of the whole rectangle.
"""

from collections.abc import Callable, Iterable
from typing import Any

from . import limits
from .container import Refused
from .references import column_letter, split
from .sheetxml import Tags, blocks, count_rows

# After the limit is passed, so many more bytes are unpacked only to tell the number of rows.
_COUNT_ON_BYTES = 48 * limits.MIB


class TooLarge(Refused):
    """The table of one sheet passes a limit; ``row`` and ``column`` say where, if at one cell."""

    def __init__(self, code: str, *, row: int | None = None, column: int | None = None, **params: Any) -> None:
        super().__init__(code, **params)
        self.row = row
        self.column = column


def check(open_part: Callable[[], Iterable[bytes]], part: str) -> int:
    """Raise ``TooLarge`` for more rows or columns than `limits` allow or a far filled cell; else the count of rows."""
    total = 0
    far: tuple[int, int] | None = None
    for tags, block, after in blocks(open_part(), part):
        if after:
            continue
        total += count_rows(tags, block)
        if total > limits.ROWS:
            break
        if far is None:
            far = _far_cell(tags, block)
    if total > limits.ROWS:
        far = _check_filled(open_part, part) or far
    if far is not None:
        column, row = far
        raise TooLarge("B09", row=row, column=column, cell=f"{column_letter(column)}{row}")
    return total


def _check_filled(open_part: Callable[[], Iterable[bytes]], part: str) -> tuple[int, int] | None:
    """Second look, when there are many row tags: do that many rows hold anything?"""
    filled = total = beyond = 0
    far: tuple[int, int] | None = None
    try:
        for tags, block, after in blocks(open_part(), part):
            if after:
                continue
            total += count_rows(tags, block)
            if filled > limits.ROWS:
                beyond += len(block)
                if beyond > _COUNT_ON_BYTES:
                    raise TooLarge("B08.many_rows", rows=total, limit=limits.ROWS)
                continue
            filled += len(tags.filled_row.findall(block))
            if far is None:
                far = _far_cell(tags, block)
    except Refused as refusal:
        if isinstance(refusal, TooLarge) or filled <= limits.ROWS:
            raise
        raise TooLarge("B08.many_rows", rows=total, limit=limits.ROWS) from None
    if filled > limits.ROWS:
        raise TooLarge("B08.rows", rows=total, limit=limits.ROWS)
    return far


def _far_cell(tags: Tags, block: bytes) -> tuple[int, int] | None:
    """The first filled cell outside of the limits as (column, row); a really wide table is refused at once."""
    for found in tags.far.finditer(block):
        column, row = split(found[1].decode("ascii"))
        if column <= limits.COLUMNS and row <= limits.ROWS:
            continue
        opened = block.rfind(b"<", 0, found.start())
        if not block.startswith(tags.cell_start, opened):
            continue
        if row <= limits.ROWS:
            row_start = max(block.rfind(tags.row, 0, opened), 0)
            if block.count(tags.cell_start, row_start, found.end()) > limits.COLUMNS:
                raise TooLarge("B08.columns", row=row, limit=limits.COLUMNS)
        return column, row
    return None
