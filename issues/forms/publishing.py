"""Forms of publication: the frozen document, the place where it stands, the quarterly information."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars.forms.fields import DayField, HourField

from ..models import Channel
from ..views.page import VersionForm
from .plans import text


class ChannelChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Channel) -> str:  # type: ignore[override]
        return obj.name()


class FreezeForm(forms.Form):
    """The words of the results in both languages; list and plan are made of the rows."""

    text_kk = text(gettext_lazy("Results in Kazakh"), "kk", rows=6, required=True, most=10000)
    text_ru = text(gettext_lazy("Results in Russian"), "ru", rows=6, required=True, most=10000)
    reason = text(gettext_lazy("What has changed since it was published, and why"), "", most=2000, required=True)

    def __init__(self, *args: Any, words: bool, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not words:
            del self.fields["text_kk"], self.fields["text_ru"]
        if first:
            del self.fields["reason"]


class PublishForm(forms.Form):
    """The document stands at a place since an hour."""

    channel = ChannelChoice(label=gettext_lazy("Place"), queryset=Channel.objects.none())
    own_page = forms.BooleanField(
        label=gettext_lazy("On the public page of this program"), required=False,
        help_text=gettext_lazy("The address is filled in, and the program looks whether the page is there."),
    )  # fmt: skip
    link = forms.URLField(
        label=gettext_lazy("Address of the page"), max_length=500, required=False, assume_scheme="https"
    )
    day = DayField(label=gettext_lazy("Published on"))
    hour = HourField(label=gettext_lazy("Hour"))
    copy = forms.FileField(
        label=gettext_lazy("Copy of the page or photograph"), required=False, max_length=200,
        help_text=gettext_lazy("PDF, PNG, JPEG or Word, up to 15 MB."),
    )  # fmt: skip

    def __init__(self, *args: Any, channels: QuerySet[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].queryset = channels  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("own_page") and not data.get("link") and not data.get("copy") and "link" not in self.errors:
            raise ValidationError({"link": _("Give the address of the page, or add a copy or a photograph.")})
        return data

    @property
    def published_at(self) -> dt.datetime:
        return dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"], ZoneInfo(settings.TIME_ZONE))


class QuarterForm(VersionForm):
    """The whole report: its own words, and the progress of each issue by the id of its row."""

    text_kk = text(gettext_lazy("Introduction in Kazakh"), "kk", most=10000)
    text_ru = text(gettext_lazy("Introduction in Russian"), "ru", most=10000)

    def __init__(self, *args: Any, rows: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            for lang, label in (
                ("kk", gettext_lazy("Progress in Kazakh")),
                ("ru", gettext_lazy("Progress in Russian")),
            ):
                self.fields[f"row_{row.pk}_{lang}"] = text(label, lang, rows=2)
                self.initial.setdefault(f"row_{row.pk}_{lang}", getattr(row, f"progress_{lang}"))

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        """Each row with its two fields."""
        return [(row, self[f"row_{row.pk}_kk"], self[f"row_{row.pk}_ru"]) for row in self.rows]

    @property
    def row_texts(self) -> dict[int, dict[str, str]]:
        return {
            row.pk: {f"progress_{lang}": self.cleaned_data[f"row_{row.pk}_{lang}"] for lang in ("kk", "ru")}
            for row in self.rows
        }


class ReasonForm(forms.Form):
    reason = text(gettext_lazy("What has changed and why"), "", required=True, most=2000)
