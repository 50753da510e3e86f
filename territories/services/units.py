"""Changes of single units by hand: exclusion, names, microraions, English names from a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.dates import kk_sort_key
from journal.services import Change, record, record_many

from .. import rules
from ..kato.kinds import bare, name_key, tidy
from ..kato.matching import ALIKE
from ..models import Kind, Territory
from ..scope import Who
from .editions.columns import search_text
from .organisations import ensure_offices
from .people.stale import Stale

NAMES = ("name_kk", "name_ru", "name_en")
LONGEST_NAME = 200
#: A microraion's code is its parent's with a number after it, within the twelve signs of the column.
MOST_MICRORAIONS = 99


def lock(unit: Territory, seen_version: int) -> Territory:
    fresh = Territory.objects.select_for_update().get(pk=unit.pk)
    if fresh.version != seen_version:
        raise Stale(fresh)
    return fresh


def must_change_tree(by: Who) -> None:
    if not rules.can_change_tree(by):
        raise PermissionDenied(_("Only an administrator changes units."))


def write(unit: Territory, values: Mapping[str, Any], action: str, by: Who, reason: str = "") -> Territory:
    """Save what differs with its journal entry; nothing when nothing differs."""
    changed = {name: value for name, value in values.items() if getattr(unit, name) != value}
    if not changed:
        return unit
    was = {name: getattr(unit, name) for name in changed}
    for name, value in changed.items():
        setattr(unit, name, value)
    unit.version += 1
    unit.save(update_fields=[*changed, "version"])
    shown = ("search", "sort_kk")
    record(
        by.actor,
        action,
        unit,
        was={name: value for name, value in was.items() if name not in shown},
        became={name: value for name, value in changed.items() if name not in shown},
        reason=reason,
        scope_path=unit.path,
    )
    return unit


@transaction.atomic
def exclude(unit: Territory, *, reason: str, by: Who, seen_version: int) -> Territory:
    """Take a unit out of the required meetings: it is then neither holder nor target. A reason is due."""
    must_change_tree(by)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Give the reason, for example the act that gives the unit its status.")})
    unit = lock(unit, seen_version)
    return write(unit, {"excluded": True, "excluded_reason": reason}, "territory.excluded", by, reason)


@transaction.atomic
def include(unit: Territory, *, by: Who, seen_version: int) -> Territory:
    """Bring an excluded unit back into the required meetings."""
    must_change_tree(by)
    unit = lock(unit, seen_version)
    return write(unit, {"excluded": False, "excluded_reason": ""}, "territory.included", by)


def clean_names(names: Mapping[str, str]) -> dict[str, str]:
    clean: dict[str, str] = {name: tidy(text) for name, text in names.items()}
    faults: dict[str, str] = {}
    for name in ("name_kk", "name_ru"):
        if name in clean and not clean[name]:
            faults[name] = _("A unit needs a name in Kazakh and in Russian.")
    for name, text in clean.items():
        if len(text) > LONGEST_NAME:
            faults[name] = _("At most %(most)s characters.") % {"most": LONGEST_NAME}
    if faults:
        raise ValidationError(faults)
    return clean


@transaction.atomic
def rename(unit: Territory, *, names: Mapping[str, str], by: Who, seen_version: int) -> Territory:
    """Mend names by hand. They stay until an edition brings another name than its predecessor had."""
    if not (rules.can_change_tree(by) or rules.can_change_microraion(by, unit)):
        raise PermissionDenied(_("Only an administrator changes units."))
    unit = lock(unit, seen_version)
    values: dict[str, Any] = clean_names(names)
    full = {name: values.get(name, getattr(unit, name)) for name in NAMES}
    values["search"] = search_text(full["name_ru"], full["name_kk"], full["name_en"])
    values["sort_kk"] = kk_sort_key(bare(full["name_kk"]))
    before = unit.version
    unit = write(unit, values, "territory.renamed", by)
    if unit.version != before and unit.own_akim:
        ensure_offices(by=by)
    return unit


@transaction.atomic
def add_microraion(
    parent: Territory, *, name_kk: str, name_ru: str, valid_from: dt.date | None, valid_to: dt.date | None, by: Who
) -> Territory:
    """Enter a microraion under a city or a city's raion, with the civil days of its existence (both inclusive)."""
    parent = Territory.objects.select_for_update().get(pk=parent.pk)
    if not rules.can_add_microraion(by, parent):
        raise PermissionDenied(_("Microraions are entered by the region's staff under a city or a raion of a city."))
    names = clean_names({"name_kk": name_kk, "name_ru": name_ru})
    check_days(valid_from, valid_to)
    if parent.children.filter(kind=Kind.MICRORAION, name_ru=names["name_ru"], valid_to=valid_to).exists():
        raise ValidationError({"name_ru": _("This microraion is already entered here.")})
    unit = Territory(
        code=next_code(parent),
        kind=Kind.MICRORAION,
        time_zone=parent.time_zone,
        parent=parent,
        region_id=parent.region_id or parent.pk,
        search=search_text(names["name_ru"], names["name_kk"]),
        sort_kk=kk_sort_key(bare(names["name_kk"])),
        valid_from=valid_from,
        valid_to=valid_to,
        manual=True,
        **names,
    )
    unit.save()
    unit.path = f"{parent.path}{unit.pk}/"
    unit.save(update_fields=["path"])
    record(
        by.actor,
        "territory.entered",
        unit,
        became={"code": unit.code, **names, "parent": parent, "valid_from": valid_from, "valid_to": valid_to},
        scope_path=unit.path,
    )
    return unit


