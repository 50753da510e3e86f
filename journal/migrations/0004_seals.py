"""Seals of the journal: a table that only grows, and the lock that writers of entries share."""

import django.utils.timezone
from django.db import migrations, models

POSTGRESQL = [
    """
    CREATE FUNCTION journal_entry_is_written() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(826000009);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER journal_entry_is_written BEFORE INSERT ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_is_written()
    """,
    """
    CREATE TRIGGER journal_seal_is_final BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION journal_entry_is_final()
    """,
]
POSTGRESQL_UNDO = [
    "DROP TRIGGER IF EXISTS journal_seal_is_final ON journal_seal",
    "DROP TRIGGER IF EXISTS journal_entry_is_written ON journal_entry",
    "DROP FUNCTION IF EXISTS journal_entry_is_written()",
]
SQLITE = [
    f"""
    CREATE TRIGGER journal_seal_is_{name} BEFORE {event} ON journal_seal
    BEGIN SELECT RAISE(ABORT, 'seals of the journal are never changed or removed'); END
    """
    for name, event in (("final", "UPDATE"), ("kept", "DELETE"))
]
SQLITE_UNDO = ["DROP TRIGGER IF EXISTS journal_seal_is_final", "DROP TRIGGER IF EXISTS journal_seal_is_kept"]


def run(postgresql, sqlite):
    def statements(apps, schema_editor):
        for statement in {"postgresql": postgresql, "sqlite": sqlite}[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return statements


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_failures_are_seen")]
    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.BigIntegerField(unique=True)),
                ("last", models.BigIntegerField(unique=True)),
                ("entries", models.PositiveIntegerField()),
                ("previous", models.CharField(max_length=64, unique=True)),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="hash")),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "seal of the journal",
                "verbose_name_plural": "seals of the journal",
                "ordering": ["pk"],
            },
        ),
        migrations.RunPython(
            run(POSTGRESQL_UNDO + POSTGRESQL, SQLITE_UNDO + SQLITE),
            run(POSTGRESQL_UNDO, SQLITE_UNDO),
        ),
    ]
