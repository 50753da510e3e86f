"""Tables of this room as Excel: texts are written as texts, nothing typed becomes a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.db.models import Exists, OuterRef
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from calendars.exporting.book import FONT, HEAD, INK, LINE
from calendars.models import Meeting
from calendars.workbook.template import Kind
from territories.models import Territory
from territories.scope import Who

from . import rules
from .models import Issue, ItemState, PlanItem, TableKind
from .services.importing.columns import template_of

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


#: Rows that a table to fill in begins with.
MOST_TO_FILL = 5_000


def table_to_fill(kind: TableKind, office: Territory, who: Who) -> bytes:
    """An empty table of a kind under its headings; plans begin with open issues, progress with open items.

    An executor gets his own items with the codes of their akims.
    """
    lang = "ru" if get_language() == "ru" else "kk"
    columns = template_of(kind).columns
    rows: Iterable[Sequence[Any]] = ()
    keys = [column.key for column in columns]
    if kind == TableKind.PLAN:
        kept = PlanItem.objects.exclude(state=ItemState.DROPPED).filter(issue=OuterRef("pk"))
        issues = Issue.objects.visible_to(who).standing().open().filter(unit=office, meeting__isnull=False)
        issues = issues.exclude(Exists(kept)).order_by("year", "number")[:MOST_TO_FILL]
        rows = [filled(keys, issue=str(issue), issue_text=issue.text(lang)) for issue in issues]
    elif kind == TableKind.PROGRESS:
        items = PlanItem.objects.visible_to(who).owed().select_related("issue", "unit").order_by("due_on", "pk")
        own = rules.brings_own(who)
        items = items.filter(region=office.region_id or office.pk) if own else items.filter(unit=office)
        rows = [
            filled(keys, item=str(item), issue_text=item.issue.text(lang), unit_code=item.unit.code if own else "")
            for item in items[:MOST_TO_FILL]
        ]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    sheet = book.add_worksheet(template_of(kind).sheet_names[lang])
    head, text = (
        book.add_format({"bold": True, "bg_color": HEAD, "text_wrap": True}),
        book.add_format({"num_format": "@"}),
    )
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for number, column in enumerate(columns):
        wide = 46 if column.kind == Kind.LINES else 20
        sheet.set_column(number, number, wide, day if column.kind == Kind.DATE else text)
        sheet.write_string(0, number, column.headings[lang], head)
        if column.choices:
            words = [choice.labels[lang] for choice in column.choices]
            if sum(map(len, words)) + len(words) < LONGEST_LIST:
                sheet.data_validation(1, number, MOST_TO_FILL, number, {"validate": "list", "source": words})
    for place, row in enumerate(rows, 1):
        for number, value in enumerate(row):
            if value:
                sheet.write_string(place, number, value, text)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


#: Characters that Excel takes as a list of one cell.
LONGEST_LIST = 250


def filled(keys: Sequence[str], **values: str) -> list[str]:
    return [values.get(key, "") for key in keys]


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
