"""The list for the printer: a whole year on one page. Its two thousand rows are one format each, not a template."""

from __future__ import annotations

import datetime as dt
from html import escape

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from journal.dates import month_name, weekday
from territories.scope import today

from ..wording import named
from .chosen import chosen
from .filters import filter_form, narrowed
from .rows import shown_state, state_word

MONTH = '<tr class="group-row"><th scope="rowgroup" colspan="7">{} {}</th></tr>'
ROW = "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>"


@require_GET
def print_(request: HttpRequest) -> HttpResponse:
    """All rows that fit the filters, for A4: no paging, no buttons, months as groups."""
    about = chosen(request)
    form = filter_form(request.GET, about)
    rows = list(
        narrowed(about.rows, form.values)
        .order_by("date", "time", "number")
        .values_list("date", "number", "time", named("holder"), named("place"), "address", "state", "announced_on")
    )
    context = {"about": about, "rows": drawn(rows), "count": len(rows), "printed": today()}
    return render(request, "calendars/print.html", context)


def drawn(rows: list[tuple]) -> SafeString:
    """The rows, in the order of their days, as HTML with months as groups; every text is escaped here."""
    found: list[str] = []
    words: dict[str, str] = {}
    last, day = dt.date.min, ""
    for date, number, time, holder, place, address, state, announced_on in rows:
        if date != last:
            day = escape(f"{date:%d.%m}, {weekday(date, short=True)}")
            if (date.year, date.month) != (last.year, last.month):
                found.append(MONTH.format(escape(month_name(date.month)), date.year))
            last = date
        shown = shown_state(state, announced_on)
        if shown not in words:
            words[shown] = escape(state_word(shown))
        hour = f"{time:%H:%M}" if time else ""
        found.append(ROW.format(number, day, hour, escape(holder), escape(place), escape(address), words[shown]))
    return mark_safe("".join(found))  # noqa: S308
