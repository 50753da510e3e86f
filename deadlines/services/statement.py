"""One SELECT over everything that the sources told: the duties as the facts would have them.

`told(id, rule_id, year, debtor_id, body_id, region_id, wording, readings, day, other_day, number, met_on,
evidence)`; read by PostgreSQL and SQLite alike.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from law.readings import Readings
from law.register import NoRuleInForce, rule
from territories.models import Territory

from .. import ids
from ..models import Counting
from ..readings import readings_by_region
from .counting import Anchors, readings_text
from .facts import AnchorDays, FactSet, Proofs, Told

COLUMNS = (
    "id, rule_id, year, debtor_id, body_id, region_id, wording, readings, day, other_day, number, met_on, evidence"
)
#: Stands for the readings of the nation, and of bodies that belong to no region.
NATION = 0


@dataclass(frozen=True)
class Line:
    """One rule of a set: what its ids begin with, its wording, its readings and where these differ."""

    rule_id: str
    base: int
    wording: str
    readings: str
    elsewhere: tuple[tuple[int, str], ...] = ()


@dataclass
class Statement:
    """The SELECT, its parameters, which rules it speaks of in which years, and what its keys are made of.

    `keys`: the same facts as far as their dates hang on them: wording, readings, day, other day and number.
    """

    sql: str = ""
    params: tuple[Any, ...] = ()
    keys: str = ""
    keys_params: tuple[Any, ...] = ()
    spoken_of: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    anchors: dict[str, Anchors] = field(default_factory=dict)


def statement(told: Sequence[tuple[int, Told]]) -> Statement:
    """What the sources told, each item with the place of its source in the settings."""
    sets = list(winning(told))
    proofs = [item for _place, item in told if isinstance(item, Proofs)]
    days = [item for _place, item in told if isinstance(item, AnchorDays)]
    readings = readings_of_years({found.year for found, _rules in sets})
    built = Statement()
    branches: list[str] = []
    keys: list[str] = []
    params: list[Any] = []
    keys_params: list[Any] = []
    for found, rules in sets:
        built.spoken_of[found.year].update(rules)
        lines = [line for rule_id in rules if (line := line_of(found, rule_id, readings[found.year]))]
        if not lines:
            continue
        names = Anchors(
            day=found.day or next((k for k, v in found.fixed.items() if isinstance(v, dt.date)), ""),
            other_day=found.other_day,
            number=found.number or next((k for k, v in found.fixed.items() if not isinstance(v, dt.date)), ""),
        )
        built.anchors.update({line.wording: names for line in lines})
        branch = Branch(found, lines, [p for p in proofs if p.kind == found.kind and p.period == found.period], days)
        branches.append(branch.sql())
        params += branch.params
        branch.params = []
        keys.append(branch.keys())
        keys_params += branch.params
    built.sql, built.params = " UNION ALL ".join(branches), tuple(params)
    built.keys, built.keys_params = " UNION ALL ".join(keys), tuple(keys_params)
    return built


def winning(told: Iterable[tuple[int, Told]]) -> Iterable[tuple[FactSet, list[str]]]:
    """The sets of facts, each with the rules that no later source speaks of in its stead."""
    told = list(told)
    last: dict[tuple[str, int, int], int] = {}
    for place, item in told:
        if isinstance(item, FactSet):
            for rule_id in item.rules:
                last[rule_id, item.kind, item.year] = place
    for place, item in told:
        if isinstance(item, FactSet):
            rules = [rule_id for rule_id in item.rules if last[rule_id, item.kind, item.year] == place]
            if rules:
                yield item, rules


def readings_of_years(years: Iterable[int]) -> dict[int, dict[int, Readings]]:
    """Readings by region on 1 January of each year; the nation's under `NATION`."""
    regions = list(Territory.objects.regions().values_list("pk", flat=True))
    return {year: readings_by_region([NATION, *regions], dt.date(year, 1, 1)) for year in years}


