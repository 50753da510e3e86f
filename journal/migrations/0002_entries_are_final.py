"""Entries of the journal can be added and read, and nothing else, whoever asks the database."""

from django.db import migrations

POSTGRESQL = [
    """
    CREATE FUNCTION journal_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'entries of the journal are never changed or removed'
            USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER journal_entry_is_final BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_entry_is_final()
    """,
    """
    CREATE TRIGGER journal_entry_is_kept BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_is_final()
    """,
]
POSTGRESQL_UNDO = [
    "DROP TRIGGER IF EXISTS journal_entry_is_final ON journal_entry",
    "DROP TRIGGER IF EXISTS journal_entry_is_kept ON journal_entry",
    "DROP FUNCTION IF EXISTS journal_entry_is_final()",
]
SQLITE = [
    """
    CREATE TRIGGER journal_entry_is_final BEFORE UPDATE ON journal_entry
    BEGIN SELECT RAISE(ABORT, 'entries of the journal are never changed or removed'); END
    """,
    """
    CREATE TRIGGER journal_entry_is_kept BEFORE DELETE ON journal_entry
    BEGIN SELECT RAISE(ABORT, 'entries of the journal are never changed or removed'); END
    """,
]
SQLITE_UNDO = [
    "DROP TRIGGER IF EXISTS journal_entry_is_final",
    "DROP TRIGGER IF EXISTS journal_entry_is_kept",
]


def run(postgresql, sqlite):
    def statements(apps, schema_editor):
        for statement in {"postgresql": postgresql, "sqlite": sqlite}[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return statements


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_entries_notices_heartbeats")]
    operations = [
        migrations.RunPython(
            run(POSTGRESQL_UNDO + POSTGRESQL, SQLITE_UNDO + SQLITE),
            run(POSTGRESQL_UNDO, SQLITE_UNDO),
        )
    ]
