"""How the rooms tell the ledger what is owed and what was done: as sets that the database reads, never row by row.

A room has a `duties.py` with one function that `settings.DUTY_SOURCES` names:

    def facts(today: date, years: Sequence[int]) -> Iterable[FactSet | Proofs | AnchorDays]

A sweep that looks only at what has moved reads the rows of these meetings and units (`marks.py`): a table of which
facts of meetings or of akims are made needs its trigger there. What a day that passes changes, `settings.DUTY_DAYS`
tells.

It is called by every sweep and only *describes* queries; the sweep runs them. Everything is a pure function of
the rows and of `today`: asked twice, it says the same.

* `FactSet`: somebody owes one or several lines of the register for each of these rows. Duties open from it, are
  re-dated with its days, follow its debtor, and are dropped (open ones) or marked (met ones) when a row is gone.
* `Proofs`: rows that say by what and when duties of *another* source's facts were met.
* `AnchorDays`: a day from which duties of another source's facts are counted (`reception.end_date` of meetings).

So a room further left adds to meetings that a room further right opened, without changing it. Where two sources
give facts for the same line, kind of subject and year, those of the later one in DUTY_SOURCES count alone.

Example, for a room that knows receptions and publications of results:

    def facts(today, years):
        yield AnchorDays("reception.end_date", Subject.MEETING, Rows.of(
            Reception.objects.filter(meeting__calendar__year__in=years, state="held"),
            subject_id="meeting_id", day="ended_on"))
        yield Proofs(("826-3.5.c1",), Subject.MEETING, Rows.of(
            Publication.objects.filter(meeting__calendar__year__in=years, kind="results", complete=True),
            subject_id="meeting_id", met_on="last_place_on", evidence=proof("LINK", address="url")))

Rows are a queryset with its columns (`Rows.of`), or SQL that PostgreSQL and SQLite both read. Columns by name:

    subject_id   id of the meeting, akim's unit, body …          all three
    debtor_id    territory that owes                             FactSet; exactly one of the two is not NULL
    body_id      organisation that owes                          FactSet, if any of its rows has one
    region_id    region of the debtor (readings, scope)          FactSet; NULL for bodies
    day          civil day of the anchor `FactSet.day`           FactSet, where `day` is named; AnchorDays
    other_day    civil day of the anchor `FactSet.other_day`     optional; NULL = not given
    number       whole number of the anchor `FactSet.number`     optional
    rule_id      which of the rules this row owes                optional; without it each row owes all of them
    met_on       civil day on which it was done, NULL = not yet  FactSet (optional), Proofs
    evidence     one line of text by `proof()`, '' without one   FactSet (optional), Proofs

A duty that must be met by several things at once (all mandatory places) is met on the day of the last one: say so in
`met_on`, and leave it NULL until then. Several `Proofs` rows for one duty: the earliest day counts. Evidence that
a person records by hand (`services.record_evidence`) needs no source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Replace

from ..ids import Subject


@dataclass(frozen=True)
class Rows:
    """A SELECT and its parameters; `columns` are the names of what it gives."""

    sql: str
    params: tuple[Any, ...]
    columns: frozenset[str]

    @classmethod
    def of(cls, rows: QuerySet, **columns: Any) -> Rows:
        """The rows of a queryset; each column is a name of a field or an expression. An order is taken off."""
        # Under names of their own first: a column may be called like a field of the model.
        named = {f"as_{name}": F(value) if isinstance(value, str) else value for name, value in columns.items()}
        sql, params = rows.order_by().values(**named).query.sql_with_params()
        inner = ", ".join(f"as_{name} AS {name}" for name in columns)
        return cls(f"SELECT {inner} FROM ({sql}) x", tuple(params), frozenset(columns))  # noqa: S608

    @classmethod
    def raw(cls, sql: str, params: Sequence[Any], columns: Sequence[str]) -> Rows:
        """SQL whose SELECT names exactly these columns."""
        return cls(sql, tuple(params), frozenset(columns))

    def of_subjects(self, ids: Sequence[int]) -> Rows:
        """The rows of these subjects alone; on PostgreSQL, which takes a list as one value."""
        sql = f"SELECT * FROM ({self.sql}) n WHERE n.subject_id = ANY(CAST(%s AS bigint[]))"  # noqa: S608
        return Rows(sql, (*self.params, list(ids)), self.columns)


@dataclass(frozen=True)
class FactSet:
    """Each of `rows` owes each of `rules`, by the wording and the readings in force on 1 January of `year`.

    `period`: code ("2027", "2027-H1", "2027-Q3") that tells duties of one subject apart; "" for a single
    event. `fixed`: anchors that are the same for all rows, at most one day and one number ("period.end":
    30.09.2027, "year": 2027). `day`, `other_day` and `number` name the anchors that the columns of these names
    give. An anchor that the rule does not count from need not be named.
    """

    rules: tuple[str, ...]
    kind: Subject
    year: int
    rows: Rows
    period: str = ""
    fixed: Mapping[str, dt.date | int] = field(default_factory=dict)
    day: str = ""
    other_day: str = ""
    number: str = ""


@dataclass(frozen=True)
class Proofs:
    """What met duties of these lines: columns `subject_id`, `met_on`, `evidence`. `period` as in the facts."""

    rules: tuple[str, ...]
    kind: Subject
    rows: Rows
    period: str = ""


@dataclass(frozen=True)
class AnchorDays:
    """A day for the facts of a kind that name `anchor` as their `other_day`: columns `subject_id`, `day`.

    Several rows for one subject: the latest day counts.
    """

    anchor: str
    kind: Subject
    rows: Rows


Told = FactSet | Proofs | AnchorDays


def described_once(describe: Callable[..., Iterator[Told]]) -> Callable[..., tuple[Told, ...]]:
    """For a function that describes facts by nothing but its arguments (a year, readings, ids), not by a day or by
    rows: its queries are made into SQL once a process. That takes longer than looking at the few meetings that moved.
    """

    @lru_cache(maxsize=200)
    def once(*of: Hashable) -> tuple[Told, ...]:
        return tuple(describe(*of))

    return wraps(describe)(once)


def proof(kind: str, *, number: Any = "", date: Any = None, address: Any = "", note: Any = "") -> Func:
    """An expression for the column `evidence`: kind, number, date, address and note of a proof.

    `kind` is one of DOC, SENT, LINK, SNAP, REC; the others are names of fields or expressions. `wording.proof_of`
    takes it apart again; a vertical bar inside one of them becomes a broken one.
    """
    values: list[Any] = [Value(kind)]
    for part in (number, date, address, note):
        expression = F(part) if isinstance(part, str) and part else part
        values += [Value("|"), text(expression) if expression else Value("")]
    # Side by side: nested pairs, as `Concat` writes them, are too deep for the parser of SQLite inside the sweep.
    return Func(*values, template="(%(expressions)s)", arg_joiner=" || ", output_field=TextField())


def text(expression: Any) -> Coalesce:
    """The expression as text without a bar; "" for NULL."""
    bare = Replace(Cast(expression, TextField()), Value("|"), Value("¦"))
    return Coalesce(bare, Value(""), output_field=TextField())
