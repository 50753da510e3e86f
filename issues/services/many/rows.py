"""Locking, making and writing many rows of this room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import models

from calendars.models import Meeting
from journal.bulk import insert, update
from territories.models import Territory
from territories.scope import Who

from ..changing import check_fields, fresh, require_office, tidy

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
    rows = [fresh(model, by=by, unit=unit, values=values) for unit, values in items]
    insert(rows)
    return rows


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
