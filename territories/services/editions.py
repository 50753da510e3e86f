"""Loading an edition of the classifier: the whole of it in one transaction, in statements for many rows.

A unit stays one row through all editions, because meetings, posts and organisations hang on it. Nothing
is ever removed: what an edition no longer names is abolished on the eve of the edition's day and stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from journal.dates import fold, kk_sort_key, long_date
from journal.services import Change, record, record_many

from ..kato.kinds import bare, tidy
from ..kato.matching import Known, Plan, match
from ..kato.reading import Table, refusal
from ..kato.units import Unit, units_of
from ..models import Edition, EditionDraft, Territory, TerritoryState
from ..scope import Who
from .hanging import used_units
from .organisations import ensure_offices

ROWS_PER_INSERT = 2000
ONE_DAY = dt.timedelta(days=1)
#: Fields of a unit that an edition may change.
WRITTEN = ("code", "kind", "own_akim", "parent", "region", "name_kk", "name_ru")
FROM_EDITION = ("code", "kind", "own_akim", "parent_id", "region_id", "name_kk", "name_ru")


@dataclass
class Loaded:
    """What loading did. `already` says that this very file had been loaded: nothing was done."""

    edition: Edition
    already: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    draft: EditionDraft | None = None


@dataclass
class Preview:
    """What loading would do, with the units that it speaks of."""

    table: Table
    as_of: dt.date
    units: dict[str, Unit]
    plan: Plan
    counts: dict[str, int]
    first: bool


def look(table: Table, *, as_of: dt.date | None = None, decided: Mapping[int, str] | None = None) -> Preview:
    """The plan of loading a file now; writes nothing. Raises `Refused` with every fault of the file."""
    as_of = day_of(table, as_of)
    units = {unit.code: unit for unit in units_of(table)}
    refuse_older(table, as_of)
    known = present_tree()
    plan = match(known, units.values(), decided)
    return Preview(table, as_of, units, plan, counts_of(plan, units, known), first=not known)


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


@transaction.atomic
def load_edition(
    table: Table,
    *,
    by: Who,
    as_of: dt.date | None = None,
    decided: Mapping[int, str] | None = None,
    accept_suggestions: bool = False,
) -> Loaded:
    """Make the tree that of the file. `as_of` is the day of the edition's state.

    `decided` answers questions beforehand: id of a unit → its code in the file, "" for none. What is left
    open is abolished, keeps its rows, and waits in an `EditionDraft` for `answer`. The same file again
    changes nothing. Raises `Refused` (nothing is written) and PermissionDenied.
    """
    if not (by.is_administrator or by.system):
        raise PermissionDenied(_("Only an administrator loads editions of the classifier."))
    as_of = day_of(table, as_of)
    done = already_loaded(table, as_of)
    if done is not None:
        return Loaded(done, already=True)
    # 1. Loads queue behind the row of the newest edition; the first ever is held by the unique day.
    list(Edition.objects.select_for_update().order_by("-as_of")[:1])
    seen = look(table, as_of=as_of, decided=decided)
    if accept_suggestions:
        chosen = {q.id: q.suggested for q in seen.plan.questions if q.suggested}
        seen = look(table, as_of=as_of, decided={**chosen, **(decided or {})})
    writer = _Writer(seen, by)
    return writer.write(dict(decided or {}))


class _Writer:
    """Writes one plan. The order matters: codes are freed before they are given again."""

    def __init__(self, seen: Preview, by: Who):
        self.seen, self.by, self.plan = seen, by, seen.plan
        self.id_of = {code: old for code, (old, _why) in self.plan.pairs.items()}
        self.region_of: dict[str, int] = {}
        self.changes: list[Change] = []

    def write(self, decided: dict[int, str]) -> Loaded:
        table, seen = self.seen.table, self.seen
        edition = Edition.objects.create(
            as_of=seen.as_of,
            classifier=table.classifier,
            file_name=table.file_name[:200],
            sha256=table.sha256,
            row_count=len(seen.units),
            loaded_by=self.by.user,
        )
        gone = self.abolish()
        kept = self.free_codes()
        self.create()
        self.change(kept)
        fill_paths()
        self.keep_states(edition)
        offices = ensure_offices(by=self.by, day=seen.as_of)
        counts = seen.counts | {"moved": self.moved, "changed": len(kept), "offices": offices}
        edition.summary = counts
        edition.save(update_fields=["summary"])
        self.journal(edition, gone, counts)
        draft = self.leave_open(edition, decided)
        return Loaded(edition, counts=counts, draft=draft)

    def abolish(self) -> list[Territory]:
        """Close what the edition no longer names, on the eve of its day."""
        rows = list(Territory.objects.filter(pk__in=self.plan.gone)) if self.plan.gone else []
        Territory.objects.filter(pk__in=[row.pk for row in rows]).update(
            valid_to=self.seen.as_of - ONE_DAY, version=F("version") + 1
        )
        return rows

    def free_codes(self) -> dict[int, Territory]:
        """Rows that the edition changes; their codes are set aside, for two units may swap codes."""
        rows = Territory.objects.in_bulk(list(self.id_of.values())) if self.id_of else {}
        self.moved = 0
        changed, recoded = {}, []
        for code, pk in self.id_of.items():
            row, unit = rows[pk], self.seen.units[code]
            parent = self.id_of.get(unit.parent)
            # A parent that is yet to be created makes the child change in any case.
            if (
                row.code != code
                or row.kind != unit.kind
                or row.own_akim != unit.own_akim
                or (row.parent_id or None) != parent
                or self.names_differ(row, unit)
            ):
                changed[pk] = row
            if row.code != code:
                recoded.append(pk)
        Territory.objects.filter(pk__in=recoded).update(code=Concat(Value("~"), Cast("pk", CharField())))
        return changed

    def names_differ(self, row: Territory, unit: Unit) -> bool:
        """Has the edition another name than the last one had? A name mended by hand stays otherwise."""
        last_ru, last_kk = self.last_names.get(row.pk, (row.name_ru, row.name_kk))
        return tidy(last_ru) != unit.name_ru or (bool(unit.name_kk) and tidy(last_kk) != unit.name_kk)

    @property
    def last_names(self) -> dict[int, tuple[str, str]]:
        if not hasattr(self, "_last_names"):
            newest = Edition.objects.exclude(as_of=self.seen.as_of).order_by("-as_of").first()
            states = newest.states.values_list("territory_id", "name_ru", "name_kk") if newest else ()
            self._last_names = {pk: (ru, kk) for pk, ru, kk in states}
        return self._last_names

    def create(self) -> None:
        """New rows, level by level, because a child needs its parent's key."""
        waiting = [self.seen.units[code] for code in self.plan.new]
        for code, pk in self.id_of.items():
            if not self.seen.units[code].parent:
                self.region_of[code] = pk
        while waiting:
            ready = [unit for unit in waiting if not unit.parent or unit.parent in self.id_of]
            rows = Territory.objects.bulk_create([self.fresh(unit) for unit in ready], ROWS_PER_INSERT)
            for unit, row in zip(ready, rows, strict=True):
                self.id_of[unit.code] = row.pk
                if not unit.parent:
                    self.region_of[unit.code] = row.pk
            done = {unit.code for unit in ready}
            waiting = [unit for unit in waiting if unit.code not in done]

    def fresh(self, unit: Unit) -> Territory:
        name_kk = unit.name_kk or unit.name_ru
        return Territory(
            code=unit.code,
            kind=unit.kind,
            own_akim=unit.own_akim,
            parent_id=self.id_of.get(unit.parent),
            region_id=self.region_of.get(unit.region) if unit.parent else None,
            name_kk=name_kk,
            name_ru=unit.name_ru,
            search=search_text(unit.name_ru, name_kk),
            sort_kk=kk_sort_key(bare(name_kk)),
            # Units of the first edition have always been there; later ones begin with their edition.
            valid_from=None if self.seen.first else self.seen.as_of,
        )

    def change(self, rows: dict[int, Territory]) -> None:
        """Give kept units what the edition says of them."""
        code_of = {pk: code for code, pk in self.id_of.items()}
        moved = []
        for pk, row in rows.items():
            unit = self.seen.units[code_of[pk]]
            was = {name: getattr(row, name) for name in FROM_EDITION}
            if self.names_differ(row, unit):
                row.name_ru = unit.name_ru
                row.name_kk = unit.name_kk or (row.name_kk if row.name_kk != was["name_ru"] else unit.name_ru)
                row.search = search_text(row.name_ru, row.name_kk, row.name_en)
                row.sort_kk = kk_sort_key(bare(row.name_kk))
            row.code, row.kind, row.own_akim = unit.code, unit.kind, unit.own_akim
            parent = self.id_of.get(unit.parent)
            if row.parent_id != parent:
                moved.append(row)
            row.parent_id = parent
            row.region_id = self.region_of.get(unit.region) if unit.parent else None
            row.version += 1
            self.changes.append(Change(row, was, {name: getattr(row, name) for name in FROM_EDITION}))
        # One statement for many rows: far cheaper than a CASE for each column of each row.
        Territory.objects.bulk_create(
            rows.values(),
            ROWS_PER_INSERT,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*WRITTEN, "search", "sort_kk", "version"],
        )
        self.moved = len(moved)
        forget_paths(moved)

    def keep_states(self, edition: Edition) -> None:
        TerritoryState.objects.bulk_create(
            [
                TerritoryState(
                    edition=edition,
                    territory_id=self.id_of[unit.code],
                    code=unit.code,
                    parent_code=unit.parent,
                    kind=unit.kind,
                    name_kk=unit.row.name_kk,
                    name_ru=unit.row.name_ru,
                )
                for unit in self.seen.units.values()
            ],
            ROWS_PER_INSERT,
        )

    def journal(self, edition: Edition, gone: list[Territory], counts: dict[str, int]) -> None:
        """One entry for the edition, one for each unit that changed, came or went.

        The rows of the very first edition are told by the edition itself, not by 15,594 entries.
        """
        paths = dict(Territory.objects.filter(pk__in=[c.obj.pk for c in self.changes]).values_list("pk", "path"))
        entries = [Change(c.obj, c.was, c.became, scope_path=paths.get(c.obj.pk, "")) for c in self.changes]
        entries += [
            Change(
                row,
                {"valid_to": None},
                {"valid_to": self.seen.as_of - ONE_DAY},
                scope_path=row.path,
                action="territory.abolished",
            )
            for row in gone
        ]
        if not self.seen.first:
            made = Territory.objects.filter(pk__in=[self.id_of[code] for code in self.plan.new])
            entries += [
                Change(
                    row,
                    {},
                    {name: getattr(row, name) for name in FROM_EDITION},
                    scope_path=row.path,
                    action="territory.created",
                )
                for row in made
            ]
        batch = record_many(self.by.actor, "territory.changed_by_edition", entries, reason=str(edition))
        record(
            self.by.actor,
            "edition.loaded",
            edition,
            became={"file": edition.file_name, "sha256": edition.sha256, **counts},
            batch=batch,
        )

    def leave_open(self, edition: Edition, decided: dict[int, str]) -> EditionDraft | None:
        """Questions that nobody has answered wait for a person."""
        if not self.plan.questions:
            return None
        return EditionDraft.objects.create(
            as_of=self.seen.as_of,
            file_name=edition.file_name,
            sha256=edition.sha256,
            plan={
                "questions": [
                    {
                        "id": q.id,
                        "must": q.must,
                        "suggested": q.suggested,
                        "candidates": [
                            {"code": c.code, "score": c.score, "reasons": list(c.reasons)} for c in q.candidates
                        ],
                    }
                    for q in self.plan.questions
                ]
            },
            decisions={str(pk): code for pk, code in decided.items()},
            created_by=self.by.user,
            edition=edition,
        )


# -- Columns that are worked out ------------------------------------------------------------------
def search_text(*names: str) -> str:
    """What the search looks into: the names in all languages, folded, each word once."""
    words = dict.fromkeys(word for name in names for word in fold(name).split())
    return " ".join(words)[:420]


def forget_paths(rows: Sequence[Territory]) -> None:
    """Empty the paths below units that moved, so that `fill_paths` works them out anew."""
    for row in rows:
        if row.path:
            Territory.objects.filter(path__startswith=row.path).update(path="")


def fill_paths() -> None:
    """Paths and regions of all rows whose path is empty, a level at a time."""
    own = Concat(Cast("pk", CharField()), Value("/"))
    Territory.objects.filter(path="", parent=None).update(path=own)
    parent = Territory.objects.filter(pk=OuterRef("parent_id")).exclude(path="")
    while (
        Territory.objects.filter(path="")
        .filter(Exists(parent))
        .update(path=Concat(Subquery(parent.values("path")[:1]), Cast("pk", CharField()), Value("/")))
    ):
        pass
