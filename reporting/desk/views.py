"""The desk: one page for the nation, an oblast or a raion, as known on any day; two years side by side; an office."""

from __future__ import annotations

import datetime as dt
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from calendars import rules as calendar_rules
from calendars.drawn import shared_page
from calendars.tiles import arranged
from journal import dates
from territories.models import Territory
from territories.scope import Who, today

from .. import rules
from ..summaries.calendars import PUNCTUALITY
from ..summaries.kinds import kinds_for
from . import charts, office, questions
from .changes import NOT_KEPT
from .figures import has_rows_below, members, series
from .forms import CompareForm, DayForm
from .rows import Desk, Row, desk

PER_PAGE = 50


def for_readers(view):
    """For posts that read a desk; others are told so."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.reads_a_desk(request.who):
            raise PermissionDenied(_("The desk is for the Government, the Administration and staff of akimats."))
        return view(request, *args, **kwargs)

    return require_safe(shown)


def chosen_day(request: HttpRequest) -> tuple[DayForm, dt.date]:
    """The day as of which the desk is asked, today if none or a wrong one is given; the form says what is wrong."""
    form = DayForm(request.GET if "on" in request.GET else None, today=today(), year=request.year)
    valid = form.is_bound and form.is_valid()
    return form, (form.cleaned_data["on"] if valid else None) or today()


def question_of(request: HttpRequest, of_regions: bool) -> str:
    known = questions.asked(of_regions)
    code = request.GET.get("ask", "")
    return code if code in known else known[0]


@for_readers
def national(request: HttpRequest) -> HttpResponse:
    """What each region, raion or office owes and has done, on a day; a click leads one level down."""
    unit = request.unit
    _form, day = chosen_day(request)
    if unit is not None and not has_rows_below(unit, max(day, dt.date(request.year, 1, 1))):
        return redirect(address("reporting:office", unit=unit.pk, year=request.year, on=on(day)))
    return shared_page(request, "reporting/desk.html", lambda: of_desk(request))


def of_desk(request: HttpRequest) -> dict[str, Any]:
    """What the desk shows: the same to every reader of one scope."""
    unit = request.unit
    form, day = chosen_day(request)
    found = desk(unit, request.year, day, request.who)
    question = question_of(request, found.is_nation)
    answers = {row.unit.pk: questions.answer(row, question) for row in found.rows if not row.member.own}
    by_unit = {row.unit.pk: row for row in found.rows if not row.member.own}
    units = [row.unit for row in found.rows if not row.member.own]
    placed = arranged(units) if found.is_nation else units
    return {
        "desk": found,
        "form": form,
        "day": day,
        "past": day != today(),
        "title": title(unit, request.year),
        "questions": [
            {"code": code, "words": questions.words(code), "active": code == question}
            for code in questions.asked(found.is_nation)
        ],
        "question": question,
        "question_words": questions.words(question),
        "explained": questions.explained(question),
        "squares": [
            None if place is None else square(request, by_unit[place.pk], answers[place.pk], day) for place in placed
        ],
        "rows": [(row, link(request, row, day)) for row in found.rows],
        "bars": [(row, questions.answer(row, question), questions.parts(row, question)) for row in found.rows],
        "whole": found.whole,
        "totals": of_calendars(found),
        "punctuality": {code: PUNCTUALITY[code] for code in PUNCTUALITIES},
        "above": above(request, unit, day),
        "not_kept": NOT_KEPT,
        "excel": excel(request.who, SUMMARIES[question]),
        "good": questions.GOOD,
        "fair": questions.FAIR,
        "carried": {"on": on(day)},
    }


#: Which summary in Excel tells more of a question.
SUMMARIES = {
    "sent": "coverage",
    "coverage": "coverage",
    "announce": "discipline",
    "publish": "discipline",
    "past": "issues",
    "quarter": "progress",
}


def excel(who: Who, code: str) -> str:
    """The code of a summary that the post may take out, else nothing."""
    return code if code in {kind.code for kind in kinds_for(who)} else ""


PUNCTUALITIES = ("met", "met_contested", "open", "contested", "breach")


def title(unit: Territory | None, year: int) -> str:
    if unit is None:
        return _("All regions, %(year)s") % {"year": year}
    return _("%(unit)s, %(year)s") % {"unit": unit.name(), "year": year}


def on(day: dt.date) -> str:
    """A day for an address; nothing for today, so that a link of today stays one of each day."""
    return "" if day == today() else day.isoformat()


def address(name: str, **query: Any) -> str:
    said = {key: value for key, value in query.items() if value not in ("", None)}
    return f"{reverse(name)}?{urlencode(said)}"


def link(request: HttpRequest, row: Row, day: dt.date) -> str:
    """One level down: the desk of what has offices below it, else the office itself."""
    name = "reporting:desk" if row.member.opens and not row.member.own else "reporting:office"
    ask = request.GET.get("ask", "") if name == "reporting:desk" else ""
    return address(name, unit=row.unit.pk, year=request.year, on=on(day), ask=ask)


def square(request: HttpRequest, row: Row, answer: questions.Answer, day: dt.date) -> dict[str, Any]:
    return {"row": row, "answer": answer, "url": link(request, row, day)}


def above(request: HttpRequest, unit: Territory | None, day: dt.date) -> list[tuple[str, str]]:
    """The desks above a unit that the reader may open, from the top, as links; one query."""
    if unit is None:
        return []
    found = []
    if request.who.is_national:
        found.append((_("All regions"), f"{reverse('reporting:desk')}?{urlencode(whole_country(request, day))}"))
    chain = [int(part) for part in unit.path.split("/") if part][:-1]
    rows = Territory.objects.filter(request.who.under("path"), pk__in=chain, own_akim=True)
    for parent in sorted(rows, key=lambda row: len(row.path)):
        found.append((parent.name(), address("reporting:desk", unit=parent.pk, year=request.year, on=on(day))))
    return found


def whole_country(request: HttpRequest, day: dt.date) -> dict[str, Any]:
    """An empty unit chooses the whole country again."""
    return {"unit": "", "year": request.year} | ({"on": on(day)} if on(day) else {})


def of_calendars(found: Desk) -> dict[str, int]:
    """How many calendars were received, accepted, late and contested."""
    rows = [row.calendar for row in found.rows if row.calendar is not None]
    return {
        "regions": len(rows),
        "received": sum(1 for row in rows if row.submission_id),
        "accepted": sum(1 for row in rows if row.state == "accepted"),
        "late": sum(1 for row in rows if row.punctuality == "breach"),
        "contested": sum(1 for row in rows if row.punctuality in ("contested", "met_contested")),
        "remarks": sum(row.remarks_open for row in rows),
    }


# -- Two years ------------------------------------------------------------------------------------
#: What is compared: the code of a figure and whether it is a share of what is due.
COMPARED = ("held", "announce", "publish", "quarter", "raised", "open", "past", "done", "slipped", "duty_late")


def compared_words(code: str) -> str:
    return {
        "held": pgettext("compared figure", "Meetings held"),
        "announce": pgettext("compared figure", "Announced in time, %"),
        "publish": pgettext("compared figure", "Published in time, %"),
        "quarter": pgettext("compared figure", "Quarterly information in time, %"),
        "raised": pgettext("compared figure", "Issues raised"),
        "open": pgettext("compared figure", "Open issues"),
        "past": pgettext("compared figure", "Issues past their day"),
        "done": pgettext("compared figure", "Issues done"),
        "slipped": pgettext("compared figure", "Issues put off"),
        "duty_late": pgettext("compared figure", "Duties late"),
    }[code]


@for_readers
def compare(request: HttpRequest) -> HttpResponse:
    """Two years side by side on the same day of the year, unit by unit, and month by month for all of them."""
    return shared_page(request, "reporting/compare.html", lambda: of_two_years(request))


def of_two_years(request: HttpRequest) -> dict[str, Any]:
    """What the page of two years shows: the same to every reader of one scope."""
    unit, year = request.unit, request.year
    asked = {"other": request.GET.get("other") or year - 1, "figure": request.GET.get("figure") or COMPARED[0]}
    form = CompareForm(asked, year=year, figures=[(code, compared_words(code)) for code in COMPARED])
    form.full_clean()
    other = form.cleaned_data.get("other") or year - 1
    code = form.cleaned_data.get("figure") or COMPARED[0]
    day = min(today(), dt.date(year, 12, 31))
    then = same_day(day, other - year)
    ours, theirs = desk(unit, year, day, request.who), desk(unit, other, then, request.who)
    before = {(row.unit.pk, row.member.own): row for row in theirs.rows}
    rows = []
    for row in ours.rows:
        pair = before.get((row.unit.pk, row.member.own))
        rows.append((row, value(row, code), value(pair, code) if pair else None))
    return {
        "title": title(unit, year),
        "desk": ours,
        "form": form,
        "year": year,
        "other": other,
        "day": day,
        "then": then,
        "figure": compared_words(code),
        "share": code in SHARES,
        "rows": [(row, a, b, a - b if a is not None and b is not None else None) for row, a, b in rows],
        "whole": (value(ours.whole, code), value(theirs.whole, code)),
        "chart": chart(unit, (year, day), (other, dt.date(other, 12, 31)), code),
        "above": above(request, unit, today()),
    }


SHARES = ("announce", "publish", "quarter")


def same_day(day: dt.date, years: int) -> dt.date:
    """The same day some years away; 28 February for a day that the year does not have."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def value(row: Row, code: str) -> int | None:
    """A figure of a row, shares in whole percents; None where it is not known or nothing was due."""
    if code in SHARES:
        found = row.in_time(code)
        return found[0] * 100 // found[1] if found and found[1] else None
    if code == "duty_late" and not row.watched:
        return None
    return int(getattr(row.figures, code))


