"""Duties follow facts: opened, re-dated, met and dropped by comparing what the rooms tell with what is stored.

The database compares whole sets and only differences are written, so that a sweep may run twice, late or never
for a week: what it leaves is the same, and when nothing has happened it costs little more than its SELECT.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from journal.actors import Actor
from journal.heartbeats import beat
from journal.models import Heartbeat
from journal.services import Change, record_many

from .. import ids
from ..ids import Subject
from ..models import Duty, Trace
from .counting import Uncounted, count_missing
from .facts import FactSet, Told
from .moves import Only
from .statement import COLUMNS, Statement, statement

#: What the sources told in this sweep, evaluated once; and those rows of it that the duties do not say yet.
FACTS, TABLE = "deadlines_fact", "deadlines_difference"
#: A row of facts and a counting belong together.
COUNTED = (
    "c.wording = f.wording AND c.readings = f.readings AND c.day = f.day AND c.other_day = f.other_day"
    " AND c.number = f.number"
)
#: What a fact says of the debtor is not what the duty says.
OTHER_DEBTOR = (
    "(COALESCE(d.debtor_id, 0) <> COALESCE(f.debtor_id, 0) OR COALESCE(d.body_id, 0) <> COALESCE(f.body_id, 0)"
    " OR COALESCE(d.region_id, 0) <> COALESCE(f.region_id, 0))"
)
#: The fact does not say any more that it was done.
WITHDRAWN = "d.met_by = 'fact' AND d.met_on IS NOT NULL AND f.met_on IS NULL"
#: What PostgreSQL may take for a sort or a hash of the sweep, so that half a million duties need no file.
WORK_MEMORY = "128MB"
ACTOR = Actor.system("sweep")
#: Under this name the sweep keeps which days it could not count, and how many of them it names.
UNCOUNTED, MOST_TOLD = "uncounted", 50


@dataclass
class Counts:
    """What a sweep changed."""

    opened: int = 0
    redated: int = 0
    met: int = 0
    dropped: int = 0
    reopened: int = 0
    counted: int = 0
    uncounted: int = 0
    reminded: int = 0
    mailed: int = 0

    def __iadd__(self, other: Counts) -> Counts:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self


@transaction.atomic
def sync(told: Sequence[tuple[int, Told]], *, today: dt.date, only: Only | None = None) -> Counts:
    """Bring the duties of the lines and years that the sources speak of in line with what they tell.

    `told`: what each source says, with the place of the source. A met duty keeps its dates and their counting,
    whatever becomes of readings and of its fact; when its proof is withdrawn it opens again and says so, when its
    fact is gone it stays met and says so. A fact that is gone drops an open duty without calling it met.
    `only` (PostgreSQL): of the kinds of subjects that it names these ids alone are looked at.
    """
    counts, broken = Counts(), []
    if connection.vendor == "postgresql":
        # Compiling statements as long as these takes many times as long as running them.
        run(f"SET LOCAL jit = off; SET LOCAL work_mem = '{WORK_MEMORY}'")
    for year in sorted({item.year for _place, item in told if isinstance(item, FactSet)}):
        of_year = [(n, item) for n, item in told if not isinstance(item, FactSet) or item.year == year]
        if not Duty.objects.filter(year=year).exists():
            with hashed():
                broken += open_year(statement(of_year), counts, year, today)
            continue
        with evaluated(of_year, only) as stated:
            drop(stated, counts, only)
            broken += compare(stated, counts, today)
    counts.uncounted = len(broken)
    if broken or only is None:
        tell(broken)
    return counts


def tell(broken: Sequence[Uncounted]) -> None:
    """Keep what could not be counted where the administrator sees it; a whole sweep that counted everything ends it."""
    if broken:
        beat(UNCOUNTED, {"found": [row._asdict() for row in broken[:MOST_TOLD]], "all": len(broken)})
    else:
        Heartbeat.objects.filter(name=UNCOUNTED).delete()


@contextmanager
def evaluated(told: Sequence[tuple[int, Told]], only: Only | None):
    """What the facts tell, in a table of this transaction; yields a statement that reads it."""
    near = {kind: pks for kind, pks in (only or {}).items() if pks}
    parts = [statement([(n, item) for n, item in told if item.kind not in (only or {})])]
    if near:
        few = [(n, item) for n, item in told if item.kind in near]
        parts.append(statement([(n, replace(item, rows=item.rows.of_subjects(near[item.kind]))) for n, item in few]))
    whole = Statement()
    for part in parts:
        whole.anchors |= part.anchors
        for year, rules in part.spoken_of.items():
            whole.spoken_of[year] |= rules
    parts = [part for part in parts if part.sql]
    if not parts:
        yield whole
        return
    with hashed(), temporary(FACTS, parts[0].sql, parts[0].params):
        with hashed(False):
            for part in parts[1:]:
                run(f"INSERT INTO {FACTS} ({COLUMNS}) {part.sql}", part.params)
            if only is not None:
                run(f"ANALYZE {FACTS}")
        whole.sql = f"SELECT {COLUMNS} FROM {FACTS}"
        with hashed(only is None):
            yield whole


@contextmanager
def hashed(wanted: bool = True):
    """Sets whose sizes nobody knows beforehand are hashed, never walked for each row of another; few known rows are."""
    if connection.vendor != "postgresql":
        yield
        return
    [[before]] = rows("SHOW enable_nestloop")
    run(f"SET LOCAL enable_nestloop = {'off' if wanted else 'on'}")
    yield
    run(f"SET LOCAL enable_nestloop = {before}")


def open_year(stated: Statement, counts: Counts, year: int, today: dt.date) -> list[Uncounted]:
    """Nothing is known of the year yet: everything that the facts tell is opened, without a comparison.

    Answers what could not be counted; its duties are not opened.
    """
    if not stated.sql:
        return []
    counted, broken = count_missing(uncounted(f"({stated.keys})", stated.keys_params), stated.anchors)
    counts.counted += counted
    counts.opened += insert(today, f"({stated.sql})", stated.params)
    counts.met += Duty.objects.filter(year=year, met_on__isnull=False).count()
    return broken


@contextmanager
def temporary(name: str, select: str, params: Sequence[Any]):
    """A table of this transaction with the rows of a SELECT."""
    keep = " ON COMMIT DROP" if connection.vendor == "postgresql" else ""
    run(f"DROP TABLE IF EXISTS {name}")
    run(f"CREATE TEMP TABLE {name}{keep} AS {select}", params)
    yield
    run(f"DROP TABLE {name}")


def compare(stated: Statement, counts: Counts, today: dt.date) -> list[Uncounted]:
    """Write what the facts tell and the duties do not say yet; answers what could not be counted."""
    broken: list[Uncounted] = []
    if not stated.sql:
        return broken
    with differences(stated):
        fresh, met, known = how_many()
        if fresh or known:
            counted, broken = count_missing(uncounted(TABLE), stated.anchors)
            counts.counted += counted
        if known:
            follow(counts, today)
        if fresh:
            counts.opened += insert(today, f"(SELECT * FROM {TABLE} WHERE fresh)")
            counts.met += met
    return broken


@contextmanager
def differences(stated: Statement):
    """The facts whose duty is missing or says something else, in a table of this transaction."""
    columns = ", ".join(f"f.{name.strip()}" for name in COLUMNS.split(","))
    with temporary(
        TABLE,
        f"SELECT {columns}, d.id IS NULL AS fresh FROM ({stated.sql}) f"
        f" LEFT JOIN deadlines_counting c ON {COUNTED} LEFT JOIN deadlines_duty d ON d.id = f.id"
        " WHERE d.id IS NULL"
        " OR (d.met_on IS NULL AND (c.id IS NULL OR d.counting_id <> c.id OR f.met_on IS NOT NULL"
        f" OR d.cancelled_at IS NOT NULL OR {OTHER_DEBTOR}))"
        " OR (d.met_by = 'fact' AND (f.met_on IS NULL OR d.met_on <> f.met_on OR d.evidence <> f.evidence))"
        f" OR d.trace = '{Trace.FACT_GONE}'",
        stated.params,
    ):
        yield


def how_many() -> tuple[int, int, int]:
    """Duties to open, those of them that are met at once, and duties that say something else than their facts."""
    [[fresh, met, known]] = rows(
        "SELECT COUNT(CASE WHEN fresh THEN 1 END), COUNT(CASE WHEN fresh THEN met_on END),"
        f" COUNT(CASE WHEN NOT fresh THEN 1 END) FROM {TABLE}"
    )
    return fresh, met, known


def uncounted(facts: str, params: Sequence[Any] = ()) -> list[Any]:
    """The combinations of wording, readings and days that nobody has counted yet. `facts` is a table or a SELECT."""
    found = rows(
        "SELECT f.wording, f.readings, f.day, f.other_day, f.number FROM (SELECT DISTINCT wording, readings, day,"
        f" other_day, number FROM {facts} g) f LEFT JOIN deadlines_counting c ON {COUNTED} WHERE c.id IS NULL",
        params,
    )
    return sorted((row[0], row[1], as_day(row[2]), as_day(row[3]), row[4]) for row in found)


def as_day(value: dt.date | str) -> dt.date:
    """SQLite hands the date of an expression back as text."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def insert(today: dt.date, facts: str, params: Sequence[Any] = ()) -> int:
    """Open what is missing, in the order of the ids; answers how many. `facts` is a SELECT in brackets."""
    return run(
        "INSERT INTO deadlines_duty (id, rule_id, year, debtor_id, body_id, region_id, counting_id, due_on,"
        " late_after, opened_on, met_on, noted_on, met_by, evidence, trace, cancelled_at, version)"
        " SELECT f.id, f.rule_id, f.year, f.debtor_id, f.body_id, f.region_id, c.id, c.due_on, c.late_after,"
        f" {moment('date')}, f.met_on, CASE WHEN f.met_on IS NOT NULL THEN {moment('date')} END,"
        " CASE WHEN f.met_on IS NOT NULL THEN 'fact' ELSE '' END,"
        " CASE WHEN f.met_on IS NOT NULL THEN f.evidence ELSE '' END, '', NULL, 1"
        f" FROM {facts} f JOIN deadlines_counting c ON {COUNTED} ORDER BY f.id",
        [today, today, *params],
    )


