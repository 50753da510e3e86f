"""Fields drawn without templates say what Django's templates would, and let nobody's text become markup."""

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from akim_meetings.forms import DRAWN

EVIL = '"><script>alert(1)</script>'
WIDGETS = {
    "words": (forms.TextInput({"class": "wide", "required": True, "maxlength": 40, "data-x": EVIL}), EVIL),
    "nothing": (forms.TextInput({"autofocus": False}), None),
    "zero": (forms.NumberInput(), 0),
    "secret": (forms.HiddenInput(), "7"),
    "ticked": (forms.CheckboxInput(), True),
    "unticked": (forms.CheckboxInput({"class": "x"}), False),
    "day": (forms.DateInput(), "2027-01-15"),
    "hour": (forms.TimeInput(), "10:00"),
    "moment": (forms.DateTimeInput(), "2027-01-15T10:00"),
    "address": (forms.EmailInput(), "a@b.example"),
    "long": (forms.Textarea({"rows": 3}), f"one\n{EVIL}"),
    "empty": (forms.Textarea(), ""),
    "list": (
        forms.Select(
            {"class": "narrow"},
            [("", "–"), (1, gettext_lazy("Date")), (2, EVIL), (3, mark_safe("<b>3</b>"))],
        ),
        2,
    ),
    "grouped": (forms.Select({}, [("One", [(1, "a"), (2, "b")]), (EVIL, [(3, "c")]), (4, 1234567)]), "3"),
    "several": (forms.SelectMultiple({}, [(1, "a"), (2, "b"), (3, "c")]), [1, 3]),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_a_field_is_drawn_as_its_template_would(name):
    widget, value = WIDGETS[name]
    context = widget.get_context(name, value, {"id": f"id_{name}"})
    assert widget.template_name in DRAWN
    drawn = widget.render(name, value, {"id": f"id_{name}"})
    # The template of attributes ends its line; no reader sees it.
    assert drawn == render_to_string(widget.template_name, context).strip().replace("\n>", ">")
    assert "<script>" not in drawn


def test_a_field_looks_like_ours_and_keeps_its_own_class():
    drawn = forms.TextInput({"class": "wide"}).render("place", "Ақсу")
    assert drawn == '<input type="text" name="place" value="Ақсу" class="form-control wide">'
