"""Fields that several forms of this room share: a unit chosen by typing, an hour as people write it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.dates import fold
from territories.models import Territory

#: How many candidates a person is offered before he is asked to type more.
MOST_CANDIDATES = 12
DATE_INPUTS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
TIME_INPUTS = ["%H:%M", "%H.%M", "%H:%M:%S"]
TIME_ERROR = gettext_lazy("Write the hour as 10:00, between 00:00 and 23:59.")
DATE_ERROR = gettext_lazy("Write the date as 15.01.2027.")


def search_units(units: QuerySet[Territory], text: str) -> QuerySet[Territory]:
    """Units whose names in either language hold every word of the text, or whose code begins with it."""
    text = text.strip()[:100]
    if text.isascii() and text.isdigit():
        return units.filter(code__startswith=text)
    for word in fold(text).split():
        units = units.filter(search__contains=word)
    return units


def search_among(units: Sequence[Territory], text: str) -> list[Territory]:
    """As `search_units`, among units that are read already."""
    text = text.strip()[:100]
    if text.isascii() and text.isdigit():
        return [unit for unit in units if unit.code.startswith(text)]
    words = fold(text).split()
    return [unit for unit in units if all(word in unit.search for word in words)]


def asked_for(text: str) -> str:
    """What is searched: the code in a text, else the text."""
    code = re.search(r"\b\d{9}\b", text)
    return code[0] if code else text


def only_one(found: Sequence[Territory], text: str) -> Territory:
    """The one unit that a text means, of those found by it. Raises ValidationError that names the candidates."""
    exact = [unit for unit in found if fold(text) in (fold(unit.name_kk), fold(unit.name_ru))]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise ValidationError(_("No unit is called “%(text)s”. Check the spelling.") % {"text": text[:60]})
    names = "; ".join(f"{unit.name()} ({unit.code})" for unit in found[:MOST_CANDIDATES])
    raise ValidationError(
        _("Several units fit. Choose one from the list or write its code: %(names)s.") % {"names": names}
    )


class UnitWidget(forms.MultiWidget):
    """A text box with a list of matching units below it. Without scripts it is a plain text box."""

    template_name = "calendars/widgets/unit.html"
    use_fieldset = False

    def __init__(self, attrs: dict | None = None) -> None:
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            "": forms.HiddenInput(),
            "text": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        super().__init__(widgets, attrs)
        self.url = ""
        self.depends = ""

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, Territory):
            return [value.pk, value.name()]
        return [value, ""]

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["url"] = self.url
        context["widget"]["depends"] = self.depends
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_1" if id_ else id_


class UnitField(forms.Field):
    """A unit, chosen from a list by typing or written by name or code. Cleans to a `Territory`.

    `units` limits the choice. A name that fits one unit is taken; several are named in the error,
    with their codes, so that a person without scripts can write the code.
    """

    widget = UnitWidget

    def __init__(self, *, units: QuerySet[Territory] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units if units is not None else Territory.objects.none()

    def prepare_value(self, value: Any) -> Any:
        """An id of the address or of a row becomes the unit, so that the box shows its name."""
        if isinstance(value, int) or (isinstance(value, str) and value.isascii() and value.isdigit()):
            return self.units.filter(pk=int(value)).first() or value
        return value

    def clean(self, value: Any) -> Territory | None:
        pk, text = value if isinstance(value, list) else (value, "")
        text = (text or "").strip()
        unit = None
        if pk and str(pk).isascii() and str(pk).isdigit() and len(str(pk)) < 19:
            unit = self.units.filter(pk=int(pk)).first()
        if unit is not None and (not text or text == unit.name()):
            return unit
        if not text:
            if pk and unit is None:
                raise ValidationError(_("There is no such unit here. Choose one from the list."))
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return self.by_text(text)

    def by_text(self, text: str) -> Territory:
        return only_one(list(search_units(self.units, asked_for(text))[: MOST_CANDIDATES + 1]), text)


class HourField(forms.TimeField):
    """An hour of the day, as 10:00 or 9.30."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=TIME_INPUTS, error_messages={"invalid": TIME_ERROR}, **kwargs)
        self.widget.format = "%H:%M"

    def clean(self, value: Any) -> dt.time | None:
        return super().clean(value.strip() if isinstance(value, str) else value)


class DayField(forms.DateField):
    """A civil day: ISO from the date picker, 15.01.2027 from a person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=DATE_INPUTS, error_messages={"invalid": DATE_ERROR}, **kwargs)
        self.widget.format = "%Y-%m-%d"


def one_line(text: str) -> str:
    """Text for a field of one line: breaks and runs of spaces become one space."""
    return re.sub(r"\s+", " ", text).strip()


def has_words(text: str) -> bool:
    """Is there a letter or a digit, and not only dots and dashes?"""
    return any(sign.isalnum() for sign in text)
