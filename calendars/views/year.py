"""The year: twelve small months, each day as dark as it is full."""

from __future__ import annotations

import calendar as months
import datetime as dt

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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
    """One month: its name, its sum, its weeks of (day, count, shade, off, today)."""
    now = today()
    weeks = []
    for week in months.Calendar().monthdatescalendar(about.year, month):
        days = []
        for day in week:
            if day.month != month:
                days.append(None)
                continue
            count = per_day.get(day, 0)
            days.append(
                {
                    "day": day.day,
                    "iso": day.isoformat(),
                    "count": count,
                    "label": day_month(day),
                    "shade": -(-count * SHADES // fullest) if fullest else 0,
                    "off": day_off(day),
                    "today": day == now,
                }
            )
        weeks.append(days)
    return {
        "name": month_name(month).capitalize(),
        "url": about.url("month", month),
        "count": sum(count for day, count in per_day.items() if day.month == month),
        "weeks": weeks,
    }
