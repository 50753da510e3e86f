"""A file with headings as a table that django-import-export takes; headings in any of three languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tablib
from django.utils.translation import gettext as _

from journal.dates import fold

from .sheets import SheetRefused, lines_in

MOST_ROWS = 5_000
#: Column of the dataset that carries the line of the file.
LINE = "line"
HEADINGS_WITHIN = 10


def dataset_of(data: bytes, columns: Mapping[str, tuple[str, ...]], *, needed: tuple[str, ...]) -> tablib.Dataset:
    """Rows under the `columns` (key → accepted headings). Columns it does not know are left out.

    Raises SheetRefused when a needed heading is not found, naming what was found.
    """
    known = {fold(heading): name for name, headings in columns.items() for heading in (name, *headings)}
    lines = lines_in(data, most_rows=MOST_ROWS)
    first: list[str] = []
    for number, (_line, cells) in enumerate(lines, 1):
        found = {known[key]: place for place, cell in enumerate(cells) if (key := fold(str(cell or ""))) in known}
        first = first or [str(cell).strip() for cell in cells if cell]
        if set(needed) <= set(found):
            break
        if number >= HEADINGS_WITHIN:
            lines = iter(())
    else:
        text = _("The headings were not found. Expected: %(expected)s. Found: %(found)s.")
        raise SheetRefused(text % {"expected": ", ".join(columns), "found": ", ".join(first[:10]) or "–"})
    table = tablib.Dataset(headers=[LINE, *found])
    for line, cells in lines:
        values = [text_of(cells[place]) if place < len(cells) else "" for place in found.values()]
        if any(values):
            table.append([line, *values])
    if not len(table):
        raise SheetRefused(_("There are headings but no rows below them. Fill in at least one row."))
    if len(table) > MOST_ROWS:
        raise SheetRefused(_("At most %(most)s rows are read at once. Split the file.") % {"most": MOST_ROWS})
    return table


def text_of(value: Any) -> str:
    """A cell as text: whole numbers without a point, control characters and odd spaces gone."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).replace("\u00a0", " ").replace("\u200b", "").split())
