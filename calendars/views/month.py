"""The month as a table of days, and one day with all its meetings."""

from __future__ import annotations

import calendar as months
import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from journal.dates import long_date, month_name, weekday
from territories.scope import today

from . import chips
from . import rows as listed
from .chosen import Chosen, chosen, tabs
from .filters import filter_form, narrowed
from .workdays import day_off, reason_off

#: Chips that a day of the month shows before it offers the rest.
CHIPS_A_DAY = 6


@require_GET
def this_month(request: HttpRequest) -> HttpResponse:
    """The month that is now, in the chosen year; its first one in another year."""
    about = chosen(request)
    now = today()
    return redirect(about.url("month", now.month if now.year == about.year else 1))


@require_GET
@vary_on_headers("HX-Request")
def month(request: HttpRequest, month: int) -> HttpResponse:
    """A month's table; on a phone the same days as an agenda."""
    if not 1 <= month <= 12:
        raise Http404(_("There is no such month."))
    about = chosen(request)
    form = filter_form(request.GET, about, days=False)
    values = form.values
    meetings = narrowed(about.rows.filter(date__year=about.year, date__month=month), values)
    rows = listed.read(meetings.order_by("date", "time", "number"))
    context = {
        "about": about,
        "form": form,
        "filtered": bool(values),
        "month": month,
        "title": month_name(month).capitalize(),
        "weeks": weeks(about, month, rows),
        "count": len(rows),
        "before": about.url("month", month - 1) if month > 1 else "",
        "after": about.url("month", month + 1) if month < 12 else "",
        "choices": [(n, month_name(n).capitalize(), about.url("month", n)) for n in range(1, 13)],
        "tabs": tabs(about, "this_month"),
        "day_base": day_base(),
        "filter_tail": tail(values),
        "print_filters": urlencode({"since": f"{about.year}-{month:02}-01", "until": last_day(about.year, month)}),
    }
    piece = request.htmx and request.htmx.target == "calendar-body"
    return render(request, "calendars/_month.html" if piece else "calendars/month.html", context)


def day_base() -> str:
    """Address under which the days stand: chips are many, so it is looked up once."""
    return reverse("calendars:day", args=["2000-01-01"]).removesuffix("2000-01-01/")


def tail(values: dict[str, Any]) -> str:
    """The filters of this page for the addresses of its days."""
    return f"&{urlencode(values)}" if values else ""


def last_day(year: int, month: int) -> str:
    return f"{year}-{month:02}-{months.monthrange(year, month)[1]}"


def weeks(about: Chosen, month: int, rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Weeks of days for the table; days of the neighbouring months are there but empty."""
    days = listed.by_day(rows)
    now = today()
    return [
        [
            {
                "date": day,
                "iso": day.isoformat(),
                "out": day.month != month,
                "off": day_off(day),
                "today": day == now,
                "label": f"{long_date(day)}, {weekday(day)}",
                "short": weekday(day, short=True),
                "chips": chips.drawn(days.get(day, [])[:CHIPS_A_DAY], about.query, movable=about.may_enter),
                "rest": max(0, len(days.get(day, [])) - CHIPS_A_DAY),
                "count": len(days.get(day, [])),
            }
            for day in week
        ]
        for week in months.Calendar().monthdatescalendar(about.year, month)
    ]


@require_GET
@vary_on_headers("HX-Request")
def day(request: HttpRequest, day: dt.date) -> HttpResponse:
    """Every meeting of one day, with a button to add one; a panel of the month, or a page."""
    about = chosen(request)
    if day.year != about.year:
        raise Http404(_("The day lies outside the chosen year."))
    form = filter_form(request.GET, about, days=False)
    meetings = narrowed(about.rows.filter(date=day), form.values)
    context = {
        "about": about,
        "day": day,
        "off": reason_off(day),
        "rows": listed.read(meetings.order_by("time", "number")),
        "tabs": tabs(about, "this_month"),
        "filtered": bool(form.values),
    }
    return render(request, "calendars/_day.html" if request.htmx else "calendars/day.html", context)
