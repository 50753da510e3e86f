"""Triggers by which the database itself notes whose facts have moved, whatever door a change came through.

A sweep that looks only at what has moved (`services/moves.py`) may trust them: a mark is written in the transaction of
the change, for each row inserted, changed or removed, by hand or in bulk. PostgreSQL only; on SQLite every sweep
looks at everything. Rooms set the triggers of their tables by migrations.

There are marks of meetings, for duties of meetings, and marks of units, for what their akims owe by periods.
"""

from __future__ import annotations

TABLE, UNITS = "deadlines_moved", "deadlines_movedunit"
#: In place of a meeting: everything must be looked at again.
EVERYTHING = 0
#: In place of a year: a unit's duties of every year may move.
EVERY_YEAR = 0


def of_meetings(table: str, select: str) -> list[str]:
    """Changes of the table mark meetings. `select` gives their ids and years out of rows `x` of `{rows}`."""
    was, became, changed = (select.format(rows=rows) for rows in ("was", "became", "changed"))
    mark = f"INSERT INTO {TABLE} (meeting_id, year) SELECT * FROM"
    return noting(f"{table}_moves", table, mark, f"{was} UNION {became}", changed)


def of_units(table: str, select: str) -> list[str]:
    """Changes of the table mark units. `select` gives, out of rows `x` of `{rows}`, ids of units as its first column
    `unit_id`, then the key of the row and what of it the facts read: an update that leaves all that marks nothing."""
    was, became, changed = (select.format(rows=rows) for rows in ("was", "became", "changed"))
    mark = f"INSERT INTO {UNITS} (unit_id, year) SELECT DISTINCT m.unit_id, {EVERY_YEAR} FROM"
    differ = f"(({was}) EXCEPT ({became})) UNION ALL (({became}) EXCEPT ({was}))"
    return noting(f"{table}_units", table, mark, differ, changed)


def noting(name: str, table: str, mark: str, updated: str, changed: str) -> list[str]:
    """The function `name` that marks what a statement has touched, and its trigger for each kind of statement.

    `updated` and `changed`: SELECTs of what an UPDATE marks, and an INSERT or DELETE.
    """
    function = f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                {mark} ({updated}) m;
            ELSE
                {mark} ({changed}) m;
            END IF;
            RETURN NULL;
        END $$
        """
    tables = {
        "INSERT": "NEW TABLE AS changed",
        "UPDATE": "OLD TABLE AS was NEW TABLE AS became",
        "DELETE": "OLD TABLE AS changed",
    }
    return [function] + [
        f"CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {table} REFERENCING {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        for event, rows in tables.items()
    ]


def of_everything(table: str, events: str = "INSERT OR UPDATE OR DELETE") -> list[str]:
    """Changes of the table may move any duty."""
    return [f"CREATE TRIGGER {table}_moves AFTER {events} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_all()"]


def undone(*tables: str, what: str = "moves") -> list[str]:
    """Statements that take the triggers of the tables away; `what`: "moves" those of meetings, "units" of units."""
    names = [(table, f"{table}_{what}{end}") for table in tables for end in ("", "_insert", "_update", "_delete")]
    return [
        *(f"DROP TRIGGER IF EXISTS {name} ON {table}" for table, name in names),
        *(f"DROP FUNCTION IF EXISTS {table}_{what}()" for table in tables),
    ]


def on_postgresql(statements: list[str]):
    """For RunPython: the statements on PostgreSQL, nothing elsewhere."""

    def run(apps, schema_editor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run
