"""The workbook itself: what stands where, how it looks on the screen and on paper, what Excel checks while one types.

Texts are written as texts: nothing that a person has typed becomes a formula or a link.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format as Look
from xlsxwriter.worksheet import Worksheet

from journal.dates import month_name

from .. import columns
from ..columns import COLUMNS, MARK, META_MARK, PRINTED, TEMPLATE_ID, TEMPLATE_VERSION, two_languages
from ..regional import RegionUnits
from ..workbook.references import column_letter
from ..workbook.template import Column, Kind
from . import instruction, meta
from .rows import SheetRow

SHEETS = {
    "calendar": ("Күнтізбе – Календарь", "Календарь – Күнтізбе"),
    "instruction": ("Нұсқаулық – Инструкция", "Инструкция – Нұсқаулық"),
    "totals": ("Қорытынды – Итоги", "Итоги – Қорытынды"),
}
LISTS = "lists"
#: Rows of the table sheet above its headings, and the row of the headings, from 0.
HEADER_ROW = 3
#: Empty rows under the table that have lists and checks too.
SPARE_ROWS = 500
FONT = "Arial"
INK, SOFT, LINE, HEAD, TINT = "#1F2933", "#5B6770", "#B8C4CE", "#DCE6F1", "#F4F7FA"
MISSING, WARN, BAD = "#FFF4CC", "#B45309", "#B91C1C"
#: Widths in characters.
WIDTHS = {
    "number": 6, "date": 12, "time": 8, "holder": 32, "place": 32, "address": 32, "planned_minutes": 15,
    "format": 17, "broadcast": 18, "languages": 26, "remarks": 24, "report_minutes": 11, "broadcast_note": 30,
    "off_calendar": 13, "line": 26, "period": 17, "state": 18, "holder_code": 15, "place_code": 15,
}  # fmt: skip
#: Columns whose texts may need several lines, the height of a line in points, and the most that a row shows.
WRAPPED = ("holder", "place", "address", "remarks", "broadcast_note", "format", "broadcast", "languages")
LINE_POINTS, MOST_LINES = 13, 12
TOTAL = ("Барлығы", "Всего")
#: Longest title and text that Excel shows beside a cell.
PROMPT_TITLE, PROMPT_TEXT = 32, 255


@dataclass(frozen=True)
class About:
    """What the workbook says of itself. `approved` is the line about the order, by language; empty for a draft."""

    units: RegionUnits
    year: int
    language: str
    calendar_version: int
    approved: Mapping[str, str] = field(default_factory=dict)
    version_number: int = 0
    exported_at: dt.datetime | None = None

    def both(self, pair: tuple[str, str], joint: str = " / ") -> str:
        """A pair of Kazakh and Russian, the reader's first."""
        return two_languages({"kk": pair[0], "ru": pair[1]}, self.language, joint)

    def pick(self, pair: tuple[str, str]) -> str:
        return pair[1] if self.language == "ru" else pair[0]


