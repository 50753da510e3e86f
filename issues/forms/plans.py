"""Forms of the action plan: an item, its end, the approval, the money."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from calendars.forms.fields import DayField
from territories.models import Post, Role, Territory

from ..models import FinancingOutcome, Issue
from ..views.page import VersionForm

NO_DAY = gettext_lazy("Give a concrete day; “as far as possible” is no day.")


class ConcreteDay(DayField):
    """A day; words in its place are answered with the rule of the decree (826-3.5.c4)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages |= {"invalid": NO_DAY, "required": NO_DAY}


class IssueChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Issue) -> str:  # type: ignore[override]
        return f"{obj}: {obj.text()[:120]}"


def executors_for(unit: Territory, today: dt.date) -> QuerySet[Post]:
    """Accounts of executors that the plan of a unit may name: of the unit, below it, or above it."""
    above = [int(part) for part in unit.path.split("/") if part]
    return (
        Post.objects.on(today)
        .filter(Q(territory__path__startswith=unit.path) | Q(territory__in=above), role=Role.EXECUTOR)
        .select_related("user", "territory", "organisation")
        .order_by("territory__path", "pk")
    )


class ExecutorChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Post) -> str:  # type: ignore[override]
        return f"{obj.title or obj.user.full_name}, {obj.place}"


def text(label: Any, lang: str, *, rows: int = 3, required: bool = False, most: int = 3000) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, widget=forms.Textarea(attrs={"rows": rows, "lang": lang})
    )


class ItemForm(VersionForm):
    """One measure: what, by what day, by whom."""

    measure_kk = text(gettext_lazy("Measure in Kazakh"), "kk")
    measure_ru = text(gettext_lazy("Measure in Russian"), "ru")
    due_on = ConcreteDay(label=gettext_lazy("Due"))
    organisation = forms.CharField(label=gettext_lazy("Organisation of the executor"), max_length=300)
    post = forms.CharField(label=gettext_lazy("Post of the executor"), max_length=200)
    executor = ExecutorChoice(
        label=gettext_lazy("Account of the executor"),
        queryset=Post.objects.none(),
        required=False,
        help_text=gettext_lazy("With an account the executor tells of the progress himself; it is never published."),
    )
    completion_kk = forms.CharField(
        label=gettext_lazy("Form of completion in Kazakh"), max_length=300, required=False,
        widget=forms.TextInput(attrs={"lang": "kk"}),
    )  # fmt: skip
    completion_ru = forms.CharField(
        label=gettext_lazy("Form of completion in Russian"), max_length=300, required=False,
        widget=forms.TextInput(attrs={"lang": "ru"}),
    )  # fmt: skip
    order = forms.IntegerField(
        label=gettext_lazy("Number in the plan"), min_value=1, max_value=9999, required=False,
        help_text=gettext_lazy("Empty: after the last one."),
    )  # fmt: skip

    def __init__(self, *args: Any, unit: Territory, today: dt.date, promised: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["executor"].queryset = executors_for(unit, today)  # type: ignore[attr-defined]
        if promised:
            self.fields["due_on"].disabled = True
            self.fields["due_on"].help_text = gettext_lazy(
                "The day was promised. A new one is asked for, and granted or refused."
            )


class DropForm(VersionForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ApproveForm(VersionForm):
    on = DayField(label=gettext_lazy("Approved on"))
    document = forms.CharField(
        label=gettext_lazy("Document (order number and date)"), max_length=200,
        help_text=gettext_lazy("By which order or resolution the plan was approved."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("What has changed and why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["reason"]


class FinancingForm(forms.Form):
    """What a session of the maslikhat decided on the money."""

    issues = IssueChoice(
        label=gettext_lazy("Issues that were considered"),
        queryset=Issue.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    session_number = forms.CharField(label=gettext_lazy("Number of the session"), max_length=60)
    session_date = DayField(label=gettext_lazy("Date of the session"))
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=FinancingOutcome.choices)
    decision = forms.CharField(
        label=gettext_lazy("Decision"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3})
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Sum, tenge"), max_digits=16, decimal_places=2, min_value=0, required=False
    )
    budget_year = forms.IntegerField(label=gettext_lazy("Budget year"), min_value=2022, max_value=2100, required=False)
    file = forms.FileField(label=gettext_lazy("The decision (PDF, Word or photograph)"), required=False, max_length=200)

    def __init__(self, *args: Any, issues: QuerySet[Issue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issues"].queryset = issues  # type: ignore[attr-defined]
