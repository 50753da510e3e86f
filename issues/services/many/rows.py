"""Locking, making and writing many rows of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection, models

from calendars.models import Meeting
from journal.bulk import insert, insert_columns, update
from territories.models import Territory
from territories.scope import Who

from ..changing import check_fields, require_office, tidy, unchecked

Row = TypeVar("Row", bound=models.Model)


def lock_meetings(ids: Iterable[int], *, by: Who) -> dict[int, Meeting]:
    """The meetings with their akims, locked in the order of their ids. Raises PermissionDenied for a foreign one."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("holder", "place", "calendar__region")
    found = {row.pk: row for row in rows.filter(pk__in=set(ids)).order_by("pk")}
    for row in found.values():
        require_office(by, row.holder)
    return found


def lock_rows(model: type[Row], ids: Iterable[int], *related: str) -> dict[int, Any]:
    """Rows of offices with their units, locked in the order of their ids."""
    rows = model._default_manager.select_for_update(of=("self",)).select_related("unit", *related)
    return {row.pk: row for row in rows.filter(pk__in=set(ids)).order_by("pk")}


def make(model: type[Row], items: Iterable[tuple[Territory, Mapping[str, Any]]], *, by: Who) -> list[Row]:
    """New rows of offices, checked and written together in their order. Raises ValidationError by field."""
    rows = [unchecked(model, by=by, unit=unit, values=values) for unit, values in items]
    names = sorted({name for _unit, values in items for name in values if not name.endswith("_id")})
    columns = {name: [row.__dict__[attname] for row in rows] for name, attname in plain_columns(model, names).items()}
    if not pass_at_a_glance(model, columns):
        for row in rows:
            check_fields(row, names)
    insert(rows)
    return rows


def make_ids(model: type[Row], items: Sequence[tuple[Territory, Mapping[str, Any]]], *, by: Who) -> list[int]:
    """The same for thousands of rows that people edit, all with the same names of values; answers their ids."""
    if not items:
        return []
    names = list(items[0][1])
    columns = {name: [tidy(values[name]) for _unit, values in items] for name in names}
    plain = plain_columns(model, [name for name in names if not name.endswith("_id")])
    if not pass_at_a_glance(model, {name: columns[name] for name in plain}):
        return [row.pk for row in make(model, items, by=by)]
    each: dict[str, Sequence[Any]] = {}
    for name, column in columns.items():
        if name in plain or name.endswith("_id"):
            each[name] = column
        else:
            each[f"{name}_id"] = [value.pk if value is not None else None for value in column]
    each["unit_id"] = [unit.pk for unit, _values in items]
    each["region_id"] = [unit.region_id or unit.pk for unit, _values in items]
    user = by.user.pk if by.user else None
    return insert_columns(model, each, {"created_at": by.moment, "created_by_id": user, "updated_by_id": user})


def plain_columns(model: type[models.Model], names: Iterable[str]) -> dict[str, str]:
    """Of the named fields those that hold their value themselves, each with the name under which a row keeps it."""
    fields = [model._meta.get_field(name) for name in names]
    return {field.name: field.attname for field in fields if not field.is_relation}


def pass_at_a_glance(model: type[models.Model], columns: Mapping[str, Sequence[Any]]) -> bool:
    """Do all values fit their columns, column by column? False only means that each row is to be checked by itself."""
    return all(fits(model._meta.get_field(name), values) for name, values in columns.items())


def fits(field: Any, values: Sequence[Any]) -> bool:
    """Columns of plain kinds only; others are never passed at a glance, unless there is nothing in them."""
    if type(field) in (models.CharField, models.TextField):
        different = set(map(type, values))
        if different - ({str} if not field.null else {str, type(None)}):
            return False
        texts = set(filter(None, values))
        if field.choices is not None:
            return texts <= {value for value, _label in field.flatchoices} and (field.blank or all(values))
        most = field.max_length or 0
        return (field.blank or all(values)) and not any((most and len(text) > most) or "\0" in text for text in texts)
    kinds = set(map(type, values))
    if field.null and field.blank:
        kinds.discard(type(None))
    if type(field) is models.DateField:
        return kinds <= {dt.date}
    if type(field) is models.BooleanField:
        return kinds <= {bool}
    if isinstance(field, models.IntegerField):
        low, high = connection.ops.integer_field_range(field.get_internal_type())
        return kinds <= {int} and all(low <= value <= high for value in values if value is not None)
    return field.blank and not any(values)


def change(rows: Sequence[Any], values: Sequence[Mapping[str, Any]], *, by: Who) -> list[tuple[dict, dict]]:
    """Set new values on locked rows and write what differs; what was and what became of each, both empty if nothing."""
    told: list[tuple[dict, dict]] = []
    changed: list[Any] = []
    names: set[str] = set()
    for row, wanted in zip(rows, values, strict=True):
        differs = {name: clean for name, value in wanted.items() if getattr(row, name) != (clean := tidy(value))}
        told.append(({name: getattr(row, name) for name in differs}, differs))
        if not differs:
            continue
        for name, value in differs.items():
            setattr(row, name, value)
        check_fields(row, [name for name in differs if not name.endswith("_id")])
        row.version += 1
        row.updated_by = by.user
        row.updated_at = by.moment
        changed.append(row)
        names |= differs.keys()
    if changed:
        update(changed, [*sorted(names), "version", "updated_by", "updated_at"])
    return told