def build(rows: Sequence[SheetRow], about: About) -> bytes:
    """The whole workbook as bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": 10},
        },
    )
    Book(book, rows, about).write()
    book.close()
    return out.getvalue()


class Book:
    """One workbook being written."""

    def __init__(self, book: xlsxwriter.Workbook, rows: Sequence[SheetRow], about: About) -> None:
        self.book, self.rows, self.about = book, rows, about
        self.looks: dict[tuple, Look] = {}
        self.place = {column.key: index for index, column in enumerate(COLUMNS)}
        self.last_row = HEADER_ROW + max(len(rows), 1)
        self.units = about.units.listed

    def write(self) -> None:
        self.set_properties()
        table = self.book.add_worksheet(self.about.pick(SHEETS["calendar"]))
        guide = self.book.add_worksheet(self.about.pick(SHEETS["instruction"]))
        totals = self.book.add_worksheet(self.about.pick(SHEETS["totals"]))
        lists = self.book.add_worksheet(LISTS)
        known = self.book.add_worksheet(meta.SHEET)
        self.write_table(table)
        self.check_while_typing(table)
        self.colour_while_typing(table)
        self.lay_out_for_paper(table)
        self.write_guide(guide)
        self.write_totals(totals, table.get_name())
        self.write_lists(lists)
        self.write_meta(known)
        self.book.define_name(MARK, f"='{table.get_name()}'!${column_letter(1)}${HEADER_ROW + 1}")
        self.book.define_name(META_MARK, f"='{meta.SHEET}'!$A$1")
        table.activate()

    def look(self, **options: Any) -> Look:
        key = tuple(sorted(options.items()))
        if key not in self.looks:
            base = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
            self.looks[key] = self.book.add_format(base | options)
        return self.looks[key]

    def set_properties(self) -> None:
        title = self.title(self.about.language)
        self.book.set_properties({"title": title, "subject": "826", "created": self.exported_at})

    @property
    def exported_at(self) -> dt.datetime:
        moment = self.about.exported_at or timezone.now()
        return timezone.localtime(moment).replace(tzinfo=None, microsecond=0)

    def title(self, language: str) -> str:
        region = self.about.units.region.name(language)
        if language == "ru":
            return f"Календарь встреч акимов с населением на {self.about.year} год: {region}"
        return f"Әкімдердің халықпен кездесулерінің {self.about.year} жылғы күнтізбесі: {region}"

    # -- The table --------------------------------------------------------------------------------
    def write_table(self, sheet: Worksheet) -> None:
        first, second = ("ru", "kk") if self.about.language == "ru" else ("kk", "ru")
        sheet.set_row(0, 22)
        sheet.write_string(0, 0, self.title(first), self.look(bold=True, font_size=14))
        sheet.write_string(1, 0, self.title(second), self.look(font_size=11, font_color=SOFT))
        sheet.write_string(2, 0, self.note(), self.look(font_color=SOFT))
        sheet.set_row(HEADER_ROW, 66)
        for index, column in enumerate(COLUMNS):
            sheet.set_column(index, index, WIDTHS[column.key])
            heading = two_languages(column.headings, self.about.language)
            sheet.write_string(HEADER_ROW, index, heading, self.head_look(column))
        writers = [self.writer(column) for column in COLUMNS]
        keys = [column.key for column in COLUMNS]
        wide = [(key, WIDTHS[key], self.said(columns.COLUMN[key])) for key in WRAPPED]
        for number, row in enumerate(self.rows, start=HEADER_ROW + 1):
            texts = ((getattr(row, key), width, said) for key, width, said in wide)
            lines = max(lines_needed(said.get(text, text), width) for text, width, said in texts)
            if lines > 1:
                # Excel finds the height by itself, other programs do not.
                sheet.set_row(number, LINE_POINTS * min(lines, MOST_LINES) + 2)
            for index, key in enumerate(keys):
                writers[index](sheet, number, index, getattr(row, key))
        sheet.freeze_panes(HEADER_ROW + 1, self.place["time"])
        sheet.autofilter(HEADER_ROW, 0, self.last_row, len(COLUMNS) - 1)
        sheet.set_zoom(90)

    def note(self) -> str:
        """Draft as of a moment, or the order that approved it; and how many meetings there are."""
        count = f"{len(self.rows):,}".replace(",", "\u00a0")
        total = f"{self.about.both(TOTAL)}: {count}"
        if self.about.approved:
            state = two_languages(self.about.approved, self.about.language, " / ")
        else:
            moment = f"{self.exported_at:%d.%m.%Y %H:%M}"
            kk, ru = f"Жоба, {moment} жағдайы бойынша", f"Проект, по состоянию на {moment}"
            state = self.about.both((kk, ru))
        return f"{state}. {total}"

    def head_look(self, column: Column) -> Look:
        quiet = column.key in columns.TELLING or column.kind == Kind.CODE
        return self.look(
            bold=True,
            text_wrap=True,
            align="center",
            border=1,
            border_color=LINE,
            bg_color=TINT if quiet else HEAD,
            font_color=SOFT if quiet else INK,
            font_size=9,
        )

    def writer(self, column: Column):
        """How a value of the column is put into its cell: dates, times and numbers never as text."""
        bordered = {"border": 1, "border_color": LINE, "valign": "top"}
        if column.kind == Kind.DATE:
            look = self.look(**bordered, num_format="dd.mm.yyyy", align="center")
            return blank_or(lambda sheet, r, c, value: sheet.write_datetime(r, c, value, look), look)
        if column.kind == Kind.TIME:
            look = self.look(**bordered, num_format="hh:mm", align="center")
            return blank_or(lambda sheet, r, c, value: sheet.write_datetime(r, c, value, look), look)
        if column.kind == Kind.MINUTES or column.key == "number":
            look = self.look(**bordered, num_format="0", align="center")
            return blank_or(lambda sheet, r, c, value: sheet.write_number(r, c, value, look), look)
        if column.kind == Kind.CODE:
            look = self.look(**bordered, num_format="@", align="center", font_color=SOFT)
        elif column.key in columns.TELLING:
            look = self.look(**bordered, text_wrap=True, font_color=SOFT)
        else:
            look = self.look(**bordered, text_wrap=True)
        if column.kind == Kind.FLAG:
            word = {True: columns.YES[self.about.language], False: columns.NO[self.about.language]}
            return blank_or(lambda sheet, r, c, value: sheet.write_string(r, c, word[value], look), look)
        if column.kind == Kind.CHOICE:
            said = self.said(column)
            return blank_or(lambda sheet, r, c, value: sheet.write_string(r, c, said.get(value, value), look), look)
        return blank_or(lambda sheet, r, c, value: sheet.write_string(r, c, legal(value), look), look)

    def said(self, column: Column) -> dict[str, str]:
        """Words of a list by value; empty for other columns."""
        return {choice.value: choice.labels[self.about.language] for choice in column.choices}

    # -- What Excel does while one types ----------------------------------------------------------
    def cells(self, key: str) -> tuple[int, int, int, int]:
        column = self.place[key]
        return HEADER_ROW + 1, column, self.last_row + SPARE_ROWS, column

    def first(self, key: str, *, column_fixed: bool = True) -> str:
        """The first cell of a column, as a formula for the whole column names it: $D5."""
        return f"{'$' if column_fixed else ''}{column_letter(self.place[key] + 1)}{HEADER_ROW + 2}"

    def check_while_typing(self, sheet: Worksheet) -> None:
        year = self.about.year
        said = self.messages
        sheet.data_validation(
            *self.cells("date"),
            {
                "validate": "date",
                "criteria": "between",
                "minimum": dt.date(year, 1, 1),
                "maximum": dt.date(year, 12, 31),
                **said(
                    "stop",
                    ("Күні", "Дата"),
                    (
                        f"{year} жылдың күнін жазыңыз, мысалы 15.03.{year}.",
                        f"Напишите день {year} года, например 15.03.{year}.",
                    ),
                ),
            },
        )
        sheet.data_validation(
            *self.cells("time"),
            {
                "validate": "time",
                "criteria": "between",
                "minimum": dt.time(0, 0),
                "maximum": dt.time(23, 59),
                **said("stop", ("Уақыты", "Время"), ("Уақытты 10:00 түрінде жазыңыз.", "Напишите время как 10:00.")),
            },
        )
        by_hand = (
            "Тізімнен таңдаңыз. Тізімде жоқ атауды немесе кодты да жазуға болады, ол жүктегенде тексеріледі.",
            "Выберите из списка. Можно вписать и название или код, которых в списке нет: их проверит загрузка.",
        )
        sheet.data_validation(
            *self.cells("holder"),
            {"validate": "list", "source": "=akim_holders", **said("warning", ("Әкім", "Аким"), by_hand)},
        )
        holder = self.first("holder")
        inside = f"MATCH({holder},akim_units,0)-1,0,INDEX(akim_sizes,MATCH({holder},akim_units,0)),1)"
        sheet.data_validation(
            *self.cells("place"),
            {
                "validate": "list",
                "source": f"=OFFSET({LISTS}!$D$2,{inside}",
                **said("warning", ("Аумақ", "Территория"), by_hand),
            },
        )
        most = columns.LONGEST_MINUTES
        sheet.data_validation(
            *self.cells("planned_minutes"),
            {
                "validate": "integer",
                "criteria": "between",
                "minimum": 1,
                "maximum": most,
                **said(
                    "stop",
                    ("Минут", "Минуты"),
                    (f"1-ден {most}-ға дейінгі санды жазыңыз.", f"Напишите число от 1 до {most}."),
                ),
            },
        )
        report, planned = self.first("report_minutes"), self.first("planned_minutes")
        sheet.data_validation(
            *self.cells("report_minutes"),
            {
                "validate": "custom",
                "value": f'=AND(ISNUMBER({report}),{report}>=0,OR({planned}="",{report}*4<={planned}))',
                **said(
                    "stop",
                    ("Баяндама", "Доклад"),
                    (
                        "Баяндама жоспарланған уақыттың төрттен бірінен аспайды.",
                        "Доклад – не более четверти запланированного времени.",
                    ),
                ),
            },
        )
        from_list = ("Тізімнен таңдаңыз.", "Выберите из списка.")
        for key, name in (
            ("format", "akim_formats"),
            ("broadcast", "akim_broadcasts"),
            ("languages", "akim_languages"),
            ("off_calendar", "akim_yes_no"),
            ("line", "akim_lines"),
            ("period", "akim_periods"),
        ):
            kk, ru = columns.COLUMN[key].headings["kk"], columns.COLUMN[key].headings["ru"]
            options = {"validate": "list", "source": f"={name}", **said("stop", (kk, ru), from_list)}
            sheet.data_validation(*self.cells(key), options)

    def messages(self, kind: str, title: tuple[str, str], text: tuple[str, str]) -> dict[str, Any]:
        return {
            "error_type": kind,
            "error_title": self.about.both(title)[:PROMPT_TITLE],
            "error_message": self.about.both(text, "\n")[:PROMPT_TEXT],
            "ignore_blank": True,
        }

    def colour_while_typing(self, sheet: Worksheet) -> None:
        """A day that is still missing, a day off, a report that is too long."""
        holder, day = self.first("holder"), self.first("date")
        report, planned = self.first("report_minutes"), self.first("planned_minutes")
        marks = (
            ("date", f'=AND({holder}<>"",{day}="")', {"bg_color": MISSING}),
            ("place", f'=AND({holder}<>"",{self.first("place")}="")', {"bg_color": MISSING}),
            ("date", f"=AND(ISNUMBER({day}),WEEKDAY({day},2)>5)", {"font_color": WARN, "bold": True}),
            (
                "report_minutes",
                f"=AND(ISNUMBER({report}),ISNUMBER({planned}),{report}*4>{planned})",
                {"font_color": BAD, "bold": True},
            ),
        )
        for key, formula, look in marks:
            options = {"type": "formula", "criteria": formula, "format": self.book.add_format(look)}
            sheet.conditional_format(*self.cells(key), options)

    def lay_out_for_paper(self, sheet: Worksheet) -> None:
        """A4, landscape, all printed columns on one page's width, headings on every page."""
        on_a4(sheet)
        sheet.repeat_rows(HEADER_ROW)
        sheet.print_area(0, 0, self.last_row, len(PRINTED) - 1)

    # -- The other sheets -------------------------------------------------------------------------
    def write_guide(self, sheet: Worksheet) -> None:
        pick = (1, 0) if self.about.language == "ru" else (0, 1)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 62)
        sheet.set_column(2, 2, 20)
        row = 0
        for turn, which in enumerate(pick):
            sheet.write_string(row, 0, instruction.TITLE[which], self.look(bold=True, font_size=14))
            sheet.set_row(row, 24)
            row += 1
            for step in instruction.STEPS:
                sheet.merge_range(row, 0, row, 2, step[which], self.look(text_wrap=True, valign="top"))
                sheet.set_row(row, 14 * lines_needed(step[which], 112) + 4)
                row += 1
            row += 1
            sheet.write_string(row, 0, instruction.COLUMNS_TITLE[which], self.look(bold=True, font_size=12))
            row += 1
            head = self.look(bold=True, bg_color=HEAD, border=1, border_color=LINE, text_wrap=True)
            cell = self.look(border=1, border_color=LINE, text_wrap=True, valign="top")
            for index, texts in enumerate(instruction.HEADS):
                sheet.write_string(row, index, texts[which], head)
            for column in COLUMNS:
                row += 1
                hint, required = instruction.HINTS[column.key]
                told = (column.headings["ru" if which else "kk"], hint[which], required[which])
                for index, text in enumerate(told):
                    sheet.write_string(row, index, text, cell)
                sheet.set_row(row, 14 * max(lines_needed(texts[0], 34), lines_needed(texts[1], 62)) + 3)
            row += 2
            if turn == 0:
                sheet.set_h_pagebreaks([row])
        on_a4(sheet, landscape=False)

    def write_totals(self, sheet: Worksheet, table: str) -> None:
        """Meetings by akim's level and month; formulas, so that the totals follow what is typed."""
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 12, 10)
        sheet.set_column(13, 13, 10)
        title = (
            f"{self.about.year} жылғы кездесулер саны: айлар және әкімдердің деңгейі бойынша",
            f"Число встреч на {self.about.year} год: по месяцам и уровням акимов",
        )
        sheet.write_string(0, 0, self.about.pick(title), self.look(bold=True, font_size=14))
        sheet.write_string(1, 0, self.about.pick(title[::-1]), self.look(font_color=SOFT))
        sheet.set_row(0, 24)
        head = self.look(bold=True, bg_color=HEAD, border=1, border_color=LINE, text_wrap=True, align="center")
        name = self.look(border=1, border_color=LINE, text_wrap=True)
        number = self.look(border=1, border_color=LINE, align="center", num_format="#,##0")
        whole = self.look(border=1, border_color=LINE, align="center", num_format="#,##0", bold=True, bg_color=TINT)
        top = 3
        sheet.set_row(top, 32)
        column = columns.COLUMN["line"].headings
        sheet.write_string(top, 0, two_languages(column, self.about.language), head)
        for month in range(1, 13):
            texts = {code: month_name(month, code) for code in ("kk", "ru")}
            sheet.write_string(top, month, two_languages(texts, self.about.language), head)
        sheet.write_string(top, 13, self.about.both(TOTAL, "\n"), head)
        groups = [*columns.LINES, ""]
        for index, line in enumerate(groups, start=top + 1):
            named = columns.LINES.get(line) or {"kk": "норманы жаппайды", "ru": "не закрывает норму"}
            sheet.write_string(index, 0, two_languages(named, self.about.language), name)
            sheet.set_row(index, 28)
            for month in range(1, 13):
                formula, value = self.count(table, line, month)
                sheet.write_formula(index, month, formula, number, value)
            sheet.write_formula(
                index,
                13,
                f"=SUM(B{index + 1}:M{index + 1})",
                whole,
                sum(self.count(table, line, m)[1] for m in range(1, 13)),
            )
        last = top + len(groups)
        sheet.write_string(
            last + 1, 0, self.about.both(TOTAL), self.look(bold=True, border=1, border_color=LINE, bg_color=TINT)
        )
        for index in range(1, 14):
            letter = column_letter(index + 1)
            months = range(1, 13) if index == 13 else [index]
            value = sum(self.count(table, line, month)[1] for line in groups for month in months)
            sheet.write_formula(last + 1, index, f"=SUM({letter}{top + 2}:{letter}{last + 1})", whole, value)
        on_a4(sheet)

    def count(self, table: str, line: str, month: int) -> tuple[str, int]:
        """The formula that counts a line's meetings of a month that are not called off, and its value now."""
        year, cancelled = self.about.year, columns.STATES["cancelled"][self.about.language]
        end = f"DATE({year + month // 12},{month % 12 + 1},1)"

        def cells(key: str) -> str:
            letter = column_letter(self.place[key] + 1)
            return f"'{table}'!${letter}${HEADER_ROW + 2}:${letter}${self.last_row + SPARE_ROWS + 1}"

        wanted = f'"{line}:*"' if line else '""'
        formula = (
            f'=COUNTIFS({cells("line")},{wanted},{cells("date")},">="&DATE({year},{month},1),'
            f'{cells("date")},"<"&{end},{cells("state")},"<>{cancelled}")'
        )
        value = sum(
            1
            for row in self.rows
            if row.date and row.date.month == month and row.line[:1] == line and row.state != cancelled
        )
        return formula, value

    def write_lists(self, sheet: Worksheet) -> None:
        """Names and codes for the drop-down lists. Units stand from the top down, so each unit's own are together."""
        language, label = self.about.language, self.about.units.label
        holders = [unit for unit in self.units if unit.own_akim]
        sizes = self.about.units.sizes
        lists: list[tuple[str, int, Sequence[Any]]] = [
            ("akim_holders", 0, [label(unit, language) for unit in holders]),
            ("akim_holder_codes", 1, [unit.code for unit in holders]),
            ("akim_units", 3, [label(unit, language) for unit in self.units]),
            ("akim_unit_codes", 4, [unit.code for unit in self.units]),
            ("akim_sizes", 5, [sizes[unit.pk] for unit in self.units]),
            ("akim_formats", 7, [choice.labels[language] for choice in columns.FORMATS]),
            ("akim_broadcasts", 8, [choice.labels[language] for choice in columns.BROADCASTS]),
            ("akim_languages", 9, [choice.labels[language] for choice in columns.LANGUAGES]),
            ("akim_yes_no", 10, [columns.YES[language], columns.NO[language]]),
            ("akim_lines", 11, [texts[language] for texts in columns.LINES.values()]),
            ("akim_periods", 12, [texts[language] for texts in columns.PERIODS.values()]),
        ]
        for name, column, values in lists:
            sheet.write_string(0, column, name)
            for row, value in enumerate(values, start=1):
                if isinstance(value, int):
                    sheet.write_number(row, column, value)
                else:
                    sheet.write_string(row, column, value)
            letter = column_letter(column + 1)
            self.book.define_name(name, f"={LISTS}!${letter}$2:${letter}${max(len(values), 1) + 1}")
        sheet.set_column(0, 12, 20)
        sheet.protect()
        sheet.hide()

    def write_meta(self, sheet: Worksheet) -> None:
        about = self.about
        facts: list[tuple[str, str | int]] = [
            ("template", TEMPLATE_ID),
            ("template_version", TEMPLATE_VERSION),
            ("region", about.units.region.code),
            ("region_name_kk", about.units.region.name_kk),
            ("region_name_ru", about.units.region.name_ru),
            ("year", about.year),
            ("calendar_version", about.calendar_version),
            ("approved_version", about.version_number),
            ("exported_at", (about.exported_at or timezone.now()).isoformat(timespec="seconds")),
            ("language", about.language),
            ("rows", len(self.rows)),
        ]
        for number, (key, value) in enumerate(facts):
            sheet.write_string(number, 0, key)
            if isinstance(value, int):
                sheet.write_number(number, 1, value)
            else:
                sheet.write_string(number, 1, value)
        number = len(facts) + 1
        for row in self.rows:
            if row.meeting_id is None or row.number is None:
                continue
            values = {name: getattr(row, name) for name in meta.BASE}
            for column, part in enumerate(meta.line(row.number, row.meeting_id, row.version, values)):
                if isinstance(part, int):
                    sheet.write_number(number, column, part)
                else:
                    sheet.write_string(number, column, part)
            number += 1
        sheet.protect()
        sheet.very_hidden()


def blank_or(write, look: Look):
    """Writes a value, or the empty cell with its frame."""

    def put(sheet: Worksheet, row: int, column: int, value: Any) -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, look)
        else:
            write(sheet, row, column, value)

    return put


def legal(value: Any) -> str:
    """A text without characters that no workbook can hold."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isprintable() else "".join(c if c >= " " or c in "\n\t" else "␣" for c in text)


def lines_needed(text: str, width: int) -> int:
    """How many lines a text takes in a column of so many characters."""
    return sum(max(1, -(-len(line) // width)) for line in text.split("\n"))


def on_a4(sheet: Worksheet, *, landscape: bool = True) -> None:
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C&8&P / &N")
