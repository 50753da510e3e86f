"""The living page of the design system: every component with made-up data. Only when DEBUG is on."""

import calendar
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from akim_meetings.templatetags.look import KINDS, STATES
from journal import dates

TODAY = date(2027, 1, 14)
WORDS = Path(__file__).with_name("styleguide_words.toml")
CHIP_STATES = ["planned", "announced", "held", "moved", "planned", "cancelled", "draft"]


class SamplePerson:
    """Enough of a user for the menu under the name."""

    is_authenticated = True
    full_name = "Дана Серікова"


def sample_form(words: dict[str, str], data: dict[str, Any] | None = None) -> forms.Form:
    """A form with every kind of field."""

    class SampleForm(forms.Form):
        day = forms.DateField(label=words["f_day"])
        begins = forms.TimeField(label=words["f_time"])
        place = forms.CharField(label=words["f_place"], max_length=200)
        holder = forms.ChoiceField(
            label=words["f_holder"], choices=[(1, words["okrug_akim"]), (2, words["raion_akim"])]
        )
        minutes = forms.IntegerField(label=words["f_minutes"], help_text=words["f_help"], min_value=1, initial=120)
        kind = forms.ChoiceField(
            label=words["f_format"],
            choices=[("offsite", words["f_offsite"]), ("office", words["f_office"])],
            widget=forms.RadioSelect,
            initial="offsite",
        )
        languages = forms.MultipleChoiceField(
            label=words["f_langs"],
            choices=[("kk", "қазақша"), ("ru", "русский")],
            widget=forms.CheckboxSelectMultiple,
            initial=["kk"],
        )
        scan = forms.FileField(label=words["f_file"], required=False)
        broadcast = forms.BooleanField(label=words["f_broadcast"], required=False)
        remark = forms.CharField(label=words["f_remark"], required=False, widget=forms.Textarea(attrs={"rows": 3}))

        def clean_day(self) -> date:
            value: date = self.cleaned_data["day"]
            if value.weekday() >= 5:
                raise forms.ValidationError(words["e_day"])
            return value

    return SampleForm(data, auto_id=f"{'wrong' if data is not None else 'clean'}_%s")


def month_weeks(places: list[str]) -> list[list[dict[str, Any]]]:
    """January 2027 with some meetings in it."""
    weeks = []
    for week in calendar.Calendar().monthdatescalendar(2027, 1):
        days = []
        for on in week:
            count = (on.day * 7) % 4 if on.month == 1 and on.weekday() < 5 else 0
            chips = [
                {
                    "time": f"{10 + i * 2}:00",
                    "place": places[(on.day + i) % len(places)],
                    "state": CHIP_STATES[(on.day + i) % len(CHIP_STATES)],
                }
                for i in range(count)
            ]
            days.append(
                {"on": on, "out": on.month != 1, "off": on.weekday() >= 5 or on == date(2027, 1, 7), "chips": chips}
            )
        weeks.append(days)
    return weeks


def year_months() -> list[dict[str, Any]]:
    """Twelve small months with an even spread of load."""
    return [
        {
            "month": month,
            "count": 160 + month,
            "weeks": [
                [
                    {"on": on, "in": on.month == month, "load": 0 if on.weekday() > 4 else (on.day * month) % 5}
                    for on in week
                ]
                for week in calendar.Calendar().monthdatescalendar(2027, month)
            ],
        }
        for month in range(1, 13)
    ]


def icon_names() -> list[str]:
    """Every symbol of the sprite."""
    sprite = finders.find("icons.svg")
    with open(str(sprite), encoding="utf-8") as file:
        return [piece.split('"', 1)[0] for piece in file.read().split('<symbol id="')[1:]]


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page, in the reader's language."""
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))[dates.language()]
    places = words["places"]
    menu = [
        ("today", "house", "g t"),
        ("calendar", "calendar3", "g c"),
        ("meetings", "people", "g m"),
        ("issues", "chat-left-text", "g i"),
        ("reports", "file-earmark-text", "g r"),
        ("units", "diagram-3", "g u"),
        ("act", "book", "g a"),
    ]
    rows = [
        {
            "day": TODAY + timedelta(days=i),
            "place": places[i % len(places)],
            "who": words["okrug_akim"],
            "state": CHIP_STATES[i % len(CHIP_STATES)],
            "people": (i * 137) % 400 if i % 3 == 0 else None,
        }
        for i in range(8)
    ]
    context = {
        "w": words,
        "user": SamplePerson(),
        "current_post": words["unit"],
        "user_links": [{"url": "#account", "label": words["units"], "icon": "gear"}],
        "today": TODAY,
        "nav": [
            {"url": f"#{name}", "label": words[name], "icon": icon, "active": name == "calendar", "key": key}
            for name, icon, key in menu
        ],
        "current_unit": words["unit"],
        "unit_choices": [(words["unit"], words["unit"])] + [(name, name) for name in places],
        "year_choices": [(year, year) for year in (2026, 2027, 2028)],
        "current_year": 2027,
        "unread_count": 4,
        "search_url": "#search",
        "notices_url": "#notices",
        "messages": [Message(constants.SUCCESS, words["ok"]), Message(constants.WARNING, words["warn"])],
        "states": [(value, kind) for value, (kind, _icon) in STATES.items()],
        "kinds": list(KINDS),
        "icons": icon_names(),
        "rows": rows,
        "page": Paginator(range(2005), 50).page(3),
        "places": places,
        "weeks": month_weeks(places),
        "months": year_months(),
        "year_days": {
            "yesterday": TODAY - timedelta(days=1),
            "late": TODAY - timedelta(days=12),
            "soon": TODAY + timedelta(days=6),
            "far": TODAY + timedelta(days=154),
            "calendar": date(2027, 1, 14),
        },
        "steps": [
            {"name": words["draft"], "note": dates.short_date(date(2026, 12, 1)), "state": "done"},
            {"name": words["approved"], "note": "№ 12, 11.01.2027", "state": "done"},
            {"name": words["notified"], "note": "12.01.2027", "state": "now"},
            {"name": words["submitted"], "note": "", "state": "next"},
            {"name": words["accepted"], "note": "", "state": "next"},
        ],
        "why_steps": [words["step1"], words["step2"], words["step3"]],
        "stack": [(1874, "info", words["planned"]), (41, "success", words["held"]), (90, "danger", words["missing"])],
        "tabs": [
            {"url": "#a", "label": words["calendar"], "active": True, "count": 2005},
            {"url": "#b", "label": words["coverage"], "active": False, "count": None},
        ],
        "clean_form": sample_form(words),
        "wrong_form": sample_form(words, {"day": "2027-01-16", "begins": "10:00", "holder": "1"}),
        "job": {"pk": 1, "title": words["import"], "done": 1240, "total": 2005, "message": words["row"]},
    }
    return render(request, "styleguide.html", context)
