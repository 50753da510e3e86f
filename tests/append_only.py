"""Lets the test database be emptied between tests although its journal may not be.

Tests that commit end with Django's flush. The triggers that keep the journal are lifted for the
flush alone; they stand while a test runs. What migrations wrote (the ladder of reminders, lists of
channels and topics) is put back after it: the next test finds the database as an office would.
"""

from importlib import import_module

import pytest
from django.apps import apps
from django.core import serializers
from django.db import transaction
from django.db.backends.base.operations import BaseDatabaseOperations

from .template_database import use_copies

_triggers = import_module("journal.migrations.0002_entries_are_final")
_seals = import_module("journal.migrations.0004_seals")
#: What the migrations left in the new database, as one JSON text.
_seeded = "[]"


def _flush_with_journal(self, sql_list):
    if self.connection.vendor == "sqlite":
        lift, restore = _triggers.SQLITE_UNDO + _seals.SQLITE_UNDO, _triggers.SQLITE + _seals.SQLITE
    else:
        lift = ["ALTER TABLE journal_entry DISABLE TRIGGER USER"]
        restore = ["ALTER TABLE journal_entry ENABLE TRIGGER USER"]
    with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
        for sql in [*lift, *sql_list, *restore]:
            cursor.execute(sql)
        for row in serializers.deserialize("json", _seeded):
            row.save(using=self.connection.alias)


BaseDatabaseOperations.execute_sql_flush = _flush_with_journal


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings) -> None:
    """Before the database is made: from a copy."""
    use_copies()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """The database as pytest-django makes it; what migrations wrote is remembered."""
    global _seeded
    rooms = [config for config in apps.get_app_configs() if not config.name.startswith("django.")]
    with django_db_blocker.unblock():
        rows = [row for room in rooms for model in room.get_models() for row in model._default_manager.order_by("pk")]
        _seeded = serializers.serialize("json", rows)
