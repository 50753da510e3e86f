"""Fields of a meeting and their values in words: conflicts, history and previews say them alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.dates import language, long_date, weekday
from law.register import UnknownRule, line
from territories.models import Territory

from .models import Meeting

#: Columns that name a unit.
UNIT_FIELDS = ("holder_id", "place_id")


def label(field: str) -> str:
    """What a column is called on every page."""
    if field == "targets":
        return str(_("Norms that it closes"))
    column = Meeting._meta.get_field(field.removesuffix("_id"))
    name = str(column.verbose_name)
    return name[:1].upper() + name[1:]


def words(field: str, value: Any, units: Mapping[int, str] | None = None) -> str:
    """A value as people read it. Takes Python values and those that the journal kept as JSON."""
    if value is None or value == "":
        return "–"
    if field in UNIT_FIELDS:
        return (units or {}).get(int(value), f"№ {value}")
    if field == "targets":
        names = [(units or {}).get(int(target), f"№ {target}") for _holder, target in value]
        return ", ".join(names) or "–"
    column = Meeting._meta.get_field(field)
    if isinstance(column, models.DateField):
        day = dt.date.fromisoformat(value) if isinstance(value, str) else value
        return f"{long_date(day)}, {weekday(day)}"
    if isinstance(column, models.TimeField):
        return value[:5] if isinstance(value, str) else f"{value:%H:%M}"
    if isinstance(column, models.BooleanField):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return str(value)


def named(prefix: str) -> Any:
    """Column expression for a unit's name in the reader's language; English falls back to Kazakh."""
    if language() == "ru":
        return F(f"{prefix}__name_ru")
    if language() == "en":
        return Coalesce(NullIf(F(f"{prefix}__name_en"), Value("")), F(f"{prefix}__name_kk"))
    return F(f"{prefix}__name_kk")


def unit_names(ids: Iterable[int]) -> dict[int, str]:
    """Names of units by id in the reader's language, in one query."""
    wanted = {pk for pk in ids if pk}
    if not wanted:
        return {}
    fields = ("pk", "name_kk", "name_ru", "name_en")
    return {unit.pk: unit.name() for unit in Territory.objects.filter(pk__in=wanted).only(*fields)}


def units_in(changes: Iterable[Mapping[str, Any]]) -> set[int]:
    """Ids of all units that some journalled values name."""
    found: set[int] = set()
    for values in changes:
        found.update(int(values[field]) for field in UNIT_FIELDS if values.get(field))
        for pair in values.get("targets") or []:
            found.update(int(pk) for pk in pair)
    return found


def cited(basis: str) -> str:
    """A line of the register as the reader's language cites it; the key of a reading stays as it is."""
    act = basis.partition("-")[0]
    for rule_id in (basis, f"{basis}.h1"):
        try:
            wording = line(rule_id).wordings[-1]
        except UnknownRule:
            continue
        return f"{act} {wording.cite[language()]}"
    return basis
