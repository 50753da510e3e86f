"""The sheet of sources: what a file was made from, the key and the place of each figure, sums that must agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calendars.workbook.references import column_letter
from journal.services.sealing import head

from .model import Sheet, Summary

if TYPE_CHECKING:
    from .xlsx import Part

SOURCES = pgettext_lazy("sheet", "Sources")
#: Tables of more rows tell their keys row by row in their own last column only.
LISTED_ROWS = 60


@dataclass(frozen=True)
class Row:
    cells: Sequence[str | int | float]
    heading: bool = False


def journal_head() -> str:
    """The newest seal of the journal when the file was made: the last entry in it, and the hash over all until there.

    Whoever keeps the file can prove by it later that nothing before was changed.
    """
    seal = head()
    return f"№ {seal.last} {seal.sha256}" if seal is not None else ""


def source_rows(summary: Summary, parts: Sequence[Part]) -> Iterator[Row]:
    """The sheet, row by row."""
    say = summary.words.say
    yield Row([say(_("About this file")), ""], heading=True)
    yield Row(["summary", summary.code])
    for label, value in summary.about:
        yield Row([say(label), say(value)])
    for code, text in summary.sources:
        yield Row([code, say(text)])
    yield Row([say(_("Head of the journal")), journal_head()])
    yield Row(["", ""])
    yield Row([say(_("Sums that agree")), say(_("Sheet")), say(_("Figure")), ""], heading=True)
    for part in parts:
        if part.last and (not part.sheet.figures or part.sheet.totals):
            yield Row([f"{summary.code}#{part.sheet.code}", part.name, summed(part.sheet), ""])
    yield Row(["", ""])
    heads = (_("Key of the figure"), _("What it counts"), _("Figure"), pgettext_lazy("of a figure", "Where it stands"))
    yield Row([say(head) for head in heads], heading=True)
    for part in parts:
        if part.sheet.figures:
            yield from figures(summary, part)


def summed(sheet: Sheet) -> int | float:
    """The first figure of a table of figures added up; of a list its length. All tables of a file tell the same."""
    if not sheet.figures:
        return sheet.count
    return sum(row[sheet.totals[0]] or 0 for row in sheet.rows())


def figures(summary: Summary, part: Part) -> Iterator[Row]:
    """One line for each figure of a small table; for a large one what its columns count."""
    sheet, say = part.sheet, summary.words.say
    rows: list[Sequence[Any]] = list(sheet.rows()) if sheet.count <= LISTED_ROWS else []
    key = sheet.at("key")
    for index, column in enumerate(sheet.columns):
        if not column.total:
            continue
        says = say(column.says or column.heading, " / ")
        if not rows:
            yield Row([f"…/{column.key}", says, "", f"{part.name}"])
        for number, row in enumerate(rows):
            place = f"{part.name}!{column_letter(index + 1)}{part.head + 2 + number}"
            yield Row([f"{row[key]}/{column.key}", says, row[index] or 0, place])
        yield Row(
            [f"{summary.code}/{column.key}", says, sum(row[index] or 0 for row in sheet.rows()), part.name],
            heading=True,
        )
