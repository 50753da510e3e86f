"""The state of the data that public pages are made from, as one short text that every change of it makes another.

On PostgreSQL each table but those of `UNCONCERNED` has a trigger: the first change of a transaction adds a row to the
table `public_change`, and the row is seen from the moment at which the change is. Rows are never taken away without
being counted on in another one, so the sum of all rows that a reader sees, with the newest transaction among them,
tells one state from every other, whatever the order in which transactions end; nobody waits for anybody. `install` runs
after every `migrate`, so a new table is watched from its first day.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import InterfaceError, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

#: What no public page is made of, and is written all day long.
UNCONCERNED = (
    "deadlines.reminder",
    "journal.content",
    "journal.heartbeat",
    "journal.keptanswer",
    "journal.notice",
    "journal.noticeattempt",
    "journal.noticefile",
    "journal.outboxcontrol",
    "sessions.session",
    "usersessions.usersession",
)
TRIGGER = "concerns_public_pages"
#: Where there are more rows, a transaction that adds one counts all of them together into one.
TOGETHER_FROM = 64
VERSION = "SELECT sum(number) || ' ' || max(at) FROM public_change"
PARTS = (
    "CREATE TABLE IF NOT EXISTS public_change (at bigint NOT NULL, number bigint NOT NULL)",
    "INSERT INTO public_change SELECT 0, 0 WHERE NOT EXISTS (SELECT FROM public_change)",
    # What is set here is forgotten with the transaction, or with the savepoint whose row is taken back.
    f"""
    CREATE OR REPLACE FUNCTION note_public_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        mine CONSTANT bigint := pg_current_xact_id()::text::bigint;
    BEGIN
        IF current_setting('public_change.noted', true) = mine::text THEN
            RETURN NULL;
        END IF;
        PERFORM set_config('public_change.noted', mine::text, true);
        INSERT INTO public_change VALUES (mine, 1);
        -- Whoever sees the rows of an earlier moment leaves the counting to others: it would break off at rows that
        -- were counted since.
        IF current_setting('transaction_isolation') = 'read committed'
            AND (SELECT count(*) FROM public_change) > {TOGETHER_FROM} THEN
            WITH counted AS (SELECT ctid FROM public_change FOR UPDATE SKIP LOCKED),
                gone AS (DELETE FROM public_change c USING counted WHERE c.ctid = counted.ctid RETURNING c.at, c.number)
            INSERT INTO public_change SELECT max(at), sum(number) FROM gone HAVING count(*) > 0;
        END IF;
        RETURN NULL;
    END $$
    """,  # noqa: S608 - the number is ours
)


def concerned() -> set[str]:
    """Tables whose changes make public pages anew."""
    models = apps.get_models(include_auto_created=True)
    return {m._meta.db_table for m in models if m._meta.managed and m._meta.label_lower not in UNCONCERNED}


def unwatched(on: BaseDatabaseWrapper) -> list[str]:
    """Tables of `concerned` without the trigger."""
    with on.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid"
            " WHERE t.tgname = %s AND t.tgenabled <> 'D' AND pg_table_is_visible(c.oid)",
            [TRIGGER],
        )
        return sorted(concerned() - {name for (name,) in cursor.fetchall()})


def install(using: str, **_signal: Any) -> None:
    """Watch every table of `concerned`; run again it changes nothing."""
    on = connections[using]
    if on.vendor != "postgresql":
        return
    there = on.introspection.table_names()
    with on.cursor() as cursor:
        for statement in PARTS:
            cursor.execute(statement)
        for table in unwatched(on):
            if table in there:
                cursor.execute(
                    f"CREATE TRIGGER {TRIGGER} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
                    f" ON {on.ops.quote_name(table)} EXECUTE FUNCTION note_public_change()"
                )


#: By the name of a database: whether all its tables were found to be watched.
_watched: dict[str, bool] = {}


def data_version() -> str | None:
    """What tells one state of the data from another; None where that cannot be told.

    Taken before the rows are read, so an answer may be newer than its version, never older. Inside a transaction own
    changes are not settled yet.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return None
    name = connection.settings_dict["NAME"]
    if name not in _watched:
        _watched[name] = not unwatched(connection)
    if not _watched[name]:
        return None
    # The query itself shows whether a connection that was kept still lives: no other one before it.
    checked, connection.health_check_done = connection.health_check_done, True
    try:
        return _read()
    except (InterfaceError, OperationalError):
        if checked:
            raise
        connection.close()
        return _read()


def _read() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        return cursor.fetchone()[0]
