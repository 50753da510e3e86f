"""Small forms of the verbs: announce, hold, cancel, move, remark."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .fields import DayField, has_words


class VersionForm(forms.Form):
    """Carries the version of the row that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AnnounceForm(VersionForm):
    on = DayField(label=gettext_lazy("Announced on"))
    url = forms.URLField(
        label=gettext_lazy("Address of the announcement"), max_length=500, required=False, assume_scheme="https"
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, if it came late"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class HoldForm(VersionForm):
    on = DayField(label=gettext_lazy("Held on"))
    attendance = forms.IntegerField(
        label=gettext_lazy("People present"), min_value=0, max_value=200_000, required=False
    )


class ReasonForm(VersionForm):
    """A text that must say something."""

    def worded(self, name: str) -> str:
        text = self.cleaned_data[name].strip()
        if not has_words(text):
            raise forms.ValidationError(_("Write it in words."))
        return text


class CancelForm(ReasonForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason of the cancellation"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_reason(self) -> str:
        return self.worded("reason")


class RemarkForm(ReasonForm):
    remark = forms.CharField(
        label=gettext_lazy("What has to be changed"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_remark(self) -> str:
        return self.worded("remark")


class MoveForm(VersionForm):
    day = DayField(label=gettext_lazy("New date"))
    was = DayField(widget=forms.HiddenInput, required=False)
