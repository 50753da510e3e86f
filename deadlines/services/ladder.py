"""The ladder of reminders and the quiet hours: data that an administrator keeps, each change in the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from law.register import acts
from territories.scope import Who
from territories.services.people.stale import Stale

from ..models import HouseRules, Stage

STAGE_FIELDS = ("offset_days", "audience", "role", "rule_prefix", "active")
RULE_FIELDS = ("quiet_from", "quiet_until", "quiet_on_days_off", "watch_from")
#: A stage further from the day than this reminds nobody of anything.
MOST_DAYS_BEFORE, MOST_DAYS_AFTER = 180, 60


def may(by: Who) -> None:
    if not by.is_administrator:
        raise PermissionDenied(_("Only an administrator changes how people are reminded."))


def check(stage: Stage) -> None:
    """Raises ValidationError for a stage that would remind nobody or stands twice."""
    if not -MOST_DAYS_BEFORE <= stage.offset_days <= MOST_DAYS_AFTER:
        text = _("From %(before)s days before the day to %(after)s days after it.")
        values = {"before": MOST_DAYS_BEFORE, "after": MOST_DAYS_AFTER}
        raise ValidationError({"offset_days": text % values})
    if stage.audience == Stage.Audience.ABOVE and stage.offset_days < 1:
        text = _("The unit above is told only after the day: give a number of days from 1 on.")
        raise ValidationError({"offset_days": text})
    prefix = stage.rule_prefix
    if prefix and not any(rule.startswith(prefix) for act in acts().values() for rule in act.rules):
        text = _("No line of the register begins with “%(prefix)s”. Examples: 826-3.4, 12-.")
        raise ValidationError({"rule_prefix": text % {"prefix": prefix}})
    twin = Stage.objects.filter(
        offset_days=stage.offset_days, audience=stage.audience, role=stage.role, rule_prefix=prefix
    ).exclude(pk=stage.pk)
    if twin.exists():
        raise ValidationError({"offset_days": _("This stage is there already; switch it on if it is off.")})


@transaction.atomic
def add_stage(*, values: Mapping[str, Any], by: Who) -> Stage:
    """A new rung. `values` holds `STAGE_FIELDS`. Raises PermissionDenied, ValidationError."""
    may(by)
    stage = Stage(**values)
    check(stage)
    stage.code = code_of(stage)
    stage.save(force_insert=True)
    record(by.actor, "stage.added", stage, became=dict(values))
    return stage


@transaction.atomic
def change_stage(stage: Stage, *, values: Mapping[str, Any], by: Who, seen_version: int) -> Stage:
    """Change or switch off a rung; reminders that were given by it stay. Raises Stale, ValidationError."""
    may(by)
    fresh = Stage.objects.select_for_update().get(pk=stage.pk)
    if fresh.version != seen_version:
        raise Stale(fresh)
    was = {name: getattr(fresh, name) for name in STAGE_FIELDS}
    if was == dict(values):
        return fresh
    for name, value in values.items():
        setattr(fresh, name, value)
    check(fresh)
    fresh.version += 1
    fresh.save(update_fields=[*values, "version"])
    record(by.actor, "stage.changed", fresh, was=was, became=dict(values))
    return fresh


def code_of(stage: Stage) -> str:
    """A short name that no other rung has; it stays when the rung is changed."""
    base = f"{stage.offset_days:+d}"
    taken = set(Stage.objects.filter(code__startswith=base).values_list("code", flat=True))
    number = 1
    while (code := f"{base}.{number}") in taken:
        number += 1
    return code


def house_rules(today: dt.date) -> HouseRules:
    """The rules; the first sweep of an installation makes them, and watches from its own day on."""
    return HouseRules.objects.get_or_create(pk=HouseRules.ONLY, defaults={"watch_from": today})[0]


@transaction.atomic
def change_rules(*, values: Mapping[str, Any], by: Who, seen_version: int, today: dt.date) -> HouseRules:
    """Change the quiet hours or the first day that is watched. Raises PermissionDenied, Stale."""
    may(by)
    house_rules(today)
    fresh = HouseRules.objects.select_for_update().get(pk=HouseRules.ONLY)
    if fresh.version != seen_version:
        raise Stale(fresh)
    was = {name: getattr(fresh, name) for name in RULE_FIELDS}
    if was == dict(values):
        return fresh
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.version += 1
    fresh.save(update_fields=[*values, "version"])
    record(by.actor, "reminding.changed", fresh, was=was, became=dict(values))
    return fresh
