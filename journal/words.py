"""The journal in words: verbs, kinds of things, names of fields, values.

The verbs of all rooms stand in one dictionary of the assembly, named by `settings.JOURNAL_WORDS`; this
room knows none of them.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .dates import short_date
from .models import Entry

NOTHING = "–"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


def _dictionary(name: str) -> dict[str, Any]:
    path = getattr(settings, "JOURNAL_WORDS", "")
    return import_string(f"{path}.{name}") if path else {}


def action_word(action: str) -> str:
    """What was done, as the reader says it; an unknown verb stands as it was written."""
    return str(_dictionary("ACTIONS").get(action, action))


def kind_word(kind: str) -> str:
    """What sort of letter a notice is."""
    return str(_dictionary("NOTICES").get(kind, kind))


def actions() -> list[tuple[str, str]]:
    """All known verbs for a filter, sorted by their words."""
    return sorted(((verb, str(word)) for verb, word in _dictionary("ACTIONS").items()), key=lambda pair: pair[1])


def object_word(object_type: str) -> str:
    """The kind of thing: the model's own name."""
    model = _model(object_type)
    return capfirst(str(model._meta.verbose_name)) if model else object_type


def changes(entry: Entry, fields: dict[tuple[str, str], str] | None = None) -> list[tuple[str, str, str]]:
    """Rows (field, was, became) of an entry, in words. `fields` keeps the names of fields for the next entry."""
    model = _model(entry.object_type)
    known = {} if fields is None else fields
    names = dict.fromkeys([*entry.was, *entry.became])
    for name in names:
        if (entry.object_type, name) not in known:
            known[entry.object_type, name] = field_word(model, name)
    return [
        (
            known[entry.object_type, name],
            value_word(model, name, entry.was[name]) if name in entry.was else "",
            value_word(model, name, entry.became[name]) if name in entry.became else "",
        )
        for name in names
    ]


def field_word(model: type[Model] | None, name: str) -> str:
    field = _field(model, name)
    if field is not None and str(field.verbose_name) != name.replace("_", " "):
        return capfirst(str(field.verbose_name))
    known = _dictionary("FIELDS").get(name)
    return capfirst(str(known)) if known else capfirst(name.replace("_", " "))


def value_word(model: type[Model] | None, name: str, value: Any) -> str:
    """A stored value as a reader takes it: days and hours of Kazakhstan, words for choices."""
    if value is None or value == "" or value == [] or value == {}:
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        if set(value) == {"id", "text"}:
            return str(value["text"])
        return "; ".join(f"{key}: {value_word(None, '', item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(value_word(model, name, item) for item in value)
    field = _field(model, name)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    text = str(value)
    if DAY.fullmatch(text):
        return short_date(date.fromisoformat(text))
    if INSTANT.match(text):
        moment = datetime.fromisoformat(text)
        if timezone.is_aware(moment):
            moment = timezone.localtime(moment)
        return f"{short_date(moment.date())} {moment:%H:%M}"
    return text


def _model(object_type: str) -> type[Model] | None:
    try:
        return apps.get_model(object_type)
    except (LookupError, ValueError):
        return None


def _field(model: type[Model] | None, name: str) -> Field | None:
    if model is None:
        return None
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) else None
