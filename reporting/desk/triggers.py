"""Triggers by which the database itself tells the kept figures of every change, in the transaction of the change.

PostgreSQL only. Meetings, duties and quarterly reports are told row by row: what the rows said before is taken away,
what they say now is added, as rows of `Change` that `keeping.fold` brings into the cells. An issue is told by several
tables at once, so the first change of it takes away all that it told and marks it; a marked issue is counted as it is
until `keeping.fold` has added it again. Marks are locked by whoever changes the issue, so that it cannot be added
while half of its change is still to come. New issues have told nothing yet: those of one statement are marked together.
"""

from __future__ import annotations

from .changes import DUTIES, FIGURES, MEETINGS, REPORTS, Changes

CHANGES, MARKS = "reporting_change", "reporting_mark"
ISSUES = "issues_issue"
#: In place of an issue: everything must be counted anew; nothing is read from the cells until then.
EVERYTHING = 0
#: A transaction that brings whole years sets it to "later" and marks everything, instead of telling each change.
SETTING = "akim.desk"
#: A statement that opens more duties than this is not told row by row: counting everything anew costs less than telling
#: and adding up so many changes. No office's work opens so many at once, only whole years that are brought.
MOST_TOLD = 50_000
COLUMNS = f"year, unit_id, day, {', '.join(FIGURES)}"
NOTHING = ", ".join("0" for _figure in FIGURES)
SUMS = ", ".join(f"SUM({name})" for name in FIGURES)
LATER = f"IF current_setting('{SETTING}', true) = 'later' THEN RETURN {{}}; END IF;"


def plus(sql: str) -> str:
    return f"SELECT year, unit, day, {', '.join(FIGURES)} FROM ({sql}) plus"


def minus(sql: str) -> str:
    return f"SELECT year, unit, day, {', '.join(f'-{name} AS {name}' for name in FIGURES)} FROM ({sql}) minus"


def write(*selects: str) -> str:
    """A statement that writes what is not nothing in the sum."""
    told, sums = " UNION ALL ".join(selects), SUMS if len(selects) > 1 else ", ".join(FIGURES)
    each = "GROUP BY year, unit, day HAVING" if len(selects) > 1 else "WHERE"
    return (
        f"INSERT INTO {CHANGES} ({COLUMNS}) SELECT year, unit, day, {sums} FROM ({told}) told"
        f" {each} ({sums}) <> ({NOTHING})"
    )