def follow(counts: Counts, today: dt.date) -> None:
    """Open duties take the days, the debtor and the proof of their facts; met ones their proof."""
    known = f"{TABLE} f JOIN deadlines_duty d ON d.id = f.id JOIN deadlines_counting c ON {COUNTED}"
    [[redated, met]] = rows(
        "SELECT COALESCE(SUM(CASE WHEN COALESCE(d.due_on, d.opened_on) <> COALESCE(c.due_on, d.opened_on)"
        f" THEN 1 ELSE 0 END), 0), COUNT(f.met_on) FROM {known} WHERE d.met_on IS NULL"
    )
    counts.redated += redated
    counts.met += met
    update(
        "counting_id = c.id, due_on = c.due_on, late_after = c.late_after, debtor_id = f.debtor_id,"
        " body_id = f.body_id, region_id = f.region_id, met_on = f.met_on, cancelled_at = NULL,"
        f" noted_on = CASE WHEN f.met_on IS NOT NULL THEN {moment('date')} END,"
        " met_by = CASE WHEN f.met_on IS NOT NULL THEN 'fact' ELSE '' END,"
        " evidence = CASE WHEN f.met_on IS NOT NULL THEN f.evidence ELSE '' END,"
        f" trace = CASE WHEN f.met_on IS NOT NULL AND d.trace = '{Trace.REOPENED}' THEN '{Trace.CHANGED}'"
        " ELSE d.trace END",
        "d.met_on IS NULL",
        [today],
    )
    counts.reopened += reopen()
    update(
        "met_on = f.met_on, evidence = f.evidence,"
        f" noted_on = CASE WHEN d.met_on <> f.met_on THEN {moment('date')} ELSE d.noted_on END,"
        f" trace = CASE WHEN d.met_on <> f.met_on THEN '{Trace.CHANGED}' ELSE d.trace END",
        "d.met_by = 'fact' AND f.met_on IS NOT NULL AND (d.met_on <> f.met_on OR d.evidence <> f.evidence)",
        [today],
    )
    update("trace = ''", f"d.trace = '{Trace.FACT_GONE}'")


