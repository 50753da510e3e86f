"""Cells of the coverage board. An open raion holds hundreds of them, so each is one format, not a template of tags."""

from __future__ import annotations

from html import escape
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from journal.dates import period

LINK = (
    '<a class="cell cell-{css}" href="{url}" hx-get="{url}" hx-target="#panel-body"{title}>{icon}{day}'
    '<span class="visually-hidden"> {word}</span></a>'
)
HOLE = (
    '<a class="cell cell-missing" href="{url}" hx-get="{url}" hx-target="#panel-body">{icon}{note}'
    '<span class="visually-hidden">{word} ({unit}, {period})</span></a>'
)
TICK = (
    '<span class="hole"><input type="checkbox" class="form-check-input" name="cell" value="{key}"'
    ' aria-label="{word}: {unit}, {period}">{hole}</span>'
)
CLOSED = '<span class="cell cell-missing">{icon}{note}<span class="visually-hidden">{word}</span></span>'
NONE = '<span class="cell cell-none" aria-hidden="true">–</span>'
ICON = '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'


class Pen:
    """Draws the cells of one page in the reader's language."""

    def __init__(self, *, selectable: bool) -> None:
        self.selectable = selectable
        self.sprite = static("icons.svg")
        late = escape(_("the day has passed, it is not recorded as held"))
        #: Look of a cell -> class, icon, title, words for a screen reader.
        self.looks = {
            "done": ("done", self.icon("check-lg"), "", escape(_("held"))),
            "planned": ("planned", "", "", escape(_("planned"))),
            "later": ("planned", "", "", escape(_("planned"))),
            "short": ("short", self.icon("exclamation-circle"), "", escape(_("short notice"))),
            "overdue": ("short", self.icon("clock-history"), f' title="{late}"', late),
            "wait": ("wait", self.icon("person-plus"), "", escape(_("proposed"))),
            "returned": ("wait", self.icon("arrow-counterclockwise"), "", escape(_("returned"))),
        }
        self.square = self.icon("square")
        self.words = escape(_("Select")), escape(_("missing: plan it")), escape(_("missing"))

    def icon(self, name: str) -> str:
        return ICON.format(self.sprite, name)

    def draw(self, cell: dict[str, Any] | None, unit: str) -> SafeString:
        """A cell of `shown` as HTML; `unit` is the name of its target."""
        return mark_safe(NONE if cell is None else self.drawn(cell, escape(unit)))  # noqa: S308

    def drawn(self, cell: dict[str, Any], unit: str) -> str:
        url = escape(cell["url"])
        if cell["look"] in self.looks:
            css, icon, title, word = self.looks[cell["look"]]
            day = f"{cell['date']:%d.%m}" if cell["date"] else ""
            return LINK.format(css=css, url=url, title=title, icon=icon, day=day, word=word)
        select, plan, missing = self.words
        if not url:
            return CLOSED.format(icon=self.square, note=cell["note"], word=missing)
        when = escape(period(cell["period"]))
        hole = HOLE.format(url=url, icon=self.square, note=cell["note"], word=plan, unit=unit, period=when)
        if not self.selectable:
            return hole
        return TICK.format(key=escape(cell["key"]), word=select, unit=unit, period=when, hole=hole)