# -- Tables whose rows tell by themselves -----------------------------------------------------------
def of_rows(table: str) -> list[str]:
    """Function and triggers of a table whose rows each tell their own part."""
    name = f"{table}_desk"
    was, became = (Changes(None, tables={table: rows}).of_rows(table) for rows in ("was", "became"))
    too_many = f"IF (SELECT COUNT(*) FROM became) > {MOST_TOLD} THEN {recount()}; RETURN NULL; END IF;"
    function = f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {LATER.format("NULL")}
            IF TG_OP = 'INSERT' THEN
                {too_many if table == DUTIES else ""}
                {write(plus(became))};
            ELSIF TG_OP = 'DELETE' THEN {write(minus(was))};
            ELSE {write(plus(became), minus(was))};
            END IF;
            RETURN NULL;
        END $$
        """
    tables = {
        "INSERT": "NEW TABLE AS became",
        "UPDATE": "OLD TABLE AS was NEW TABLE AS became",
        "DELETE": "OLD TABLE AS was",
    }
    return [function] + [
        f"CREATE OR REPLACE TRIGGER {name}_{event.lower()} AFTER {event} ON {table} REFERENCING {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        for event, rows in tables.items()
    ]


# -- Issues -----------------------------------------------------------------------------------------
def mark_function() -> str:
    """Marks one issue, taking away what it told until now; waits for whoever adds it again just then."""
    told = Changes(None, issues="i.id = touched").sql(others=False)
    return f"""
        CREATE OR REPLACE FUNCTION {MARKS}_issue(touched bigint) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE fresh integer;
        BEGIN
            LOOP
                PERFORM 1 FROM {MARKS} WHERE issue_id = touched FOR KEY SHARE;
                IF FOUND THEN RETURN; END IF;
                INSERT INTO {MARKS} (issue_id) VALUES (touched) ON CONFLICT DO NOTHING;
                GET DIAGNOSTICS fresh = ROW_COUNT;
                IF fresh = 1 THEN
                    {write(minus(told))};
                    RETURN;
                END IF;
            END LOOP;
        END $$
        """


def of_new_issues() -> list[str]:
    """Function and trigger that mark what a statement brings; nobody else sees issue or mark before the commit."""
    name = f"{MARKS}_new"
    function = f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {LATER.format("NULL")}
            INSERT INTO {MARKS} (issue_id) SELECT id FROM became ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$
        """
    return [
        function,
        f"CREATE OR REPLACE TRIGGER {name} AFTER INSERT ON {ISSUES} REFERENCING NEW TABLE AS became"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


#: Of each table: the columns that tell something, and the issue of a row.
OF_ISSUES = {
    ISSUES: (("year", "unit_id", "raised_on", "joined_into_id", "due_on", "closed_on"), "{}.id"),
    "issues_closing": (("issue_id", "kind", "on", "reopened_on"), "{}.issue_id"),
    "issues_planitem": (("issue_id", "first_due_on", "state"), "{}.issue_id"),
    "issues_duechange": (
        ("item_id", "was", "to", "state", "decided_on"),
        "(SELECT issue_id FROM issues_planitem WHERE id = {}.item_id)",
    ),
}


def of_issues(table: str) -> list[str]:
    """Function and triggers of a table that tells of issues; the mark is set before the row changes."""
    columns, issue = OF_ISSUES[table]
    name = f"{table}_desk"
    mark = f"PERFORM {MARKS}_issue({issue});"
    function = f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {LATER.format("CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END")}
            IF TG_OP <> 'INSERT' THEN {mark.format("OLD")} END IF;
            IF TG_OP <> 'DELETE' THEN {mark.format("NEW")} END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$
        """
    events = "DELETE" if table == ISSUES else "INSERT OR DELETE"
    was, became = (", ".join(f'{row}."{column}"' for column in columns) for row in ("OLD", "NEW"))
    call = f"FOR EACH ROW {{}}EXECUTE FUNCTION {name}()"
    differs = f"WHEN (({was}) IS DISTINCT FROM ({became})) "
    return [
        function,
        f"CREATE OR REPLACE TRIGGER {name}_update BEFORE UPDATE ON {table} {call.format(differs)}",
        f"CREATE OR REPLACE TRIGGER {name}_rows BEFORE {events} ON {table} {call.format('')}",
    ]


# -- The tree ---------------------------------------------------------------------------------------
def of_everything() -> list[str]:
    """A unit that is new, gone or elsewhere: every sum may be another one."""
    table, name = "territories_territory", "territories_territory_desk"
    function = f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {recount()};
            RETURN NULL;
        END $$
        """
    moved = "(OLD.parent_id, OLD.own_akim) IS DISTINCT FROM (NEW.parent_id, NEW.own_akim)"
    return [
        function,
        f"CREATE OR REPLACE TRIGGER {name}_rows AFTER INSERT OR DELETE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        f"CREATE OR REPLACE TRIGGER {name}_update AFTER UPDATE ON {table} FOR EACH ROW WHEN ({moved})"
        f" EXECUTE FUNCTION {name}()",
    ]


def statements() -> list[str]:
    """All functions and triggers, and that everything is to be counted. To be run again when `Changes` changes."""
    found = [mark_function()]
    for table in (MEETINGS, DUTIES, REPORTS):
        found += of_rows(table)
    for table in OF_ISSUES:
        found += of_issues(table)
    found += of_new_issues()
    return [*found, *of_everything(), recount()]


def recount() -> str:
    return f"INSERT INTO {MARKS} (issue_id) VALUES ({EVERYTHING}) ON CONFLICT (issue_id) DO UPDATE SET issue_id = 0"


def undone() -> list[str]:
    """Statements that take everything away again."""
    tables = [MEETINGS, DUTIES, REPORTS, *OF_ISSUES, "territories_territory"]
    ends = ("insert", "update", "delete", "rows")
    return [
        f"DROP TRIGGER IF EXISTS {MARKS}_new ON {ISSUES}",
        f"DROP FUNCTION IF EXISTS {MARKS}_new()",
        *(f"DROP TRIGGER IF EXISTS {table}_desk_{end} ON {table}" for table in tables for end in ends),
        *(f"DROP FUNCTION IF EXISTS {table}_desk()" for table in tables),
        f"DROP FUNCTION IF EXISTS {MARKS}_issue(bigint)",
    ]
