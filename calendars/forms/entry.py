"""The form of one meeting, for quick entry and for editing."""

from __future__ import annotations

import json
import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from territories.models import Territory

from ..models import Broadcast, Calendar, Format, Meeting
from ..models.meeting import Languages
from .fields import DayField, HourField, UnitField, has_words, one_line

#: How many further akims one meeting may serve; more is a slip.
MOST_PAIRS = 20
PAIR = re.compile(r"(\d{1,18})>(\d{1,18})")


class MeetingForm(forms.Form):
    """What a person fills in of a meeting. Walls of the act are asked later, by the pipeline."""

    holder = UnitField(label=gettext_lazy("Akim of"))
    place = UnitField(label=gettext_lazy("Place of the meeting"))
    date = DayField(label=gettext_lazy("Date"))
    time = HourField(label=gettext_lazy("Time"), required=False)
    address = forms.CharField(label=gettext_lazy("Hall and address"), max_length=300, required=False)
    planned_minutes = forms.IntegerField(label=gettext_lazy("Planned minutes"), initial=120)
    report_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of the report"),
        initial=30,
        min_value=0,
        help_text=gettext_lazy("At most a quarter."),
    )
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=Format.choices, initial=Format.IN_PERSON)
    languages = forms.ChoiceField(label=gettext_lazy("Languages"), choices=Languages.choices, initial=Languages.BOTH)
    broadcast = forms.ChoiceField(
        label=pgettext_lazy("of a meeting", "Broadcast"), choices=Broadcast.choices, initial=Broadcast.LATER
    )
    broadcast_note = forms.CharField(
        label=gettext_lazy("Address of the broadcast or reason"), max_length=300, required=False
    )
    remarks = forms.CharField(
        label=gettext_lazy("Remarks"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    off_calendar = forms.BooleanField(label=gettext_lazy("Outside the calendar"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8000)

    def __init__(
        self,
        *args: Any,
        calendar: Calendar,
        holders: Any,
        places: Any,
        meeting: Meeting | None = None,
        search_url: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.calendar, self.meeting = calendar, meeting
        for name, units in (("holder", holders), ("place", places)):
            field = self.fields[name]
            field.units = units
            field.widget.url = f"{search_url}&for={name}"
        self.fields["place"].widget.depends = "holder"
        self.fields["date"].widget.attrs |= {
            "min": f"{calendar.year}-01-01",
            "max": f"{calendar.year}-12-31",
        }
        self.fields["planned_minutes"].widget.attrs |= {"min": 1, "max": 720, "step": 5}
        self.fields["report_minutes"].widget.attrs |= {"step": 5}

    def clean_address(self) -> str:
        text = one_line(self.cleaned_data["address"])
        if text and not has_words(text):
            raise forms.ValidationError(_("Write the hall and the street in words, or leave it empty."))
        return text

    def clean_broadcast_note(self) -> str:
        return one_line(self.cleaned_data["broadcast_note"])

    @property
    def values(self) -> dict[str, Any]:
        """Clean values by the names of the columns."""
        data = self.cleaned_data
        names = [
            "address",
            "date",
            "time",
            "planned_minutes",
            "report_minutes",
            "format",
            "broadcast",
            "broadcast_note",
            "languages",
            "remarks",
            "off_calendar",
        ]
        return {"holder_id": data["holder"].pk, "place_id": data["place"].pk} | {n: data[n] for n in names}

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Further pairs (akim, unit) that the meeting serves besides the one of its place."""
        given = self.data.getlist("pair") if hasattr(self.data, "getlist") else self.data.get("pair", [])
        found = [PAIR.fullmatch(text) for text in given[:MOST_PAIRS]]
        return sorted({(int(m[1]), int(m[2])) for m in found if m})

    @property
    def seen_values(self) -> dict[str, Any]:
        """The row as it stood when the form was opened, as plain values; empty if unknown."""
        try:
            seen = json.loads(self.data.get("seen") or "{}")
        except ValueError:
            return {}
        return seen if isinstance(seen, dict) else {}


def initial_of(meeting: Meeting) -> dict[str, Any]:
    """Values of a stored row for the form; `holder` and `place` must be loaded."""
    names = [name for name in MeetingForm.base_fields if name not in ("version", "seen")]
    return {name: getattr(meeting, name) for name in names} | {"version": meeting.version}


def belongs(units: dict[int, Territory], pairs: list[tuple[int, int]]) -> bool:
    """Are all units of the pairs known?"""
    return all(holder in units and target in units for holder, target in pairs)
