"""What was promised cannot be unsaid, whoever asks the database.

A slip is never taken back, the day first promised stays, a decided request for a new day is final, and the day of a
promised item moves only to a day that was granted for it. A later migration that alters one of these tables on SQLite
makes it anew and loses its triggers: it lifts them first (`UNDO`) and sets them again (`SQLITE`); tests/issues/
test_kept_days.py fails otherwise.
"""

from django.db import migrations

ISSUE = ("slips", "NEW.slips < OLD.slips", "slips of an issue are never taken back")
FIRST = (
    "first_due_on",
    "OLD.first_due_on IS NOT NULL AND (NEW.first_due_on IS NULL OR NEW.first_due_on <> OLD.first_due_on)",
    "the day first promised is never changed",
)
DUE = (
    "due_on",
    """OLD.first_due_on IS NOT NULL AND NEW.due_on <> OLD.due_on AND NOT EXISTS (
        SELECT 1 FROM issues_duechange c
        WHERE c.item_id = OLD.id AND c.state = 'granted' AND c.was = OLD.due_on AND c."to" = NEW.due_on)""",
    "a promised day moves only to a day that was granted",
)
DECIDED = (
    'item_id, was, "to", reason, state',
    """OLD.state <> 'asked' AND (NEW.state <> OLD.state OR NEW.was <> OLD.was OR NEW."to" <> OLD."to"
        OR NEW.item_id <> OLD.item_id OR NEW.reason <> OLD.reason)""",
    "a decided request for a new day is final",
)
TRIGGERS = (
    ("issue_slips_only_grow", "issues_issue", *ISSUE),
    ("item_keeps_first_day", "issues_planitem", *FIRST),
    ("item_day_was_granted", "issues_planitem", *DUE),
    ("due_change_is_final", "issues_duechange", *DECIDED),
)
SQLITE = [
    f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"
    for name, table, columns, when, words in TRIGGERS
]
UNDO = [f"DROP TRIGGER IF EXISTS {name}" for name, *_rest in TRIGGERS]
POSTGRESQL = [
    statement
    for name, table, columns, when, words in TRIGGERS
    for statement in (
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {when} THEN
                RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """,
        f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )
]
POSTGRESQL_UNDO = [
    statement
    for name, table, *_rest in TRIGGERS
    for statement in (f"DROP TRIGGER IF EXISTS {name} ON {table}", f"DROP FUNCTION IF EXISTS {name}()")
]


def run(postgresql, sqlite):
    def statements(apps, schema_editor):
        for statement in {"postgresql": postgresql, "sqlite": sqlite}[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return statements


class Migration(migrations.Migration):
    dependencies = [("issues", "0004_channel_uses_know_their_place")]
    operations = [
        migrations.RunPython(
            run(POSTGRESQL_UNDO + POSTGRESQL, UNDO + SQLITE),
            run(POSTGRESQL_UNDO, UNDO),
        )
    ]
