"""What loading a file would do, told before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from journal.dates import long_date

from ...kato.kinds import tidy
from ...kato.matching import Known, Plan, match
from ...kato.reading import Table, refusal
from ...kato.units import Unit, units_of
from ...models import Edition, Territory
from ..hanging import used_units
from .decisions import Decision


@dataclass
class Preview:
    """What loading would do, with the units that it speaks of."""

    table: Table
    as_of: dt.date
    units: dict[str, Unit]
    plan: Plan
    counts: dict[str, int]
    known_names: list[tuple[int, str, str]]
    first: bool


def look(table: Table, *, as_of: dt.date | None = None, decided: Mapping[int, Decision] | None = None) -> Preview:
    """The plan of loading a file now; writes nothing. Raises `Refused` with every fault of the file."""
    as_of = day_of(table, as_of)
    units = {unit.code: unit for unit in units_of(table)}
    refuse_older(table, as_of)
    known = present_tree()
    plan = match(known, units.values(), {pk: decision.same_as for pk, decision in (decided or {}).items()})
    names = [(one.id, one.code, one.name_ru) for one in known]
    return Preview(table, as_of, units, plan, counts_of(plan, units, known), names, first=not known)


def day_of(table: Table, as_of: dt.date | None) -> dt.date:
    found = as_of or table.as_of
    if found is None:
        raise refusal(
            _("The name of the file does not tell the day of the edition. Give the day, for example 2026-07-17.")
        )
    return found


def already_loaded(table: Table, as_of: dt.date) -> Edition | None:
    return Edition.objects.filter(sha256=table.sha256, as_of=as_of).first()


def refuse_older(table: Table, as_of: dt.date) -> None:
    """Editions are loaded in their order: the tree shows the newest."""
    newest = Edition.objects.order_by("-as_of").first()
    if newest is None or already_loaded(table, as_of):
        return
    if newest.as_of == as_of:
        text = _("Another file with the state of %(day)s is already loaded. If this one is newer, give its day.")
        raise refusal(text % {"day": long_date(as_of)})
    if newest.as_of > as_of:
        text = _("The edition of %(newest)s is loaded; %(day)s is older. Load a newer edition.")
        raise refusal(text % {"newest": long_date(newest.as_of), "day": long_date(as_of)})


def present_tree() -> list[Known]:
    """Living units that came from the classifier, named as their edition named them."""
    used = used_units()
    newest = Edition.objects.order_by("-as_of").first()
    named = dict(newest.states.values_list("territory_id", "name_ru")) if newest else {}
    rows = Territory.objects.filter(valid_to=None, manual=False).order_by("code")
    return [
        Known(pk, code, kind, own_akim, parent, tidy(named.get(pk, name)), used=pk in used)
        for pk, code, kind, own_akim, parent, name in rows.values_list(
            "pk", "code", "kind", "own_akim", "parent_id", "name_ru"
        )
    ]


def counts_of(plan: Plan, units: Mapping[str, Unit], known: Sequence[Known]) -> dict[str, int]:
    """The figures of the preview and of the edition's summary."""
    by_id = {one.id: one for one in known}
    pairs = [(by_id[old], units[code]) for code, (old, _why) in plan.pairs.items()]
    return {
        "rows": len(units),
        "with_akim": sum(unit.own_akim for unit in units.values()),
        "kept": len(pairs),
        "new": len(plan.new),
        "gone": len(plan.gone),
        "recoded": sum(old.code != unit.code for old, unit in pairs),
        "renamed": sum(old.name_ru != unit.name_ru for old, unit in pairs),
        "questions": len(plan.questions),
        "must": sum(question.must for question in plan.questions),
    }


def plan_as_json(seen: Preview) -> dict[str, Any]:
    """What the page of a draft shows. The new rows of a first edition are counted, not listed."""
    units = seen.units
    shown = {code for question in seen.plan.questions for code in (c.code for c in question.candidates)}
    shown |= set(() if seen.first else seen.plan.new)
    known = {pk: (code, name) for pk, code, name in seen.known_names}
    changed = [
        {"id": pk, "code": code, "name": units[code].name_ru, "why": why, "old": known[pk][0], "was": known[pk][1]}
        for code, (pk, why) in seen.plan.pairs.items()
        if known[pk][0] != code or known[pk][1] != units[code].name_ru
    ]
    return {
        "first": seen.first,
        "counts": seen.counts,
        "questions": [
            {
                "id": question.id,
                "must": question.must,
                "suggested": question.suggested,
                "candidates": [
                    {"code": one.code, "score": one.score, "reasons": list(one.reasons)} for one in question.candidates
                ],
            }
            for question in seen.plan.questions
        ],
        "new": [] if seen.first else seen.plan.new,
        "gone": seen.plan.gone,
        "changed": changed,
        "rows": {
            code: {
                "ru": units[code].name_ru,
                "kk": units[code].name_kk,
                "kind": units[code].kind,
                "parent": units[units[code].parent].name_ru if units[code].parent else "",
            }
            for code in sorted(shown)
        },
    }