def reopen() -> int:
    """Duties whose proof was taken back are open again, by the days that hold now, and the journal tells it."""
    found = rows(f"SELECT d.id FROM {TABLE} f JOIN deadlines_duty d ON d.id = f.id WHERE {WITHDRAWN} ORDER BY d.id")
    if not found:
        return 0
    journal([row[0] for row in found], "duty.reopened", Trace.REOPENED)
    return update(
        "counting_id = c.id, due_on = c.due_on, late_after = c.late_after, debtor_id = f.debtor_id,"
        " body_id = f.body_id, region_id = f.region_id, met_on = NULL, noted_on = NULL, met_by = '', evidence = '',"
        f" trace = '{Trace.REOPENED}'",
        WITHDRAWN,
    )


def looked_at(only: Only) -> tuple[str, list[Any]]:
    """The duties of these subjects, and all of kinds that are not named, each kind by its range of ids."""
    selects: list[str] = []
    params: list[Any] = []
    for kind in Subject:
        first, end = (ids.range_of(each, 0)[0] for each in (kind, kind + 1))
        if kind not in only:
            selects.append(f"SELECT * FROM deadlines_duty WHERE id >= {first} AND id < {end}")
        elif only[kind]:
            selects.append(
                "SELECT n.* FROM UNNEST(CAST(%s AS bigint[])) AS m (id) JOIN deadlines_duty n ON n.id >="
                f" {first} + (m.id << {ids.SUBJECT_AT}) AND n.id < {first} + ((m.id + 1) << {ids.SUBJECT_AT})"
            )
            params.append(list(only[kind]))
    return f"({' UNION ALL '.join(selects)})", params


