"""Lets the test database be emptied between tests although its journal may not be.

Tests that commit end with Django's flush. The triggers that keep the journal are lifted for the
flush alone; they stand while a test runs.
"""

from importlib import import_module

from django.db import transaction
from django.db.backends.base.operations import BaseDatabaseOperations

_triggers = import_module("journal.migrations.0002_entries_are_final")
_flush = BaseDatabaseOperations.execute_sql_flush


def _flush_with_journal(self, sql_list):
    if self.connection.vendor == "sqlite":
        lift, restore = _triggers.SQLITE_UNDO, _triggers.SQLITE
    else:
        lift = ["ALTER TABLE journal_entry DISABLE TRIGGER USER"]
        restore = ["ALTER TABLE journal_entry ENABLE TRIGGER USER"]
    with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
        for sql in [*lift, *sql_list, *restore]:
            cursor.execute(sql)


BaseDatabaseOperations.execute_sql_flush = _flush_with_journal
