"""The frame around every staff page, made of pieces that are drawn once and kept.

A piece is kept by all that its words depend on, so that it needs no clearing: the language, and the
values that went in. What depends on a person or on a row is never kept here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from .look import draw_icon, plain

register = template.Library()


class ByLanguage(template.Node):
    """What stands between the tags, drawn once for each language of the process."""

    def __init__(self, inside: NodeList) -> None:
        self.nodelist = inside
        self.drawn: dict[str, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        language = get_language() or ""
        kept = self.drawn.get(language)
        if kept is None:
            # An empty context: a piece that reads a variable shows nothing, rather than one person's value to all.
            bare = template.Context(autoescape=context.autoescape)
            bare.template = context.template
            assert context.template is not None
            with bare.render_context.push_state(context.template):
                kept = self.drawn[language] = self.nodelist.render(bare)
        return kept


@register.tag
def by_language(parser: Parser, _token: Token) -> ByLanguage:
    """`{% by_language %} … {% endby_language %}`: words and icons that depend on nothing but the language."""
    inside = parser.parse(("endby_language",))
    parser.delete_first_token()
    return ByLanguage(inside)


@lru_cache(maxsize=1024)
def _menu_line(url: str, label: str, icon: str, active: bool, key: str) -> SafeString:
    return format_html(
        '<li><a href="{}"{}{}>{}<span>{}</span></a></li>',
        url,
        SafeString(' aria-current="page"') if active else "",
        format_html(' data-key="{}"', key) if key else "",
        draw_icon(icon) if icon else "",
        label,
    )


#: So many entries that stand apart are worth a box; fewer stand in the line like all others.
WORTH_A_BOX = 3


@register.simple_tag
def menu_lines(entries: Iterable[dict[str, Any]]) -> SafeString:
    """The lines of the main menu: `url`, `label`, `icon`, `active` and `key` of each; those `apart` in a box."""
    entries = list(entries)
    apart = [entry for entry in entries if entry.get("apart")]
    if len(apart) < WORTH_A_BOX:
        return _lines(entries)
    box = format_html(
        '<li class="mainnav-more"><details class="menu menu-end"><summary{}>{}<span>{}</span>{}</summary>'
        '<div class="menu-box"><ul>{}</ul></div></details></li>',
        SafeString(' class="is-here"') if any(entry["active"] for entry in apart) else "",
        draw_icon("gear"),
        pgettext("menu", "Administration"),
        draw_icon("chevron-down", css="icon-small"),
        _lines(apart),
    )
    return _lines([entry for entry in entries if not entry.get("apart")]) + box


def _lines(entries: Iterable[dict[str, Any]]) -> SafeString:
    return SafeString(
        "".join(
            _menu_line(e["url"], plain(e["label"]), e.get("icon", ""), bool(e["active"]), e.get("key", ""))
            for e in entries
        )
    )


@register.simple_tag
def menu_here(entries: Iterable[dict[str, Any]]) -> str:
    """The label of the page's own line of the menu; empty for a page that has none."""
    return next((plain(entry["label"]) for entry in entries if entry["active"]), "")


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], chosen: Any = None) -> SafeString:
    """The `<option>` lines of a picker; `chosen` is a value, or something whose primary key is one."""
    wanted = {str(chosen), str(getattr(chosen, "pk", chosen))} if chosen is not None else {""}
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SafeString(" selected") if str(value) in wanted else "", label) for value, label in choices),
    )
