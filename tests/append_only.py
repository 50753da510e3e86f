"""Lets the test database be emptied between tests although its journal may not be.

Tests that commit end with Django's flush. The triggers that keep the journal are lifted for the
flush alone; they stand while a test runs. PostgreSQL empties the tables that a test has filled: to
truncate all of them takes longer than most tests do. What migrations wrote (the ladder of reminders, lists of
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
#: Written by Django after each migration, by nobody else.
_OF_DJANGO = {"django_content_type", "auth_permission"}
#: Put into one statement, or each table would cost a question.
_EMPTY = """
DO $$
DECLARE
    tables CONSTANT regclass[] := {tables}::regclass[];
    filled regclass[] := '{{}}';
    one regclass;
    found boolean;
BEGIN
    FOREACH one IN ARRAY tables LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO found;
        IF found THEN
            filled := filled || one;
            EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', one);
        END IF;
    END LOOP;
    FOREACH one IN ARRAY filled LOOP
        EXECUTE format('DELETE FROM %s', one);
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    FOREACH one IN ARRAY filled LOOP
        EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', one);
    END LOOP;
    SET CONSTRAINTS ALL DEFERRED;
END $$
"""


def _emptied(connection) -> str:
    """The statement that empties the tables of models; the rows put back after it ring the triggers."""
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - _OF_DJANGO
    listed = ", ".join(f"'{connection.ops.quote_name(name)}'" for name in sorted(tables))
    return _EMPTY.format(tables=f"ARRAY[{listed}]")


def _flush_with_journal(self, sql_list):
    if self.connection.vendor == "sqlite":
        lift, restore = _triggers.SQLITE_UNDO + _seals.SQLITE_UNDO, _triggers.SQLITE + _seals.SQLITE
        sql_list = [*lift, *sql_list, *restore]
    else:
        sql_list = [_emptied(self.connection)]
    with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
        for sql in sql_list:
            cursor.execute(sql)
        for row in serializers.deserialize("json", _seeded):
            row.save(using=self.connection.alias, force_insert=True)


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
