"""The year: twelve small months, each day as dark as it is full."""

from __future__ import annotations

import calendar as months
import datetime as dt

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from journal.dates import day_month, month_name, weekdays
from territories.scope import today

from ..coverage import region_totals, sum_up
from ..models import MeetingState
from .chosen import Chosen, chosen, tabs
from .filters import filter_form, narrowed
from .month import day_base
from .workdays import day_off

#: Darkness of a day by its share of the fullest day of the year.
SHADES = 4


@require_GET
def year(request: HttpRequest) -> HttpResponse:
    about = chosen(request)
    form = filter_form(request.GET, about, days=False)
    rows = narrowed(about.rows.exclude(state=MeetingState.CANCELLED), form.values)
    per_day = dict(rows.values_list("date").annotate(n=Count("pk")))
    fullest = max(per_day.values(), default=0)
    context = {
        "about": about,
        "form": form,
        "filtered": bool(form.values),
        "months": [small_month(about, month, per_day, fullest) for month in range(1, 13)],
        "weekdays": list(zip(weekdays(short=True), weekdays(), strict=True)),
        "count": sum(per_day.values()),
        "fullest": fullest,
        "shades": shades(fullest),
        "day_base": day_base(),
        "total": sum_up(region_totals(about.region, about.year, under=about.under)),
        "tabs": tabs(about, "year"),
    }
    return render(request, "calendars/year.html", context)


def shades(fullest: int) -> list[dict]:
    """The key: which counts a shade stands for; shades that no count reaches are left out."""
    found = []
    for number in range(1, SHADES + 1):
        first, last = (number - 1) * fullest // SHADES + 1, number * fullest // SHADES
        if first <= last:
            found.append({"number": number, "label": f"{first}–{last}" if first < last else str(first)})
    return found


def small_month(about: Chosen, month: int, per_day: dict[dt.date, int], fullest: int) -> dict:
    """One month: its name, its sum, its weeks as rows of a table."""
    now = today()
    base, query = day_base(), conditional_escape(about.query)
    weeks = [
        "".join(
            small_day(day, per_day.get(day, 0), fullest, now, base, query) if day.month == month else "<td></td>"
            for day in week
        )
        for week in months.Calendar().monthdatescalendar(about.year, month)
    ]
    return {
        "name": month_name(month).capitalize(),
        "url": about.url("month", month),
        "count": sum(count for day, count in per_day.items() if day.month == month),
        "weeks": mark_safe("".join(f"<tr>{week}</tr>" for week in weeks)),  # noqa: S308
    }


def small_day(day: dt.date, count: int, fullest: int, now: dt.date, base: str, query: str) -> str:
    """The cell of one day. There are 365 of them, so each is one format and not a template of tags."""
    shade = -(-count * SHADES // fullest) if fullest else 0
    kind = f"load-{shade}{' is-off' if day_off(day) else ''}{' is-today' if day == now else ''}"
    if not count:
        return f'<td class="{kind}">{day.day}</td>'
    address = f"{base}{day.isoformat()}/?{query}"
    return (
        f'<td class="{kind}"><a href="{address}" hx-get="{address}" hx-target="#panel-body"'
        f' title="{day_month(day)}: {count}">{day.day}<span class="visually-hidden">: {count}</span></a></td>'
    )
