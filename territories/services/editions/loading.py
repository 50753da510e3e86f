"""Loading an edition of the classifier: the whole of it in one transaction, in statements for many rows.

A unit stays one row through all editions, because meetings, posts and organisations hang on it. Nothing
is ever removed: what an edition no longer names is abolished on the eve of the edition's day and stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.dates import kk_sort_key
from journal.services import Change, record, record_many

from ...kato.kinds import bare, tidy
from ...kato.reading import Table
from ...kato.units import Unit
from ...models import DraftState, Edition, EditionDraft, Territory, TerritoryState
from ...scope import Who
from ...zones import zone_of
from ..organisations import ensure_offices
from .columns import fill_paths, forget_paths, search_text
from .decisions import Decision, decisions_as_json
from .preview import Preview, already_loaded, day_of, look, plan_as_json

ROWS_PER_INSERT = 2000
ONE_DAY = dt.timedelta(days=1)
#: Fields of a unit that an edition may change.
WRITTEN = ("code", "kind", "own_akim", "parent", "region", "name_kk", "name_ru")
FROM_EDITION = ("code", "kind", "own_akim", "parent_id", "region_id", "name_kk", "name_ru")
Progress = Callable[[int, int], None]


def no_progress(done: int, of: int) -> None:
    """Nobody watches."""


#: Steps that loading reports; the longest is writing the rows.
STEPS = 6


@dataclass
class Loaded:
    """What loading did. `already` says that this very file had been loaded: nothing was done."""

    edition: Edition
    already: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    draft: EditionDraft | None = None


@transaction.atomic
def load_edition(
    table: Table,
    *,
    by: Who,
    as_of: dt.date | None = None,
    decided: Mapping[int, Decision] | None = None,
    accept_suggestions: bool = False,
    draft: EditionDraft | None = None,
    progress: Progress = no_progress,
) -> Loaded:
    """Make the tree that of the file. `as_of` is the day of the edition's state.

    `decided` answers questions beforehand, by the ids of units. What is left open is abolished, keeps its
    rows, and waits in an `EditionDraft` (the given one or a new one) to be answered. The same file again
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
    progress(0, STEPS)
    decisions = dict(decided or {})
    seen = look(table, as_of=as_of, decided=decisions)
    if accept_suggestions:
        chosen = {q.id: Decision("same", q.suggested) for q in seen.plan.questions if q.suggested}
        decisions = chosen | decisions
        seen = look(table, as_of=as_of, decided=decisions)
    return _Writer(seen, by, decisions, progress).write(draft)


class _Writer:
    """Writes one plan. The order matters: codes are freed before they are given again."""

    def __init__(self, seen: Preview, by: Who, decisions: dict[int, Decision], progress: Progress):
        self.seen, self.by, self.plan, self.decisions, self.progress = seen, by, seen.plan, decisions, progress
        self.id_of = {code: old for code, (old, _why) in self.plan.pairs.items()}
        self.region_of: dict[str, int] = {}
        self.changes: list[Change] = []

    def write(self, draft: EditionDraft | None) -> Loaded:
        table, seen = self.seen.table, self.seen
        edition = Edition.objects.create(
            as_of=seen.as_of,
            classifier=table.classifier,
            file_name=table.file_name[:200],
            sha256=table.sha256,
            row_count=len(seen.units),
            loaded_by=self.by.user,
        )
        self.progress(1, STEPS)
        gone = self.abolish()
        kept = self.free_codes()
        self.create()
        self.progress(2, STEPS)
        self.change(kept)
        self.name_successors()
        fill_paths()
        self.progress(3, STEPS)
        self.keep_states(edition)
        self.progress(4, STEPS)
        offices = ensure_offices(by=self.by, day=seen.as_of)
        counts = seen.counts | {"moved": self.moved, "changed": len(kept), "offices": offices}
        edition.summary = counts
        edition.save(update_fields=["summary"])
        self.progress(5, STEPS)
        self.journal(edition, gone, counts)
        return Loaded(edition, counts=counts, draft=self.leave_open(edition, draft))

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
            time_zone=zone_of(unit.code),
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

    def name_successors(self) -> None:
        for pk, decision in self.decisions.items():
            if decision.choice == "abolished" and decision.code in self.id_of:
                Territory.objects.filter(pk=pk).update(successor=self.id_of[decision.code])

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

    def leave_open(self, edition: Edition, draft: EditionDraft | None) -> EditionDraft | None:
        """Questions that nobody has answered wait for a person."""
        if draft is None:
            if not self.plan.questions:
                return None
            draft = EditionDraft(
                as_of=self.seen.as_of,
                file_name=edition.file_name,
                sha256=edition.sha256,
                decisions=decisions_as_json(self.decisions),
                created_by=self.by.user,
            )
        draft.plan = plan_as_json(self.seen)
        draft.rows = []
        draft.edition = edition
        draft.state = DraftState.OPEN if self.plan.questions else DraftState.CLOSED
        draft.closed_at = None if self.plan.questions else timezone.now()
        draft.version += 1
        draft.save()
        return draft
