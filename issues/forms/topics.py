"""The form of one topic."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from ..models import Proof, Topic
from ..views.page import VersionForm


class TopicForm(VersionForm):
    name_kk = forms.CharField(label=gettext_lazy("Name in Kazakh"), max_length=200)
    name_ru = forms.CharField(label=gettext_lazy("Name in Russian"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    parent_code = forms.ChoiceField(label=gettext_lazy("Belongs to"), required=False)
    proof = forms.ChoiceField(
        label=gettext_lazy("Proof asked for"),
        choices=Proof.choices,
        help_text=gettext_lazy("What must lie with an issue before it may be called done."),
    )
    order = forms.IntegerField(label=gettext_lazy("Place in the list"), min_value=0, max_value=32767, initial=0)
    active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *args: Any, heads: list[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = ("", gettext_lazy("– first level –"))
        self.fields["parent_code"].choices = [first, *((head.code, head.name()) for head in heads)]
