"""Chips of the month. A month holds some two hundred of them, so each is one format, not a template of tags."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

CHIP = (
    '<li><a class="chip chip-{kind}" id="m{pk}" href="{url}?{query}" hx-get="{url}?{query}" hx-target="#panel-body"'
    '{drag} title="{word}: {place}{of}"><svg class="icon" aria-hidden="true" focusable="false"><use href="{icon}">'
    '</use></svg><span class="visually-hidden">{word}: </span>{time}<span class="chip-place">{place}</span>{who}'
    "</a></li>"
)


def drawn(rows: Iterable[dict[str, Any]], query: str, *, movable: bool) -> SafeString:
    """The chips of a day as HTML. `query` names unit and year; `movable` chips can be dragged."""
    sprite = static("icons.svg")
    safe_query = conditional_escape(query)
    return mark_safe("".join(one(row, sprite, safe_query, movable) for row in rows))  # noqa: S308


def one(row: dict[str, Any], sprite: str, query: str, movable: bool) -> SafeString:
    url = row["url"]
    drag = f' draggable="true" data-move-url="{url}move/?{query}" data-move-target="#dialog-body"' if movable else ""
    of, who = "", SafeString("")
    if not row["own"]:
        of = f" · {row['holder_name']}"
        who = format_html('<span class="chip-who">{}</span>', row["holder_name"])
    time = f'<span class="chip-time">{row["time"]:%H:%M}</span>' if row["time"] else ""
    return format_html(
        CHIP,
        kind=row["chip"],
        pk=row["pk"],
        url=url,
        query=query,
        drag=mark_safe(drag),  # noqa: S308
        word=row["word"],
        place=row["place_name"],
        of=of,
        icon=f"{sprite}#{row['icon']}",
        time=mark_safe(time),  # noqa: S308
        who=who,
    )
