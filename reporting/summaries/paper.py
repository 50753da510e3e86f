"""On paper: the tables as PDF for printing, and a covering letter in Word that an official finishes himself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from issues.documents.paper import drawn
from journal import dates

from .cells import clean
from .model import Column, Kind, Sheet, Summary
from .plain import pieces
from .sources import journal_head

LAYOUTS = Path(__file__).resolve().parent / "layouts"
#: A table of more rows is not for paper; the file says where it is.
PRINTED_ROWS = 1_500
LETTER_ROWS = 60


def words(value: Any, column: Column, language: str) -> str:
    """A value as it is read on paper."""
    if value is None or value == "":
        return ""
    if isinstance(value, dt.date):
        return dates.short_date(value)
    if column.kind == Kind.SHARE:
        return f"{value:.0%}"
    if column.kind == Kind.NUMBER:
        return dates.number(value, language)
    return clean(str(value))


def table(sheet: Sheet, summary: Summary) -> dict[str, Any]:
    """A table with its sums, as texts; without the keys, which are for programs."""
    say, language = summary.words.say, summary.words.languages[0]
    shown = [(index, column) for index, column in enumerate(sheet.columns) if column.key != "key" and not column.open]
    rows = [row for piece in pieces(sheet) for row in piece]
    lines = [[words(row[index], column, language) for index, column in shown] for row in rows]
    if rows and any(column.total for _index, column in shown):
        sums = [sum(row[index] or 0 for row in rows) if column.total else None for index, column in shown]
        total = [words(value, column, language) for value, (_index, column) in zip(sums, shown, strict=True)]
        total[0] = total[0] or say(_("Total"))
        lines.append(total)
    return {
        "name": say(sheet.name),
        "heads": [say(column.heading, "\n") for _index, column in shown],
        "widths": [column.width for _index, column in shown],
        "numbers": [column.kind in (Kind.NUMBER, Kind.SHARE) for _index, column in shown],
        "rows": lines,
        "total": len(lines) > len(rows),
    }


def write_pdf(summary: Summary, file: IO[bytes], tick: Callable[[int], None] = lambda rows: None) -> None:
    """A4 across, the head repeated on every page; tables too long for paper are named instead."""
    say = summary.words.say
    tables, left_out = [], []
    for sheet in summary.sheets:
        if sheet.count > PRINTED_ROWS:
            count = dates.number(sheet.count, summary.words.languages[0])
            left_out.append(say(lambda sheet=sheet, count=count: _("“%(name)s”, %(count)s rows: in the workbook.") % {
                "name": summary.words.say(sheet.name), "count": count,
            }))  # fmt: skip
            continue
        tables.append(table(sheet, summary))
        tick(sheet.count)
    data = {
        "language": summary.words.languages[0],
        "title": clean(say(summary.title)),
        "about": [[say(label), clean(say(value))] for label, value in summary.about],
        "tables": tables,
        "left_out": left_out,
        "code": summary.code,
        "journal": journal_head(),
    }
    file.write(drawn("summary", data, layouts=LAYOUTS))


def write_docx(summary: Summary, file: IO[bytes], tick: Callable[[int], None] = lambda rows: None) -> None:
    """The covering letter: addressee, date and signature are left to the office, figures are filled in."""
    say = summary.words.say
    letter = Document()
    letter.core_properties.title = clean(say(summary.title))[:255]
    letter.core_properties.author = ""
    page = letter.sections[0]
    page.page_width, page.page_height, page.orientation = Mm(210), Mm(297), WD_ORIENT.PORTRAIT
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Mm(30), Mm(15), Mm(20), Mm(20)
    letter.styles["Normal"].font.name = "Times New Roman"
    letter.styles["Normal"].font.size = Pt(12)
    for text, align in (
        (f"{say(_('Date'))}: ____________   № ____________", WD_ALIGN_PARAGRAPH.LEFT),
        (f"{say(_('To whom'))}: ______________________________", WD_ALIGN_PARAGRAPH.RIGHT),
    ):
        letter.add_paragraph(text).alignment = align
    heading = letter.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.add_run(clean(say(summary.title, "\n"))).bold = True
    letter.add_paragraph(
        say(_("We send the summary named above. Its figures are as follows; the workbook is enclosed."), "\n")
    )
    for label, value in summary.about:
        letter.add_paragraph(clean(f"{say(label)}: {say(value)}"))
    figures = next((sheet for sheet in summary.sheets if sheet.figures and sheet.count <= LETTER_ROWS), None)
    if figures is not None:
        add_table(letter, table(figures, summary))
        tick(figures.count)
    letter.add_paragraph()
    letter.add_paragraph(f"{say(_('Enclosed'))}: {summary.code}")
    letter.add_paragraph(f"{say(_('Post, signature, name'))}: ______________________________")
    letter.save(file)


def add_table(letter: Any, data: dict[str, Any]) -> None:
    made = letter.add_table(rows=1, cols=len(data["heads"]), style="Table Grid")
    fill(made.rows[0].cells, data["heads"], bold=True)
    for number, row in enumerate(data["rows"], 1):
        fill(made.add_row().cells, row, bold=data["total"] and number == len(data["rows"]))


def fill(cells: Sequence[Any], texts: Sequence[str], *, bold: bool) -> None:
    for cell, text in zip(cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(text)
        run.bold, run.font.size = bold, Pt(8)
