"""One cell at a time: from what stands in the file to a clean value, with what was repaired and what is wrong.

Nothing is guessed silently. A repair that is certain is done and counted; one that is not is an offer that
changes nothing until a person accepts it.
"""

from ..sheet import Cell, CellKind
from ..template import Column, Kind
from . import choices, codes, dates, numbers, text, times
from .folding import fold_lookalikes
from .reading import Context, Reading, Remark

_READERS = {
    Kind.TEXT: text.read_text,
    Kind.LINES: text.read_lines,
    Kind.DATE: dates.read_date,
    Kind.TIME: times.read_time,
    Kind.MINUTES: numbers.read_minutes,
    Kind.NUMBER: numbers.read_number,
    Kind.CODE: codes.read_code,
    Kind.FLAG: choices.read_yes_no,
    Kind.CHOICE: choices.read_choice,
}


def read(cell: Cell, column: Column, context: Context) -> Reading:
    """The value of a cell as the column's kind; ``Reading.value`` is None when it is blank or wrong."""
    if cell.kind == CellKind.UNCALCULATED:
        return Reading(remarks=(Remark("B31"),))
    if cell.kind == CellKind.ERROR:
        return Reading(remarks=(Remark("B32"),))
    if cell.is_blank:
        return Reading()
    return _READERS[column.kind](cell, column, context)


__all__ = ["Context", "Reading", "Remark", "fold_lookalikes", "read"]