def chart(unit: Territory | None, ours: tuple[int, dt.date], theirs: tuple[int, dt.date], code: str) -> Any:
    """The figure at the end of each month of both years, all rows together."""
    drawn = []
    for place, (year, until) in enumerate((ours, theirs)):
        ends = [month_end(year, month) for month in range(1, 13)]
        chosen = members(unit, dt.date(year, 1, 1))
        known = [min(end, until) for end in ends if end.replace(day=1) <= until]
        found = series(chosen, year, known) if known else []
        values = [value(Row(chosen[0], None, None, None, figures), code) for figures in found] if chosen else []
        drawn.append(charts.Line(f"{year}", [*values, *[None] * (12 - len(values))], broken=bool(place)))
    months = [dates.month_name(month)[:3] for month in range(1, 13)]
    return charts.lines(compared_words(code), months, drawn)


def month_end(year: int, month: int) -> dt.date:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


# -- One office -----------------------------------------------------------------------------------
@for_readers
def one_office(request: HttpRequest) -> HttpResponse:
    """The meetings and issues of one office, as known on a day."""
    unit = request.unit
    if unit is None:
        return redirect(f"{reverse('reporting:desk')}?{urlencode(whole_country(request, today()))}")
    form, day = chosen_day(request)
    meetings = Paginator(office.meetings(unit, request.year, day, request.who), PER_PAGE)
    page = meetings.get_page(request.GET.get("page"))
    issues = Paginator(office.issues(unit, request.year, day, request.who), PER_PAGE)
    issue_page = issues.get_page(request.GET.get("issues"))
    inside = calendar_rules.reads_rows(request.who)
    context = {
        "title": title(unit, request.year),
        "unit": unit,
        "form": form,
        "day": day,
        "past": day != today(),
        "page": page,
        "meetings": office.shown(page.object_list, request.year, day, unit),
        "issue_page": issue_page,
        "issues": [(row, issue_link(row, inside), closed_by(row, day)) for row in issue_page.object_list],
        "inside": inside,
        "above": above(request, unit, day),
        "carried": {"on": on(day)},
    }
    return render(request, "reporting/office.html", context)


def issue_link(issue: Any, inside: bool) -> str:
    """Staff go to the working page, readers of the nation to the public one."""
    if inside:
        return reverse("issues:issue", args=[issue.pk])
    return reverse("public:issue", args=[issue.code])


def closed_by(issue: Any, day: dt.date) -> bool:
    return issue.closed_on is not None and issue.closed_on <= day
