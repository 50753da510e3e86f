"""Forms of what becomes of a promise: progress, a new day, closing, dispute, routing; filters of the lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from calendars.forms.fields import DayField
from territories.models import Organisation

from ..models import CLOSED_STATES, OPEN_STATES, ClosingKind, IssueState, ItemState, Level, PlanItem
from ..models import ProgressKind as Kind
from ..views.page import VersionForm
from .plans import text

#: Files of one step.
MOST_FILES = 10
FILES_HELP = gettext_lazy(
    "PDF, PNG, JPEG or Word, up to 15 MB each. Place, time and owner are taken out of photographs."
)


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; cleans to a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=SeveralFiles, required=False, max_length=200, help_text=FILES_HELP, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        many = data if isinstance(data, list | tuple) else [data] if data else []
        if len(many) > MOST_FILES:
            raise ValidationError(_("Choose at most %(most)s files.") % {"most": MOST_FILES})
        return [super(FilesField, self).clean(one, initial) for one in many if one]


class ProgressForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What is it"), choices=Kind.choices, widget=forms.RadioSelect)
    on = DayField(label=gettext_lazy("Day"))
    text = forms.CharField(
        label=gettext_lazy("What was done"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("“Explained” is for what cannot be done and was told to the people; it is not “done”."),
    )  # fmt: skip
    files = FilesField(label=gettext_lazy("Files and photographs of the proof"))  # type: ignore[assignment]


class NewDayForm(forms.Form):
    to = DayField(label=gettext_lazy("New day"))
    reason = text(gettext_lazy("Why the day cannot be kept"), "", required=True, most=2000)


class DecisionForm(forms.Form):
    decision = text(gettext_lazy("Words of the decision"), "", most=2000)

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].required = needed


class CloseForm(VersionForm):
    kind = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=ClosingKind.choices, widget=forms.RadioSelect)
    on = DayField(label=gettext_lazy("Day"))
    text_kk = text(gettext_lazy("How it ended, in Kazakh"), "kk")
    text_ru = text(gettext_lazy("How it ended, in Russian"), "ru")
    files = FilesField(label=gettext_lazy("Proof"))  # type: ignore[assignment]


class ShowForm(VersionForm):
    """May everybody read a step of the progress?"""

    public = forms.BooleanField(label=gettext_lazy("Everybody reads this step"), required=False)


class DisputeForm(forms.Form):
    text = text(gettext_lazy("What is not solved"), "", required=True)


class BodyChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Organisation) -> str:  # type: ignore[override]
        return obj.name()


class RouteForm(forms.Form):
    organisation = BodyChoice(label=gettext_lazy("To whom"), queryset=Organisation.objects.none())
    proposal_kk = text(gettext_lazy("Proposal in Kazakh"), "kk")
    proposal_ru = text(gettext_lazy("Proposal in Russian"), "ru")
    sent_on = DayField(label=gettext_lazy("Sent on"))
    letter_number = forms.CharField(label=gettext_lazy("Number of the letter"), max_length=60, required=False)

    def __init__(self, *args: Any, bodies: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = bodies  # type: ignore[attr-defined]


class AnswerForm(VersionForm):
    on = DayField(label=gettext_lazy("Day of the answer"))
    number = forms.CharField(label=gettext_lazy("Number of the answer"), max_length=60, required=False)
    answer_kk = text(gettext_lazy("Answer in Kazakh"), "kk", most=5000)
    answer_ru = text(gettext_lazy("Answer in Russian"), "ru", most=5000)
    returned = forms.BooleanField(label=gettext_lazy("The body returns the issue as not its own"), required=False)
    file = forms.FileField(label=gettext_lazy("The letter (PDF, Word or photograph)"), required=False, max_length=200)


class CourseForm(forms.Form):
    on = DayField(label=gettext_lazy("Day"))
    way_kk = text(gettext_lazy("Way of solution in Kazakh"), "kk")
    way_ru = text(gettext_lazy("Way of solution in Russian"), "ru")
    course_kk = text(gettext_lazy("Course in Kazakh"), "kk")
    course_ru = text(gettext_lazy("Course in Russian"), "ru")


ANY = ("", pgettext_lazy("filter", "any"))
OPEN, CLOSED, LATE = "open", "closed", "late"


class IssueFilters(forms.Form):
    """What the list of issues is narrowed by; a wrong value narrows nothing."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False,
        choices=[ANY, (OPEN, pgettext_lazy("filter", "open")), (CLOSED, pgettext_lazy("filter", "closed")),
                 *IssueState.choices],
    )  # fmt: skip
    when = forms.ChoiceField(
        label=gettext_lazy("Promised day"), required=False,
        choices=[ANY, (LATE, pgettext_lazy("filter", "past its day")), ("week", pgettext_lazy("filter", "this week")),
                 ("none", pgettext_lazy("filter", "no day yet")), ("slip", pgettext_lazy("filter", "put off"))],
    )  # fmt: skip
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False, choices=[ANY, *Level.choices])
    executor = forms.CharField(label=gettext_lazy("Executor"), required=False, max_length=100)
    q = forms.CharField(label=gettext_lazy("Number or words"), required=False, max_length=100)

    def __init__(self, *args: Any, topics: list[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = topics  # type: ignore[attr-defined]

    def narrow(self, rows: Any, today: Any, week_end: Any) -> Any:
        """The rows that fit what was chosen."""
        self.is_valid()
        data = self.cleaned_data
        state = data.get("state")
        if state == OPEN:
            rows = rows.filter(state__in=OPEN_STATES)
        elif state == CLOSED:
            rows = rows.filter(state__in=CLOSED_STATES)
        elif state:
            rows = rows.filter(state=state)
        rows = {
            LATE: lambda: rows.past_their_day(today),
            "week": lambda: rows.open().filter(due_on__gte=today, due_on__lte=week_end),
            "none": lambda: rows.open().filter(due_on=None),
            "slip": lambda: rows.filter(slips__gt=0),
        }.get(data.get("when") or "", lambda: rows)()
        if data.get("topic"):
            rows = rows.filter(topic=int(data["topic"]))
        if data.get("level"):
            rows = rows.filter(level=data["level"])
        if data.get("executor"):
            named = PlanItem.objects.exclude(state__in=(ItemState.DRAFT, ItemState.DROPPED)).filter(
                Q(organisation__icontains=data["executor"]) | Q(post__icontains=data["executor"])
            )
            rows = rows.filter(pk__in=named.values("issue"))
        return self.by_words(rows, data.get("q") or "")

    def by_words(self, rows: Any, words: str) -> Any:
        year, dash, number = words.strip().partition("-")
        if dash and year.isascii() and year.isdigit() and number.isascii() and number.isdigit() and len(words) < 15:
            return rows.filter(year=int(year) % 10000, number=int(number))
        from ..similar import fold

        for word in fold(words).split()[:6]:
            rows = rows.filter(folded__contains=word)
        return rows


class ItemFilters(forms.Form):
    """Items: what is owed, what is late, what was reported, what ended."""

    show = forms.ChoiceField(
        label=gettext_lazy("Show"), required=False,
        choices=[("", pgettext_lazy("items", "what is owed")), (LATE, pgettext_lazy("items", "past its day")),
                 ("reported", pgettext_lazy("items", "reported, to be confirmed")),
                 ("asked", pgettext_lazy("items", "a new day is asked for")),
                 ("ended", pgettext_lazy("items", "finished")), ("all", pgettext_lazy("items", "all"))],
    )  # fmt: skip
    executor = forms.CharField(label=gettext_lazy("Executor"), required=False, max_length=100)

    def narrow(self, rows: Any, today: Any) -> Any:
        self.is_valid()
        data = self.cleaned_data
        show = data.get("show") or ""
        rows = {
            "": lambda: rows.owed(),
            LATE: lambda: rows.owed().filter(due_on__lt=today),
            "reported": lambda: rows.filter(state=ItemState.REPORTED),
            "asked": lambda: rows.filter(due_changes__state="asked"),
            "ended": lambda: rows.filter(state__in=(ItemState.DONE, ItemState.EXPLAINED)),
            "all": lambda: rows,
        }[show]()
        if data.get("executor"):
            rows = rows.filter(Q(organisation__icontains=data["executor"]) | Q(post__icontains=data["executor"]))
        return rows
