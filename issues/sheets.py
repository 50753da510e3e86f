"""Tables of this room as Excel: texts are written as texts, nothing typed becomes a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from calendars.exporting.book import FONT, HEAD, INK, LINE
from calendars.models import Meeting

from .models import PlanItem

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": FONT, "font_size": 10, "font_color": INK},
}


def plan_book(meeting: Meeting, items: Sequence[PlanItem]) -> bytes:
    """The action plan of a meeting: one row an item, on A4 across."""
    title = _("Action plan after the meeting of %(day)s, %(place)s, akim of %(holder)s") % {
        "day": f"{meeting.held_on or meeting.date:%d.%m.%Y}",
        "place": meeting.place.name(),
        "holder": meeting.holder.name(),
    }
    heads = (
        ("№", 5),
        (pgettext("column of the plan", "Issue"), 12),
        (_("Text of the issue"), 46),
        (_("Place"), 22),
        (_("Level of solution"), 18),
        (_("Measure"), 46),
        (_("Due"), 12),
        (_("Day first promised"), 12),
        (pgettext("column of the plan", "Slips"), 8),
        (_("Executor: organisation"), 30),
        (_("Executor: post"), 24),
        (_("Form of completion"), 24),
        (_("State"), 18),
    )
    rows = (
        (
            number,
            str(item.issue),
            item.issue.text(),
            item.issue.place.name(),
            item.issue.get_level_display(),
            item.measure(),
            item.due_on,
            item.first_due_on,
            item.issue.slips,
            item.organisation,
            item.post,
            item.completion(),
            item.get_state_display(),
        )
        for number, item in enumerate(items, 1)
    )
    return table(title, heads, rows)


def table(title: str, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet with a title, headings and rows; days are real days."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    sheet = book.add_worksheet()
    cell = {"border": 1, "border_color": LINE, "text_wrap": True, "valign": "top"}
    head = book.add_format(cell | {"bold": True, "bg_color": HEAD})
    plain, day = book.add_format(cell), book.add_format(cell | {"num_format": "dd.mm.yyyy", "align": "left"})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 12}))
    for column, (word, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, str(word), head)
    last = 2
    for last, row in enumerate(rows, 3):
        for column, value in enumerate(row):
            if value is None:
                sheet.write_blank(last, column, None, plain)
            elif isinstance(value, str):
                sheet.write_string(last, column, value, plain)
            elif isinstance(value, int):
                sheet.write_number(last, column, value, plain)
            else:
                sheet.write_datetime(last, column, value, day)
    sheet.autofilter(2, 0, last, len(heads) - 1)
    sheet.freeze_panes(3, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    book.close()
    return out.getvalue()
