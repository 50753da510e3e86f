"""What happened to each office day by day, as sums of changes: the state of any day is the sum up to it.

Every figure is told by dated rows: a meeting counts as held from the day on which it was held; a duty is in time,
contested or late from the day on which the ledger knew it; an issue is open from the day it was raised until its
closing, and past its day by the day that was promised then (granted new days are kept one by one). So yesterday's
desk is yesterday's sum, and nothing is guessed. What is not kept is said in `NOT_KEPT`, which the page shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The figures of an office, in the order of the columns of `Cell`. `duty_*` counts every duty with a day, the other
#: groups those of one question: 826-3.4.e, f (announcement), 3.5.c1–c3 (results, list, plan), 3.5.d1 (quarter).
FIGURES = (
    "held",
    "announce_met",
    "announce_contested",
    "announce_late",
    "publish_met",
    "publish_contested",
    "publish_late",
    "quarter_met",
    "quarter_contested",
    "quarter_late",
    "duty_met",
    "duty_contested",
    "duty_late",
    "raised",
    "done",
    "explained",
    "declined",
    "past",
    "slipped",
    "reports",
)
#: Inside a statement a figure is its place in `FIGURES`: numbers are compared many times as quickly as names.
PLACE = {name: place for place, name in enumerate(FIGURES)}
MEETINGS, DUTIES, REPORTS = "calendars_meeting", "deadlines_duty", "issues_quarterlyreport"
GROUPS = {
    "announce": ("826-3.4.e", "826-3.4.f"),
    "publish": ("826-3.5.c1", "826-3.5.c2", "826-3.5.c3"),
    "quarter": ("826-3.5.d1",),
}
#: The states of a duty, as the places of their figures within a group.
MET, CONTESTED, LATE = range(3)
NOT_KEPT: tuple[str | Promise, ...] = (
    _("A meeting counts as held from its day on; when that was typed in stands in the journal only."),
    _("A duty that was counted anew stands with its newest day; duties that were dropped later are left out."),
    _("Proof that was withdrawn later is taken as if it had never been there."),
    _("An issue that was joined into another one counts with that one, on every day."),
    _("Required meetings follow the units that exist in the chosen year."),
)


class Changes:
    """The SQL of changes: `(year, unit, day, figure…)`, of a year, of some offices, of some issues.

    `year` None: of every year. `issues`: a condition on `i.id` (its parameters come with `given`). `tables`: other
    names to read instead of tables, such as the rows that a trigger is told of.
    """

    def __init__(
        self,
        year: int | None,
        units: Sequence[int] | None = None,
        *,
        issues: str = "",
        given: Sequence[Any] = (),
        tables: Mapping[str, str] | None = None,
    ) -> None:
        self.year = year
        self.units = units
        self.which, self.given = issues, given
        self.tables = tables or {}
        self.params: list[Any] = []

    def sql(self, *, issues: bool = True, others: bool = True) -> str:
        """One row an office, year and day with what changed on it: by issues, by everything else, or by both."""
        parts = [self.held(), self.duties(), self.reports()] if others else []
        parts += [self.raised(), self.closed(), self.past(), self.slipped()] if issues else []
        return added(" UNION ALL ".join(parts))

    def of_rows(self, table: str) -> str:
        """What the rows of one table alone tell."""
        if table == DUTIES:
            return added(self.duties(), [name for name in FIGURES if name.startswith((*GROUPS, "duty"))])
        return added(self.held(), ["held"]) if table == MEETINGS else added(self.reports(), ["reports"])

    def table(self, name: str) -> str:
        return self.tables.get(name, name)

    def of_year(self, column: str) -> str:
        """Condition that a column is the year; true for every year."""
        return "TRUE" if self.year is None else f"{column} = {self.year:d}"

    # -- Meetings ---------------------------------------------------------------------------------
    def held(self) -> str:
        return (
            f"SELECT c.year AS year, m.holder_id AS unit, COALESCE(m.held_on, m.date) AS day, {PLACE['held']} AS f,"
            f" {count()} AS n FROM {self.table(MEETINGS)} m JOIN calendars_calendar c ON c.id = m.calendar_id"
            f" WHERE {self.of_year('c.year')} AND m.state = 'held'{self.only('m.holder_id')} GROUP BY 1, 2, 3"
        )

    # -- The ledger -------------------------------------------------------------------------------
    def duties(self) -> str:
        """In time, contested, late: by the day on which the ledger knew of the proof, else by the passing of days."""
        groups = " ".join(
            f"WHEN rule_id IN ({', '.join(repr(rule) for rule in rules)}) THEN {PLACE[f'{group}_met']}"
            for group, rules in GROUPS.items()
        )
        known = most("opened_on", "COALESCE(noted_on, met_on)", "met_on")
        rows = (
            f"SELECT year, debtor_id AS unit, CASE {groups} ELSE {PLACE['duty_met']} END AS g,"
            f" {most('opened_on', next_day('due_on'))} AS c, {most('opened_on', next_day('late_after'))} AS l,"
            f" CASE WHEN met_on IS NOT NULL THEN {known} END AS k,"
            f" CASE WHEN met_on IS NULL THEN NULL WHEN met_on <= due_on THEN {MET}"
            f" WHEN met_on <= late_after THEN {CONTESTED} ELSE {LATE} END AS s"
            f" FROM {self.table(DUTIES)} WHERE {self.of_year('year')} AND due_on IS NOT NULL AND cancelled_at IS NULL"
            f" AND debtor_id IS NOT NULL{self.only('debtor_id')}"
        )
        unmet_until = "(s IS NULL OR {} < k)"
        between = f"c < l AND {unmet_until.format('c')}"
        # The state that stays; late from its day until a proof; contested from its day until late or proved.
        steps = (
            f"SELECT year, unit, k AS day, g, s, {count()} AS n FROM d WHERE s IS NOT NULL GROUP BY 1, 2, 3, 4, 5",
            f"SELECT year, unit, l, g, {LATE}, {count()} FROM d WHERE {unmet_until.format('l')} GROUP BY 1, 2, 3, 4",
            f"SELECT year, unit, k, g, {LATE}, -{count()} FROM d WHERE s IS NOT NULL AND l < k GROUP BY 1, 2, 3, 4",
            f"SELECT year, unit, c, g, {CONTESTED}, {count()} FROM d WHERE {between} GROUP BY 1, 2, 3, 4",
            f"SELECT year, unit, {least('COALESCE(k, l)', 'l')}, g, {CONTESTED}, -{count()} FROM d WHERE {between}"
            " GROUP BY 1, 2, 3, 4",
        )
        return f"SELECT year, unit, day, g + s AS f, n FROM (WITH d AS ({rows}) {' UNION ALL '.join(steps)}) steps "

    # -- Issues -----------------------------------------------------------------------------------
    def issues(self) -> str:
        which = ""
        if self.which:
            self.params += self.given
            which = f" AND {self.which}"
        return f"{self.of_year('i.year')} AND i.joined_into_id IS NULL{which}{self.only('i.unit_id')}"

    def raised(self) -> str:
        return (
            f"SELECT i.year, i.unit_id AS unit, i.raised_on AS day, {PLACE['raised']} AS f, {count()} AS n"
            " FROM issues_issue i"
            f" WHERE {self.issues()} GROUP BY 1, 2, 3"
        )

    def closed(self) -> str:
        """Each end of an issue counts until it was opened again."""
        kinds = " ".join(f"WHEN '{kind}' THEN {PLACE[kind]}" for kind in ("done", "explained", "declined"))
        kind = f"CASE x.kind {kinds} END"
        rows = "FROM issues_closing x JOIN issues_issue i ON i.id = x.issue_id WHERE "
        return (
            f'SELECT i.year, i.unit_id, x."on", {kind}, {count()} {rows}{self.issues()} GROUP BY 1, 2, 3, 4'
            f" UNION ALL SELECT i.year, i.unit_id, x.reopened_on, {kind}, -{count()} {rows}{self.issues()}"
            " AND x.reopened_on IS NOT NULL GROUP BY 1, 2, 3, 4"
        )

    def past(self) -> str:
        """Open and past the day that was promised at the time, item by item the latest of an issue.

        Between two granted changes an issue has one day. One that was opened again counts as open throughout.
        """
        granted = (
            "issues_duechange x JOIN issues_planitem p ON p.id = x.item_id JOIN issues_issue i ON i.id = p.issue_id"
            f" WHERE x.state = 'granted' AND {self.issues()}"
        )
        day_then = (
            f"(SELECT MAX(COALESCE((SELECT y.{quoted('to')} FROM issues_duechange y WHERE y.item_id = p.id"
            " AND y.state = 'granted' AND y.decided_on <= spans.a ORDER BY y.decided_on DESC, y.id DESC LIMIT 1),"
            " p.first_due_on)) FROM issues_planitem p WHERE p.issue_id = spans.id AND p.first_due_on IS NOT NULL"
            " AND p.state NOT IN ('draft', 'dropped'))"
        )
        columns = "i.id, i.year, i.unit_id AS unit, i.closed_on AS closed"
        return (
            f"SELECT year, unit, day, {PLACE['past']}, n FROM (WITH"
            f" changed AS (SELECT p.issue_id AS id, x.decided_on AS a FROM {granted}),"
            f" starts AS (SELECT {columns}, c.a FROM issues_issue i JOIN changed c ON c.id = i.id"
            f" UNION SELECT {columns}, i.raised_on FROM issues_issue i WHERE i.id IN (SELECT id FROM changed)),"
            " spans AS (SELECT id, year, unit, closed, a, LEAD(a) OVER (PARTITION BY id ORDER BY a) AS z FROM starts),"
            f" days AS (SELECT year, unit, closed, a, z, {day_then} AS due FROM spans UNION ALL"
            " SELECT i.year, i.unit_id, i.closed_on, i.due_on, NULL, i.due_on FROM issues_issue i"
            f" WHERE {self.issues()} AND i.due_on IS NOT NULL AND i.id NOT IN (SELECT id FROM changed)),"
            f" late AS (SELECT year, unit, {most('a', next_day('due'))} AS a,"
            f" CASE WHEN z IS NULL THEN closed WHEN closed IS NULL THEN z ELSE {least('z', 'closed')} END AS z"
            " FROM days WHERE due IS NOT NULL)"
            f" SELECT year, unit, a AS day, {count()} AS n FROM late WHERE z IS NULL OR a < z GROUP BY 1, 2, 3"
            f" UNION ALL SELECT year, unit, z, -{count()} FROM late WHERE a < z GROUP BY 1, 2, 3) p"
        )

    def slipped(self) -> str:
        """Issues whose promised day was put off at least once, from the first time on."""
        return (
            f"SELECT year, unit, day, {PLACE['slipped']}, {count()} FROM (SELECT i.year, i.unit_id AS unit,"
            " MIN(x.decided_on) AS day FROM issues_duechange x JOIN issues_planitem p ON p.id = x.item_id"
            " JOIN issues_issue i ON i.id = p.issue_id"
            f" WHERE x.state = 'granted' AND x.{quoted('to')} > x.was AND {self.issues()}"
            " GROUP BY i.id, i.year, i.unit_id) s GROUP BY 1, 2, 3"
        )

    def reports(self) -> str:
        """Quarterly information that was frozen, each quarter once: number 1 comes before the others."""
        return (
            f"SELECT year, unit_id AS unit, {civil_day('frozen_at')} AS day, {PLACE['reports']} AS f, {count()} AS n"
            f" FROM {self.table(REPORTS)} WHERE {self.of_year('year')} AND state = 'frozen' AND number = 1"
            f"{self.only('unit_id')} GROUP BY 1, 2, 3"
        )

    def only(self, column: str) -> str:
        """Condition that a column names one of the chosen offices; nothing for all of them."""
        if self.units is None:
            return ""
        self.params += self.units
        return f" AND {column} IN ({', '.join('%s' for _unit in self.units) or 'NULL'})"


def added(parts: str, told: Collection[str] = FIGURES) -> str:
    """Numbers by figure `f` as one row an office, year and day, a column a figure. `told`: which of them there are."""
    sums = ", ".join(f"{places(name) if name in told else 0} AS {name}" for name in FIGURES)
    return f"SELECT year, unit, day, {sums} FROM ({parts}) changes GROUP BY year, unit, day"


def places(name: str) -> str:
    """SQL that adds up what is of a figure; a duty of one question counts among all duties too."""
    group, _, state = name.rpartition("_")
    names = [name] if group != "duty" else [f"{each}_{state}" for each in (*GROUPS, "duty")]
    return f"SUM(CASE WHEN f IN ({', '.join(str(PLACE[each]) for each in names)}) THEN n ELSE 0 END)"


def count() -> str:
    """SQL for the number of rows, as wide as a column of figures: sums of wider numbers cost PostgreSQL far more."""
    return "CAST(COUNT(*) AS integer)"


def most(*values: str) -> str:
    """SQL for the latest of some days, none of which is NULL."""
    return f"{'GREATEST' if connection.vendor == 'postgresql' else 'MAX'}({', '.join(values)})"


def least(*values: str) -> str:
    return f"{'LEAST' if connection.vendor == 'postgresql' else 'MIN'}({', '.join(values)})"


def next_day(column: str) -> str:
    return f"({column} + 1)" if connection.vendor == "postgresql" else f"DATE({column}, '+1 day')"


def civil_day(column: str) -> str:
    """SQL for the civil day of an instant in Kazakhstan."""
    if connection.vendor == "postgresql":
        return f"({column} AT TIME ZONE '{settings.TIME_ZONE}')::date"
    return f"django_datetime_cast_date({column}, 'UTC', '{settings.TIME_ZONE}')"


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
