"""Writing the audit trail: an entry is written in the transaction of the change, or neither is."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import ip_address
from math import isfinite
from typing import Any, NamedTuple

from django.db import models
from django.utils import timezone

from ..actors import Actor
from ..bulk import are_few, insert_columns
from ..models import Entry
from .sealing import writing

Values = Mapping[str, Any]
#: Rows that stand as values, by their identity, each with its id and text; kept, so that no identity is used again.
_Seen = dict[int, tuple[models.Model, dict[str, Any]]]
#: What a text must not hold: PostgreSQL refuses NUL, UTF-8 has no lone surrogates.
NUL_SIGN = "\N{SYMBOL FOR NULL}"


class Ref(NamedTuple):
    """A row that was written without an object being made of it."""

    model: type[models.Model]
    pk: int


@dataclass(frozen=True, slots=True)
class Change:
    """What one row of a bulk action was and became; `action` only if it differs from the bulk's.

    A `Ref` says neither its text nor its path: give both.
    """

    obj: models.Model | Ref | None = None
    was: Values | None = None
    became: Values | None = None
    scope_path: str = ""
    object_text: str = ""
    reason: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class _Common:
    """What all rows of one call share, worked out once."""

    actor: Actor
    action: str
    reason: str
    basis: str
    batch: uuid.UUID | None
    now: datetime = field(default_factory=timezone.now)
    seen: _Seen = field(default_factory=dict)

    def same(self) -> dict[str, Any]:
        """Columns that are equal in all entries."""
        return {
            "at": self.actor.at or self.now,
            "actor_id": self.actor.user_id,
            "actor_text": _clean(self.actor.name)[:200],
            "post_id": self.actor.post_id,
            "post_text": _clean(self.actor.post_text)[:400],
            "basis": str(self.basis)[:200],
            "address": _address(self.actor.address),
            "request_id": self.actor.request_id[:64],
            "batch": self.batch,
        }

    def each(self, change: Change) -> tuple[Any, ...]:
        """The other columns of one entry, in the order of `EACH`."""
        was, became = _only_changed(change.was or {}, change.became or {}, self.seen)
        obj = change.obj
        text = change.object_text or (str(obj) if isinstance(obj, models.Model) else "")
        model = obj.model if isinstance(obj, Ref) else obj
        return (
            change.action or self.action,
            model._meta.label_lower if model is not None else "",
            str(obj.pk) if obj is not None else "",
            _clean(text)[:300],
            change.scope_path or getattr(obj, "scope_path", "") or "",
            was,
            became,
            _clean(str(change.reason or self.reason)),
        )


EACH = ("action", "object_type", "object_id", "object_text", "scope_path", "was", "became", "reason")


def record(
    actor: Actor,
    action: str,
    obj: models.Model | None = None,
    *,
    was: Values | None = None,
    became: Values | None = None,
    reason: str = "",
    basis: str = "",
    scope_path: str = "",
    object_text: str = "",
    batch: uuid.UUID | None = None,
) -> Entry:
    """Write down one change, in the caller's transaction.

    `action` is a dotted verb in the past ("meeting.postponed"). `was` and `became` map names of
    fields to values; fields that are equal in both are left out. A row given as a value is kept as
    its id and text. `scope_path` is the path of the territory ("12/345/"); left out, the
    object's own `scope_path` is taken.
    """
    common = _Common(actor, action, reason, basis, batch)
    values = common.each(Change(obj, was, became, scope_path, object_text))
    entry = Entry(**common.same(), **dict(zip(EACH, values, strict=True)))
    entry.save(force_insert=True)
    return entry


def record_many(
    actor: Actor,
    action: str,
    changes: Iterable[Change],
    *,
    reason: str = "",
    basis: str = "",
    batch: uuid.UUID | None = None,
) -> uuid.UUID:
    """Write down a bulk change row by row, joined by the batch that is returned.

    The caller writes the one summary with `record(…, batch=batch)`. Costs the same few statements
    for any number of rows.
    """
    common = _Common(actor, action, reason, basis, batch or uuid.uuid4())
    if rows := [common.each(change) for change in changes]:
        if not are_few(len(rows)):
            writing()
        insert_columns(Entry, dict(zip(EACH, zip(*rows, strict=True), strict=True)), common.same())
    assert common.batch is not None
    return common.batch


def _only_changed(was: Values, became: Values, seen: _Seen) -> tuple[dict[str, Any], dict[str, Any]]:
    before = {name: _plain(value, seen) for name, value in was.items()}
    after = {name: _plain(value, seen) for name, value in became.items()}
    same = {name for name in before.keys() & after.keys() if before[name] == after[name]} if before else ()
    if not same:
        return before, after
    return (
        {name: value for name, value in before.items() if name not in same},
        {name: value for name, value in after.items() if name not in same},
    )


def _plain(value: Any, seen: _Seen) -> Any:
    """The value as JSON can keep it and a reader in ten years can understand it."""
    if type(value) is str:
        return _clean(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if timezone.is_aware(value) else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, models.Model):
        if id(value) not in seen:
            seen[id(value)] = value, {"id": value.pk, "text": _clean(str(value))}
        return seen[id(value)][1]
    if isinstance(value, Mapping):
        return {_clean(str(name)): _plain(item, seen) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, seen) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item, seen) for item in value), key=str)
    return _clean(str(value))


def _clean(text: str) -> str:
    """The text without what no database keeps; nothing of that can be printed."""
    if text.isprintable():
        return text
    text = text.replace("\0", NUL_SIGN)
    return text.encode("utf-8", "replace").decode("utf-8")


def _address(text: str | None) -> str | None:
    try:
        return str(ip_address(text)) if text else None
    except ValueError:
        return None
