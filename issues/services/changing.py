"""What every change of this room does: lock, compare versions, check, save; the caller records it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from calendars.models import Meeting
from territories.models import Territory
from territories.scope import Who

from .. import rules

Row = TypeVar("Row", bound=models.Model)
#: Control characters that no text needs; PostgreSQL refuses the first of them.
_CONTROL = {code: None for code in range(32) if code not in (9, 10, 13)} | {0x7F: None}


@dataclass
class Conflict(Exception):
    """Somebody else changed the row first. Carries his row and the reader's values, field by field.

    `others`: what differs beside the row's own columns, as (label, what stands now, what was typed).
    """

    row: Any
    mine: Mapping[str, Any]
    fields: list[str] = field(default_factory=list)
    others: list[tuple[str, str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        return _("Another person has changed this in the meantime.")


def require(allowed: bool, text: str = "") -> None:
    """Raise PermissionDenied unless the rules allow it."""
    if not allowed:
        raise PermissionDenied(text or _("Your post does not do this for this unit."))


def require_office(by: Who, unit: Territory) -> None:
    require(rules.answers_for(by, unit), _("Only the akim's office of this unit, or one above it, may do this."))


def lock(model: type[Row], pk: int, *related: str) -> Row:
    """The row, locked until the end of the transaction, with its unit."""
    rows = model._default_manager.select_for_update(of=("self",)).select_related("unit", *related)
    return rows.get(pk=pk)


def lock_meeting(meeting: Meeting) -> Meeting:
    """The meeting with its akim; all changes around one meeting queue here."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("holder", "place", "calendar__region")
    return rows.get(pk=meeting.pk)


def lock_unit(unit: Territory) -> Territory:
    """The unit's row, locked: numbers of a unit are given one after another."""
    return Territory.objects.select_for_update().get(pk=unit.pk)


def tidy(value: Any) -> Any:
    """A text without control characters and outer spaces; anything else as it is."""
    if not isinstance(value, str):
        return value
    return value.strip() if value.isprintable() else value.translate(_CONTROL).strip()


def check_fields(row: models.Model, names: list[str]) -> None:
    """Raise ValidationError by field for values that the columns do not take."""
    others = [f.name for f in row._meta.concrete_fields if f.name not in names or f.is_relation]
    errors: dict[str, Any] = {}
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        errors.update(error.error_dict)
    for name in names:
        column = row._meta.get_field(name)
        most = getattr(column, "max_length", None)
        if isinstance(column, models.TextField) and most and len(getattr(row, name)) > most:
            errors[name] = ValidationError(_("The text is longer than %(most)s characters.") % {"most": most})
    if errors:
        raise ValidationError(errors)


def create(model: type[Row], *, by: Who, unit: Territory | None, values: Mapping[str, Any]) -> Row:
    """A checked new row of an office. Raises ValidationError by field."""
    row = fresh(model, by=by, unit=unit, values=values)
    row.save(force_insert=True)
    return row


def fresh(model: type[Row], *, by: Who, unit: Territory | None, values: Mapping[str, Any]) -> Row:
    """A new row of an office, checked and not saved yet. Raises ValidationError by field."""
    row = unchecked(model, by=by, unit=unit, values=values)
    check_fields(row, [name for name in values if not name.endswith("_id")])
    return row


def unchecked(model: type[Row], *, by: Who, unit: Territory | None, values: Mapping[str, Any]) -> Row:
    """The same row before its values are checked."""
    clean = {name: tidy(value) for name, value in values.items()}
    if unit is not None:
        clean |= {"unit": unit, "region_id": unit.region_id or unit.pk}
    row = model(**clean)
    for name in ("created_by", "updated_by"):
        if hasattr(row, f"{name}_id"):
            setattr(row, name, by.user)
    if hasattr(row, "created_at"):
        row.created_at = by.moment
    return row


def edit(row: Any, values: Mapping[str, Any], *, seen_version: int | None, by: Who) -> tuple[dict, dict]:
    """Set new values on a locked row. Returns what was and what became, for fields that differ.

    `seen_version` is the version that the person saw; None where the caller itself holds the lock and decides.
    Raises Conflict for a stale save, ValidationError by field.
    """
    clean = {name: tidy(value) for name, value in values.items()}
    differs = {name: value for name, value in clean.items() if getattr(row, name) != value}
    if seen_version is not None and seen_version != row.version:
        raise Conflict(row=row, mine=clean, fields=sorted(differs))
    if not differs:
        return {}, {}
    was = {name: getattr(row, name) for name in differs}
    for name, value in differs.items():
        setattr(row, name, value)
    check_fields(row, [name for name in differs if not name.endswith("_id")])
    row.version += 1
    row.updated_by = by.user
    row.updated_at = by.moment
    names = [name.removesuffix("_id") if row._meta.get_field(name).is_relation else name for name in differs]
    row.save(update_fields=[*names, "version", "updated_by", "updated_at"])
    return was, differs


def not_future(day: dt.date, today: dt.date, field_name: str) -> None:
    if day > today:
        raise ValidationError({field_name: _("This day has not come yet.")})


def ended_on(meeting: Meeting) -> dt.date:
    """The last day of a meeting: as held, else as planned."""
    return meeting.held_on or meeting.date


def need(text: str, field_name: str, message: str) -> str:
    """A text that must not be empty, tidied. Raises ValidationError."""
    clean = tidy(text or "")
    if not clean:
        raise ValidationError({field_name: message})
    return clean