@transaction.atomic
def change_days(
    unit: Territory, *, valid_from: dt.date | None, valid_to: dt.date | None, by: Who, seen_version: int
) -> Territory:
    """Say from which day to which a microraion exists; an empty day is open."""
    if not rules.can_change_microraion(by, unit):
        raise PermissionDenied(_("Only units that were entered by hand have days that can be changed."))
    check_days(valid_from, valid_to)
    unit = lock(unit, seen_version)
    return write(unit, {"valid_from": valid_from, "valid_to": valid_to}, "territory.dated", by)


def check_days(valid_from: dt.date | None, valid_to: dt.date | None) -> None:
    if valid_from and valid_to and valid_to < valid_from:
        raise ValidationError({"valid_to": _("The last day lies before the first. Correct one of them.")})


def next_code(parent: Territory) -> str:
    taken = set(Territory.objects.filter(code__startswith=f"{parent.code[:9]}-").values_list("code", flat=True))
    for number in range(1, MOST_MICRORAIONS + 1):
        code = f"{parent.code[:9]}-{number:02}"
        if code not in taken:
            return code
    text = _("At most %(most)s microraions can be entered under one unit.")
    raise ValidationError(text % {"most": MOST_MICRORAIONS})


@transaction.atomic
def set_english_names(rows: Sequence[Mapping[str, str]], *, by: Who) -> tuple[int, list[str], list[str]]:
    """Take over `name_en` by `kato` code. Where a row also tells other names, they must resemble the unit's.

    Returns how many changed, the codes that no living unit has, and the rows left out as doubtful.
    """
    must_change_tree(by)
    by_code = {row["kato"]: row for row in rows}
    units = {unit.code: unit for unit in Territory.objects.filter(code__in=by_code, valid_to=None)}
    changes: list[Change] = []
    changed: list[Territory] = []
    doubtful: list[str] = []
    for code, unit in units.items():
        row = by_code[code]
        name = tidy(row["name_en"])[:LONGEST_NAME]
        if not resembles(unit, row):
            doubtful.append(f"{code} {unit.name_ru}: {name}")
        elif name and unit.name_en != name:
            changes.append(Change(unit, {"name_en": unit.name_en}, {"name_en": name}, scope_path=unit.path))
            changed.append(unit)
            unit.name_en = name
            unit.search = search_text(unit.name_ru, unit.name_kk, unit.name_en)
            unit.version += 1
    Territory.objects.bulk_update(changed, ["name_en", "search", "version"], batch_size=200)
    if changed:
        record_many(by.actor, "territory.renamed", changes)
        ensure_offices(by=by)
    return len(changed), sorted(by_code.keys() - units.keys()), doubtful


def resembles(unit: Territory, row: Mapping[str, str]) -> bool:
    """Does a name that the row gives in Kazakh or Russian look like one of the unit's?"""
    given = [name_key(row[name].split("(")[0]) for name in ("name_kk", "name_ru") if row.get(name)]
    own = [name_key(unit.name_kk), name_key(unit.name_ru)]
    return not given or any(SequenceMatcher(None, one, other).ratio() >= ALIKE for one in given for other in own)
