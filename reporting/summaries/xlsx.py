"""The workbook: laid out by XlsxWriter, its rows streamed into it.

XlsxWriter writes headings, styles, print set-up and colours around two sample rows of each sheet. The rows
themselves are put in their place as XML, some thousand at a time and column by column, so that neither a row
object nor the sheet is ever in memory: a hundred thousand rows take as much as ten. Texts are inline strings,
never formulas; the only formulas are the totals, with their values.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext_lazy as _
from xlsxwriter.utility import quote_sheetname

from calendars.workbook.references import column_letter
from journal import dates

from .cells import ESCAPE_LIKE, FORBIDDEN, MOST_CHARACTERS, MOST_ROWS, clean, serial, sheet_name
from .model import Column, Kind, Sheet, Summary
from .sources import SOURCES, source_rows

FONT = {"font_name": "Arial", "font_size": 10, "font_color": "#1F2933", "valign": "top"}
LINE = {"border": 1, "border_color": "#B8C4CE"}
COLOURS = {
    "good": {"bg_color": "#DDF1E2", "font_color": "#14532D"},
    "warn": {"bg_color": "#FFF1CC", "font_color": "#7A4A00"},
    "bad": {"bg_color": "#FBDDDD", "font_color": "#8A1414"},
}
NUMBERS = {Kind.NUMBER: "#,##0", Kind.SHARE: "0%", Kind.DATE: "dd.mm.yyyy", Kind.TEXT: "@"}
#: Rows that are turned into XML at a time.
CHUNK = 2_000
#: From so many rows on, speed counts for more than the size of the file.
LARGE = 20_000
#: Sheets that may grow beyond 2 GiB of XML.
HUGE = 500_000
#: The height of a line in points, and the most lines that a row shows.
LINE_POINTS, MOST_LINES = 13, 12
SEPARATOR = "\x1f"
SHEET_PART = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
ROW = re.compile(rb"<row [^>]*>.*?</row>|<row [^>]*/>", re.DOTALL)
STYLE = re.compile(rb'<c r="[A-Z]+\d+" s="(\d+)"')


@dataclass
class Part:
    """One sheet of the workbook: a table, or a piece of one that is too long for a sheet."""

    sheet: Sheet
    name: str
    head: int
    count: int
    last: bool
    rows: Iterator[Sequence[Any]]
    sums: list[float]
    #: Where the parts of the table lie, for the totals below the last of them.
    ranges: list[tuple[str, int, int]]
    #: The word for the row of sums.
    total: str

    @property
    def wrapped(self) -> bool:
        """Long texts take several lines, in a table that somebody may read through."""
        return self.sheet.count <= LARGE


def write(summary: Summary, file: IO[bytes], tick: Callable[[int], None] = lambda rows: None) -> None:
    """Write the whole workbook; `tick` hears after each piece how many rows it had, and may raise to stop."""
    shell, parts = laid_out(summary)
    level = 1 if summary.row_count > LARGE else 6
    with (
        zipfile.ZipFile(shell) as given,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as made,
    ):
        for entry in given.infolist():
            content = given.read(entry)
            found = SHEET_PART.fullmatch(entry.filename)
            number = int(found[1]) if found else 0
            with made.open(entry.filename, "w", force_zip64=summary.row_count > HUGE) as out:
                if 0 < number <= len(parts):
                    for piece in filled(content, parts[number - 1], tick):
                        out.write(piece)
                else:
                    out.write(content)


# -- What stands around the rows ------------------------------------------------------------------
def laid_out(summary: Summary) -> tuple[io.BytesIO, list[Part]]:
    """The workbook with two sample rows in each table, and what has to be put in their place."""
    words = summary.words
    shell = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_format_properties": FONT,
    }
    book = xlsxwriter.Workbook(shell, options)
    book.set_properties({"title": clean(words.say(summary.title))[:255], "subject": summary.code})
    taken: set[str] = set()
    sheet_name(words.say(SOURCES, " – "), taken)
    parts: list[Part] = []
    head = len(titles_of(summary)) + len(summary.about) + 1
    room = MOST_ROWS - head - 2
    for sheet in summary.sheets:
        rows = iter(sheet.rows())
        sums = [0.0] * len(sheet.columns)
        ranges: list[tuple[str, int, int]] = []
        for number, start in enumerate(range(0, max(sheet.count, 1), room), 1):
            count = min(room, sheet.count - start)
            name = sheet_name(words.say(sheet.name, " – "), taken, number)
            ranges.append((name, head + 1, head + count))
            part = Part(
                sheet, name, head, count, start + count >= sheet.count, rows, sums, ranges, words.say(_("Total"))
            )
            lay_out(book, part, summary)
            parts.append(part)
    write_sources(book, summary, parts)
    book.close()
    shell.seek(0)
    return shell, parts


def lay_out(book: xlsxwriter.Workbook, part: Part, summary: Summary) -> None:
    words, sheet, head = summary.words, part.sheet, part.head
    page = book.add_worksheet(part.name)
    page.set_row(0, 22)
    soft = book.add_format(FONT | {"font_color": "#5B6770"})
    first, *others = titles_of(summary)
    page.write_string(0, 0, first, book.add_format(FONT | {"bold": True, "font_size": 14}))
    for line, text in enumerate(others, 1):
        page.write_string(line, 0, text, book.add_format(FONT | {"bold": True, "font_size": 11}))
    for line, (label, value) in enumerate(summary.about, 1 + len(others)):
        page.write_string(line, 0, clean(f"{words.say(label)}: {words.say(value)}"), soft)
    title = {
        "bold": True,
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
        "bg_color": "#DCE6F1",
        "font_size": 9,
    }
    heading = book.add_format(FONT | LINE | title)
    filled_in = book.add_format(FONT | LINE | title | {"bg_color": "#FFF4CC"})
    page.set_row(head, 15 * max(lines_of(words.say(c.heading, "\n"), c.width) for c in sheet.columns) + 4)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(head, index, clean(words.say(column.heading, "\n")), filled_in if column.open else heading)
        look = body_look(column, wrapped=part.wrapped)
        page.write_blank(head + 1, index, None, book.add_format(look))
        page.write_blank(head + 2, index, None, book.add_format(look | {"bold": True, "bg_color": "#EEF2F5"}))
    last = head + max(part.count, 1)
    page.autofilter(head, 0, last, len(sheet.columns) - 1)
    page.freeze_panes(head + 1, sheet.frozen)
    for index, column in enumerate(sheet.columns):
        colour(book, page, column, (head + 1, index, last, index))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)
    page.print_area(0, 0, last + 1, len(sheet.columns) - (2 if sheet.columns[-1].key == "key" else 1))
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_footer("&L&8&A&C&8" + clean(summary.code).replace("&", "&&") + "&R&8&P / &N")


def titles_of(summary: Summary) -> list[str]:
    """The title, a line for each language."""
    return [clean(line) for line in summary.words.say(summary.title, "\n").split("\n")]


def body_look(column: Column, *, wrapped: bool) -> dict[str, Any]:
    look = FONT | LINE | {"num_format": NUMBERS[column.kind]}
    if column.kind == Kind.TEXT:
        look |= {"text_wrap": wrapped}
    if column.key == "key":
        look |= {"font_color": "#8593A0", "font_size": 8, "text_wrap": False}
    return look | ({"bg_color": "#FFFBEA"} if column.open else {})


def colour(book: xlsxwriter.Workbook, page: Any, column: Column, area: tuple[int, int, int, int]) -> None:
    """Colours that follow the value, also when somebody changes it."""
    for value, name in column.colours.items():
        look = book.add_format(COLOURS[name])
        quoted = '"' + clean(value).replace('"', '""') + '"'
        page.conditional_format(*area, {"type": "cell", "criteria": "==", "value": quoted, "format": look})
    if column.bad_above is not None:
        look = book.add_format(COLOURS["bad"])
        page.conditional_format(*area, {"type": "cell", "criteria": ">", "value": column.bad_above, "format": look})


def lines_of(text: str, width: float) -> int:
    """How many lines a heading takes in a column of a width in characters."""
    return sum(max(1, -(-len(line) // max(1, int(width) - 1))) for line in text.split("\n"))


def write_sources(book: xlsxwriter.Workbook, summary: Summary, parts: Sequence[Part]) -> None:
    """The last sheet: where each figure comes from, under which key it can be asked for again."""
    page = book.add_worksheet(sheet_name(summary.words.say(SOURCES, " – "), set()))
    bold = book.add_format(FONT | {"bold": True, "bg_color": "#DCE6F1", "text_wrap": True} | LINE)
    plain = book.add_format(FONT | LINE | {"text_wrap": True})
    number = book.add_format(FONT | LINE | {"num_format": "#,##0"})
    widths = (46, 62, 18, 40)
    for index, width in enumerate(widths):
        page.set_column(index, index, width)
    for index, row in enumerate(source_rows(summary, parts)):
        tall = max(lines_of(str(value), width) for value, width in zip(row.cells, widths, strict=False))
        page.set_row(index, LINE_POINTS * min(tall, MOST_LINES) + 3)
        for column, value in enumerate(row.cells):
            if isinstance(value, int | float):
                page.write_number(index, column, value, number)
            else:
                page.write_string(index, column, clean(value), bold if row.heading else plain)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


# -- The rows -------------------------------------------------------------------------------------
def filled(content: bytes, part: Part, tick: Callable[[int], None]) -> Iterator[bytes]:
    """The XML of a sheet with the rows in the place of the samples."""
    samples = [found for found in ROW.finditer(content) if row_number(found[0]) in (part.head + 2, part.head + 3)]
    body, total = (STYLE.findall(found[0]) for found in samples)
    before, after = content[: samples[0].start()], content[samples[1].end() :]
    with_total = part.last and part.count > 0 and any(column.total for column in part.sheet.columns)
    last = part.head + 1 + max(part.count, 1) + with_total
    reach = f'<dimension ref="A1:{column_letter(len(part.sheet.columns))}{last}"/>'.encode()
    yield re.sub(rb'<dimension ref="[^"]*"/>', reach, before, count=1)
    if part.count == 0:
        yield samples[0][0]
    makers = [maker(column, style.decode()) for column, style in zip(part.sheet.columns, body, strict=True)]
    number = part.head + 1
    left = part.count
    while left and (rows := list(islice(part.rows, min(CHUNK, left)))):
        columns = list(zip(*rows, strict=True))
        for index, column in enumerate(part.sheet.columns):
            if column.total:
                part.sums[index] += sum(filter(None, columns[index]))
        cells = [make(values) for make, values in zip(makers, columns, strict=True)]
        places = range(number + 1, number + 1 + len(rows))
        heights = heights_of(part.sheet.columns, columns) if part.wrapped else [""] * len(rows)
        lines = zip(places, heights, zip(*cells, strict=True), strict=True)
        yield "".join([f'<row r="{n}"{height}>{"".join(line)}</row>' for n, height, line in lines]).encode()
        number += len(rows)
        left -= len(rows)
        tick(len(rows))
    if left or (part.last and next(part.rows, None) is not None):
        raise RuntimeError(f"{part.sheet.code}: the rows are not as many as were counted")
    if with_total:
        yield total_row(part, number + 1, [style.decode() for style in total])
    yield after


def heights_of(columns: Sequence[Column], values: Sequence[Sequence[Any]]) -> list[str]:
    """How high each row must be for its longest text: Excel would find it out by itself, other programs do not."""
    lines = [1] * len(values[0])
    for column, found in zip(columns, values, strict=True):
        if column.kind != Kind.TEXT or column.key == "key":
            continue
        for place, value in enumerate(found):
            text = column.show(value) if column.show else value
            if text and (needed := lines_of(str(text), column.width)) > lines[place]:
                lines[place] = needed
    return [f' ht="{LINE_POINTS * min(n, MOST_LINES) + 2}" customHeight="1"' if n > 1 else "" for n in lines]


def row_number(row: bytes) -> int:
    found = re.search(rb'\br="(\d+)"', row)
    return int(found[1]) if found else 0


def maker(column: Column, style: str) -> Callable[[Sequence[Any]], list[str]]:
    """What turns the values of a column into cells, a piece at a time."""
    empty = f'<c s="{style}"/>'
    known = Known(column, style, empty)
    if column.show is not None or column.kind == Kind.DATE:
        return lambda values: [known[value] for value in values]
    if column.kind == Kind.TEXT:
        opening, closing = text_tags(style)
        return lambda values: [f"{opening}{text}{closing}" if text else empty for text in escaped(values)]
    return lambda values: [empty if v is None else f'<c s="{style}"><v>{v}</v></c>' for v in values]


class Known(dict[Any, str]):
    """Cells of values that repeat, each made once."""

    def __init__(self, column: Column, style: str, empty: str) -> None:
        self.column, self.style, self.empty = column, style, empty
        super().__init__()

    def __missing__(self, value: Any) -> str:
        shown = self.column.show(value) if self.column.show else value
        if shown is None or shown == "":
            cell = self.empty
        elif isinstance(shown, dt.date):
            day = serial(shown)
            cell = self.text(dates.short_date(shown)) if day is None else f'<c s="{self.style}"><v>{day}</v></c>'
        elif isinstance(shown, int | float):
            cell = f'<c s="{self.style}"><v>{shown}</v></c>'
        else:
            cell = self.text(str(shown))
        if len(self) < 50_000:
            self[value] = cell
        return cell

    def text(self, text: str) -> str:
        opening, closing = text_tags(self.style)
        return f"{opening}{escaped([text])[0]}{closing}"


def text_tags(style: str) -> tuple[str, str]:
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"


def escaped(values: Sequence[Any]) -> list[str]:
    """Texts as XML, all of a piece at once."""
    texts = ["" if value is None else str(value) for value in values]
    together = SEPARATOR.join(texts)
    if together.count(SEPARATOR) != len(texts) - 1 or max(map(len, texts)) > MOST_CHARACTERS:
        texts = [clean(text) for text in texts]
        together = SEPARATOR.join(texts)
    if FORBIDDEN.search(together.replace(SEPARATOR, "")):
        return escaped([clean(text) for text in texts])
    if "_x" in together:
        together = ESCAPE_LIKE.sub("_x005F_", together)
    if "\r" in together:
        together = together.replace("\r\n", "\n").replace("\r", "\n")
    return together.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split(SEPARATOR)


def total_row(part: Part, number: int, styles: Sequence[str]) -> bytes:
    """Sums of the table, as formulas that already know their values."""
    cells = []
    for index, (column, style) in enumerate(zip(part.sheet.columns, styles, strict=True)):
        if column.total:
            formula = escaped([f"SUM({','.join(areas(part, index))})"])[0]
            cells.append(f'<c s="{style}"><f>{formula}</f><v>{part.sums[index]:.15g}</v></c>')
        elif index == 0:
            opening, closing = text_tags(style)
            cells.append(f"{opening}{escaped([part.total])[0]}{closing}")
        else:
            cells.append(f'<c s="{style}"/>')
    return f'<row r="{number}">{"".join(cells)}</row>'.encode()


def areas(part: Part, index: int) -> list[str]:
    """Where the numbers of a column lie, on this sheet and on those before it."""
    *others, (_name, top, end) = part.ranges
    letter = column_letter(index + 1)
    named = [f"{quote_sheetname(name)}!{letter}{first + 1}:{letter}{last + 1}" for name, first, last in others]
    return [*named, f"{letter}{top + 1}:{letter}{end + 1}"]
