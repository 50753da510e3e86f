"""What the desk is asked with: a day, another year, a figure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from journal.dates import official_date

#: The decree is of this year; there was nothing to look at before.
FIRST_DAY = dt.date(2022, 3, 3)
#: How many years before and after the chosen one can stand beside it.
YEARS_APART = 4


class DayForm(forms.Form):
    """The day as of which the desk is shown; not later than today, since nobody knows tomorrow."""

    on = forms.DateField(label=_("As known on the day"), required=False)

    def __init__(self, *args: Any, today: dt.date, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].widget.attrs |= {"min": FIRST_DAY.isoformat(), "max": today.isoformat()}
        self.fields["on"].initial = today

    def clean_on(self) -> dt.date:
        day = self.cleaned_data["on"] or self.today
        if not FIRST_DAY <= day <= self.today:
            text = _("Choose a day from %(first)s to today, %(today)s. The page shows today.")
            days = {"first": official_date(FIRST_DAY), "today": official_date(self.today)}
            raise ValidationError(text % days)
        return day


class CompareForm(forms.Form):
    """Another year beside the chosen one, and the figure that is compared."""

    other = forms.TypedChoiceField(label=_("Beside the year"), coerce=int, empty_value=None, required=False)
    figure = forms.ChoiceField(label=_("Figure"), required=False)

    def __init__(self, *args: Any, year: int, figures: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near = [n for n in range(year - YEARS_APART, year + YEARS_APART + 1) if n >= FIRST_DAY.year and n != year]
        self.fields["other"].choices = [(n, str(n)) for n in near]
        self.fields["figure"].choices = figures