def drop(stated: Statement, counts: Counts, only: Only | None = None) -> None:
    """Open duties whose fact is gone are dropped; met ones stay, are marked, and the journal tells it."""
    duties, params = ("deadlines_duty", []) if only is None else looked_at(only)
    spoken = []
    for year, rules in sorted(stated.spoken_of.items()):
        spoken.append(f"(d.year = {year:d} AND d.rule_id IN ({', '.join(['%s'] * len(rules))}))")
        params += sorted(rules)
    gone = (
        f"SELECT d.id FROM {duties} d WHERE d.cancelled_at IS NULL AND d.trace <> '{Trace.FACT_GONE}'"
        f" AND ({' OR '.join(spoken)})"
    )
    if stated.sql:
        # Not an anti-join: a table that was just filled looks small, and the facts would be read for each duty.
        gone += f" EXCEPT SELECT f.id FROM ({stated.sql}) f"
        params += stated.params
    missing = [row[0] for row in rows(gone, params)]
    if not missing:
        return
    met_on = dict(
        found for part in parts(missing) for found in Duty.objects.filter(pk__in=part).values_list("pk", "met_on")
    )
    unmet = [pk for pk in missing if met_on[pk] is None]
    met = sorted(pk for pk in missing if met_on[pk] is not None)
    for part in parts(unmet):
        Duty.objects.filter(pk__in=part, met_on=None).update(cancelled_at=timezone.now(), version=F("version") + 1)
    for part in parts(met):
        Duty.objects.filter(pk__in=part).update(trace=Trace.FACT_GONE, version=F("version") + 1)
    if met:
        journal(met, "duty.fact_gone", Trace.FACT_GONE)
    counts.dropped += len(unmet)


def journal(pks: Sequence[int], action: str, trace: Trace) -> None:
    """What happened to duties that had been met, one entry each."""
    for part in parts(pks):
        duties = Duty.objects.filter(pk__in=part).select_related("debtor").order_by("pk")
        record_many(
            ACTOR,
            action,
            [
                Change(
                    obj=duty,
                    was={"met_on": duty.met_on, "evidence": duty.evidence, "trace": duty.trace},
                    became={"met_on": None if trace == Trace.REOPENED else duty.met_on, "trace": trace},
                    scope_path=duty.debtor.path if duty.debtor else "",
                )
                for duty in duties
            ],
        )


def parts(pks: Sequence[int], size: int = 5000) -> Iterable[Sequence[int]]:
    return (pks[start : start + size] for start in range(0, len(pks), size))


def update(values: str, condition: str, params: Sequence[Any] = ()) -> int:
    """UPDATE the duties that have a row of differences, each joined to its counting."""
    return run(
        f"UPDATE deadlines_duty AS d SET {values}, version = d.version + 1 FROM {TABLE} f, deadlines_counting c"
        f" WHERE d.id = f.id AND {COUNTED} AND {condition}",
        params,
    )


def moment(kind: str) -> str:
    """A parameter of a type that PostgreSQL would else have to guess."""
    return f"CAST(%s AS {kind})" if connection.vendor == "postgresql" else "%s"


def run(sql: str, params: Sequence[Any] = ()) -> int:
    """Execute; answers how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params) or None)
        return cursor.rowcount


def rows(sql: str, params: Sequence[Any] = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params) or None)
        return cursor.fetchall()