def line_of(found: FactSet, rule_id: str, readings: dict[int, Readings]) -> Line | None:
    """The line with its wording of the year, or None where no text of it was in force (a hole stays a hole)."""
    try:
        wording = rule(rule_id, dt.date(found.year, 1, 1))
    except NoRuleInForce:
        return None
    texts = {region: readings_text(chosen, rule_id) for region, chosen in readings.items()}
    return Line(
        rule_id=rule_id,
        base=ids.base(found.kind, rule_id, found.period),
        wording=wording.key,
        readings=texts[NATION],
        elsewhere=tuple((region, text) for region, text in texts.items() if text != texts[NATION]),
    )


class Branch:
    """One set of facts as a SELECT: its rows times its lines, with the proofs and days that others told."""

    def __init__(self, found: FactSet, lines: list[Line], proofs: list[Proofs], days: list[AnchorDays]) -> None:
        self.found = found
        self.lines = lines
        self.proofs = proofs
        self.days = [item for item in days if item.kind == found.kind and item.anchor == found.other_day]
        self.params: list[Any] = []

    def sql(self) -> str:
        # Parts with parameters stand in the order in which they are asked for here.
        rows, columns = self.found.rows.sql, self.found.rows.columns
        self.params += self.found.rows.params
        # `1 = 1`: a row owes all lines of its set, unless it names one.
        same = "l.rule_id = r.rule_id" if "rule_id" in columns else "1 = 1"
        source = f"FROM ({rows}) r JOIN ({self.table_of_lines()}) l ON {same}"
        readings = "l.readings"
        # Bodies belong to no region: they owe by the readings of the nation.
        if "region_id" in columns and any(line.elsewhere for line in self.lines):
            source += f" LEFT JOIN ({self.table_of_readings()}) q ON q.base = l.base AND q.region_id = r.region_id"
            readings = "COALESCE(q.readings, l.readings)"
        met, evidence = known("met_on", columns, "date"), known("evidence", columns, "text")
        rules = {line.rule_id: line.base for line in self.lines}
        proofs = [(p, [rules[r] for r in p.rules if r in rules]) for p in self.proofs]
        proofs = [(p, bases) for p, bases in proofs if bases]
        if proofs:
            source += (
                f" LEFT JOIN ({self.table_of_proofs(proofs)}) p ON p.base = l.base AND p.subject_id = r.subject_id"
            )
            met, evidence = f"COALESCE({met}, p.met_on)", f"CASE WHEN {met} IS NULL THEN p.evidence ELSE {evidence} END"
        join, day, other, number = self.counted_from()
        source += join
        return (
            f"SELECT l.base + CAST(r.subject_id AS bigint) * {1 << ids.SUBJECT_AT} AS id, l.rule_id AS rule_id,"
            f" {self.found.year:d} AS year, {known('debtor_id', columns, 'bigint')} AS debtor_id,"
            f" {known('body_id', columns, 'bigint')} AS body_id, {known('region_id', columns, 'bigint')} AS region_id,"
            f" l.wording AS wording, {readings} AS readings, {day} AS day, {other} AS other_day, {number} AS number,"
            f" {met} AS met_on, COALESCE({evidence}, '') AS evidence {source}"
        )

    def counted_from(self) -> tuple[str, str, str, str]:
        """What the rows `r` must be joined to for their days, and day, other day and number of each."""
        columns, fixed = self.found.rows.columns, self.found.fixed.values()
        join, other, none = "", known("other_day", columns, "date"), literal(Counting.NO_DAY)
        if self.days:
            join = f" LEFT JOIN ({self.table_of_days()}) a ON a.subject_id = r.subject_id"
            other = f"COALESCE({other}, a.day)"
        day = next((literal(v) for v in fixed if isinstance(v, dt.date)), known("day", columns, "date"))
        number = next((str(int(v)) for v in fixed if not isinstance(v, dt.date)), known("number", columns, "integer"))
        return join, f"COALESCE({day}, {none})", f"COALESCE({other}, {none})", f"COALESCE({number}, 0)"

    def keys(self) -> str:
        """What the dates of these facts hang on. Rows whose days are equal are one before they owe their lines, and
        nothing is asked of what met them."""
        self.params += self.found.rows.params
        join, day, other, number = self.counted_from()
        own_lines = "rule_id" in self.found.rows.columns
        elsewhere = "region_id" in self.found.rows.columns and any(line.elsewhere for line in self.lines)
        more = ", r.rule_id" * own_lines + ", r.region_id" * elsewhere
        same = "l.rule_id = r.rule_id" if own_lines else "1 = 1"
        readings, of_region = "l.readings", ""
        if elsewhere:
            of_region = f" LEFT JOIN ({self.table_of_readings()}) q ON q.base = l.base AND q.region_id = r.region_id"
            readings = "COALESCE(q.readings, l.readings)"
        # Where nothing that is asked hangs on the row, whether there is one is all that is asked.
        asked = f"{day} AS day, {other} AS other_day, {number} AS number{more}"
        one, first = ("", " LIMIT 1") if "r." not in asked else ("DISTINCT ", "")
        return (
            f"SELECT l.wording AS wording, {readings} AS readings, r.day, r.other_day, r.number FROM"
            f" (SELECT {one}{asked} FROM ({self.found.rows.sql}) r{join}{first}) r"
            f" JOIN ({self.table_of_lines()}) l ON {same}{of_region}"
        )

    def table_of_lines(self) -> str:
        rows = []
        for line in self.lines:
            rows.append(
                f"SELECT CAST({line.base} AS bigint) AS base, {quoted(line.rule_id)} AS rule_id,"
                f" {quoted(line.wording)} AS wording, {quoted(line.readings)} AS readings"
            )
        return " UNION ALL ".join(rows)

    def table_of_readings(self) -> str:
        return " UNION ALL ".join(
            f"SELECT CAST({line.base} AS bigint) AS base, {region:d} AS region_id, {quoted(text)} AS readings"
            for line in self.lines
            for region, text in line.elsewhere
        )

    def table_of_proofs(self, proofs: list[tuple[Proofs, list[int]]]) -> str:
        """The earliest day of each duty, and the evidence of that day."""
        rows = []
        for item, bases in proofs:
            self.params += item.rows.params
            lines = " UNION ALL ".join(f"SELECT CAST({base} AS bigint) AS base" for base in bases)
            rows.append(
                f"SELECT x.base, y.subject_id, y.met_on, y.evidence FROM ({lines}) x CROSS JOIN ({item.rows.sql}) y"
                " WHERE y.met_on IS NOT NULL"
            )
        every = " UNION ALL ".join(rows)
        return (
            "SELECT base, subject_id, met_on, evidence FROM (SELECT z.*, ROW_NUMBER() OVER"
            f" (PARTITION BY base, subject_id ORDER BY met_on, evidence) AS place FROM ({every}) z) w WHERE place = 1"
        )

    def table_of_days(self) -> str:
        rows = []
        for item in self.days:
            self.params += item.rows.params
            rows.append(f"SELECT y.subject_id, y.day FROM ({item.rows.sql}) y")
        return f"SELECT subject_id, MAX(day) AS day FROM ({' UNION ALL '.join(rows)}) z GROUP BY subject_id"


def known(name: str, columns: Iterable[str], kind: str) -> str:
    """The column of the rows, or a NULL of its type where the rows have none."""
    return f"r.{name}" if name in columns else f"CAST(NULL AS {kind})"


def literal(day: dt.date) -> str:
    """A date that both databases compare as a date."""
    return f"DATE '{day.isoformat()}'" if connection.vendor == "postgresql" else f"'{day.isoformat()}'"


def quoted(text: str) -> str:
    """A text of the register as a literal. No such text holds a per cent sign, which would need doubling."""
    text = text.replace("'", "''")
    return f"CAST('{text}' AS text)" if connection.vendor == "postgresql" else f"'{text}'"
