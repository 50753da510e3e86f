"""What happened to each office day by day, as sums of changes: the state of any day is the sum up to it.

Every figure is told by dated rows: a meeting counts as held from the day on which it was held; a duty is in time,
contested or late from the day on which the ledger knew it; an issue is open from the day it was raised until its
closing, and past its day by the day that was promised then (granted new days are kept one by one). So yesterday's
desk is yesterday's sum, and nothing is guessed. What is not kept is said in `NOT_KEPT`, which the page shows.
"""

from __future__ import annotations

from collections.abc import Sequence
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
GROUPS = {
    "announce": ("826-3.4.e", "826-3.4.f"),
    "publish": ("826-3.5.c1", "826-3.5.c2", "826-3.5.c3"),
    "quarter": ("826-3.5.d1",),
}
NOT_KEPT: tuple[str | Promise, ...] = (
    _("A meeting counts as held from its day on; when that was typed in stands in the journal only."),
    _("A duty that was counted anew stands with its newest day; duties that were dropped later are left out."),
    _("Proof that was withdrawn later is taken as if it had never been there."),
    _("An issue that was joined into another one counts with that one, on every day."),
    _("Required meetings follow the units that exist in the chosen year."),
)


class Changes:
    """The SQL of all changes of a year: `(unit, day, figure…)`, for every office or for some of them."""

    def __init__(self, year: int, units: Sequence[int] | None = None) -> None:
        self.year = year
        self.units = units
        self.params: list[Any] = []

    def sql(self) -> str:
        """One row an office and day with what changed on it."""
        parts = (self.held(), self.duties(), self.raised(), self.closed(), self.past(), self.slipped(), self.reports())
        sums = ", ".join(f"SUM(CASE WHEN f = '{name}' THEN n ELSE 0 END) AS {name}" for name in FIGURES)
        return f"SELECT unit, day, {sums} FROM ({' UNION ALL '.join(parts)}) changes GROUP BY unit, day"

    # -- Meetings ---------------------------------------------------------------------------------
    def held(self) -> str:
        return (
            "SELECT m.holder_id AS unit, COALESCE(m.held_on, m.date) AS day, 'held' AS f, COUNT(*) AS n"
            " FROM calendars_meeting m JOIN calendars_calendar c ON c.id = m.calendar_id"
            f" WHERE c.year = {self.year:d} AND m.state = 'held'{self.only('m.holder_id')} GROUP BY 1, 2"
        )

    # -- The ledger -------------------------------------------------------------------------------
    def duties(self) -> str:
        """In time, contested, late: by the day on which the ledger knew of the proof, else by the passing of days."""
        names = " ".join(
            f"WHEN rule_id IN ({', '.join(repr(rule) for rule in rules)}) THEN '{group}'"
            for group, rules in GROUPS.items()
        )
        known = most("opened_on", "COALESCE(noted_on, met_on)", "met_on")
        rows = (
            f"SELECT debtor_id AS unit, CASE {names} ELSE '' END AS g,"
            f" {most('opened_on', next_day('due_on'))} AS c, {most('opened_on', next_day('late_after'))} AS l,"
            f" CASE WHEN met_on IS NOT NULL THEN {known} END AS k,"
            " CASE WHEN met_on IS NULL THEN '' WHEN met_on <= due_on THEN '_met'"
            " WHEN met_on <= late_after THEN '_contested' ELSE '_late' END AS s"
            f" FROM deadlines_duty WHERE year = {self.year:d} AND due_on IS NOT NULL AND cancelled_at IS NULL"
            f" AND debtor_id IS NOT NULL{self.only('debtor_id')}"
        )
        unmet_until = "(s = '' OR {} < k)"
        between = f"c < l AND {unmet_until.format('c')}"
        # The state that stays; late from its day until a proof; contested from its day until late or proved.
        steps = (
            "SELECT unit, k AS day, g, s, COUNT(*) AS n FROM d WHERE s <> '' GROUP BY 1, 2, 3, 4",
            f"SELECT unit, l, g, '_late', COUNT(*) FROM d WHERE {unmet_until.format('l')} GROUP BY 1, 2, 3",
            "SELECT unit, k, g, '_late', -COUNT(*) FROM d WHERE s <> '' AND l < k GROUP BY 1, 2, 3",
            f"SELECT unit, c, g, '_contested', COUNT(*) FROM d WHERE {between} GROUP BY 1, 2, 3",
            f"SELECT unit, {least('COALESCE(k, l)', 'l')}, g, '_contested', -COUNT(*) FROM d WHERE {between}"
            " GROUP BY 1, 2, 3",
        )
        return (
            f"SELECT unit, day, f.f, n FROM (WITH d AS ({rows}), steps AS ({' UNION ALL '.join(steps)})"
            " SELECT unit, day, 'duty' || s AS f, n FROM steps"
            " UNION ALL SELECT unit, day, g || s, n FROM steps WHERE g <> '') f"
        )

    # -- Issues -----------------------------------------------------------------------------------
    def issues(self) -> str:
        return f"i.year = {self.year:d} AND i.joined_into_id IS NULL{self.only('i.unit_id')}"

    def raised(self) -> str:
        return (
            f"SELECT i.unit_id, i.raised_on, 'raised', COUNT(*) FROM issues_issue i WHERE {self.issues()} GROUP BY 1, 2"
        )

    def closed(self) -> str:
        """Each end of an issue counts until it was opened again."""
        rows = "FROM issues_closing x JOIN issues_issue i ON i.id = x.issue_id WHERE "
        return (
            f'SELECT i.unit_id, x."on", x.kind, COUNT(*) {rows}{self.issues()} GROUP BY 1, 2, 3'
            f" UNION ALL SELECT i.unit_id, x.reopened_on, x.kind, -COUNT(*) {rows}{self.issues()}"
            " AND x.reopened_on IS NOT NULL GROUP BY 1, 2, 3"
        )

    def past(self) -> str:
        """Open and past the day that was promised at the time, item by item the latest of an issue.

        Between two granted changes an issue has one day. One that was opened again counts as open throughout.
        """
        granted = "issues_duechange x JOIN issues_planitem p ON p.id = x.item_id WHERE x.state = 'granted'"
        day_then = (
            f"(SELECT MAX(COALESCE((SELECT y.{quoted('to')} FROM issues_duechange y WHERE y.item_id = p.id"
            " AND y.state = 'granted' AND y.decided_on <= spans.a ORDER BY y.decided_on DESC, y.id DESC LIMIT 1),"
            " p.first_due_on)) FROM issues_planitem p WHERE p.issue_id = spans.id AND p.first_due_on IS NOT NULL"
            " AND p.state NOT IN ('draft', 'dropped'))"
        )
        columns = "i.id, i.unit_id AS unit, i.closed_on AS closed"
        return (
            "SELECT unit, day, 'past', n FROM (WITH"
            f" changed AS (SELECT p.issue_id AS id, x.decided_on AS a FROM {granted}),"
            f" starts AS (SELECT {columns}, c.a FROM issues_issue i JOIN changed c ON c.id = i.id WHERE {self.issues()}"
            f" UNION SELECT {columns}, i.raised_on FROM issues_issue i WHERE {self.issues()}"
            " AND i.id IN (SELECT id FROM changed)),"
            " spans AS (SELECT id, unit, closed, a, LEAD(a) OVER (PARTITION BY id ORDER BY a) AS z FROM starts),"
            f" days AS (SELECT unit, closed, a, z, {day_then} AS due FROM spans UNION ALL"
            f" SELECT i.unit_id, i.closed_on, i.due_on, NULL, i.due_on FROM issues_issue i WHERE {self.issues()}"
            " AND i.due_on IS NOT NULL AND i.id NOT IN (SELECT id FROM changed)),"
            f" late AS (SELECT unit, {most('a', next_day('due'))} AS a,"
            f" CASE WHEN z IS NULL THEN closed WHEN closed IS NULL THEN z ELSE {least('z', 'closed')} END AS z"
            " FROM days WHERE due IS NOT NULL)"
            " SELECT unit, a AS day, COUNT(*) AS n FROM late WHERE z IS NULL OR a < z GROUP BY 1, 2"
            " UNION ALL SELECT unit, z, -COUNT(*) FROM late WHERE a < z GROUP BY 1, 2) p"
        )

    def slipped(self) -> str:
        """Issues whose promised day was put off at least once, from the first time on."""
        return (
            "SELECT unit, day, 'slipped', COUNT(*) FROM (SELECT i.unit_id AS unit, MIN(x.decided_on) AS day"
            " FROM issues_duechange x JOIN issues_planitem p ON p.id = x.item_id JOIN issues_issue i"
            f" ON i.id = p.issue_id WHERE x.state = 'granted' AND x.{quoted('to')} > x.was AND {self.issues()}"
            " GROUP BY i.id, i.unit_id) s GROUP BY 1, 2"
        )

    def reports(self) -> str:
        """Quarterly information that was frozen, each quarter once."""
        return (
            "SELECT unit, day, 'reports', COUNT(*) FROM (SELECT q.unit_id AS unit, MIN("
            f"{civil_day('q.frozen_at')}) AS day FROM issues_quarterlyreport q WHERE q.year = {self.year:d}"
            f" AND q.state = 'frozen'{self.only('q.unit_id')} GROUP BY q.unit_id, q.quarter) r GROUP BY 1, 2"
        )

    def only(self, column: str) -> str:
        """Condition that a column names one of the chosen offices; nothing for all of them."""
        if self.units is None:
            return ""
        self.params += self.units
        return f" AND {column} IN ({', '.join('%s' for _unit in self.units) or 'NULL'})"


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
