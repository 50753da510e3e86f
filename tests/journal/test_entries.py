"""The audit trail: written with the change, readable for ever, changed by nobody."""

import uuid
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from journal.actors import Actor
from journal.models import Entry, EntryIsFinal
from journal.services import Change, record, record_many

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_when_under_which_post_and_from_where(editor, land):
    entry = record(
        editor.who.actor,
        "territory.renamed",
        land.R,
        was={"name_ru": "Старый", "code": "1"},
        became={"name_ru": "Новый", "code": "1"},
        reason="постановление № 5",
        basis="826 п. 2, пп. 1)",
        scope_path=land.R.path,
    )
    entry.refresh_from_db()
    assert entry.actor == editor.user
    assert entry.actor_text == editor.user.get_full_name()
    assert entry.post_id == editor.post.pk
    assert entry.post_text == str(editor.post)
    assert entry.address == "127.0.0.1"
    assert (entry.object_type, entry.object_id) == ("territories.territory", str(land.R.pk))
    assert entry.object_text == str(land.R)
    assert entry.was == {"name_ru": "Старый"}, "what is equal in both is left out"
    assert entry.became == {"name_ru": "Новый"}
    assert entry.scope_path == land.R.path
    assert list(Entry.objects.of(land.R)) == [entry]


def test_the_program_itself_is_named_too(db):
    entry = record(Actor.system("sweep"), "duty.opened")
    assert (entry.actor, entry.actor_text, entry.object_type) == (None, "sweep", "")


def test_values_of_every_kind_stay_readable(db, land):
    moment = datetime(2027, 1, 15, 4, 30, tzinfo=UTC)
    entry = record(
        Actor.system("test"),
        "thing.changed",
        became={
            "day": date(2027, 1, 15),
            "at": moment,
            "hour": time(10, 0),
            "money": Decimal("1.50"),
            "unit": land.R,
            "several": {3, 1},
            "nul": "a\0b",
            "broken": "a\ud800b",
            "nan": float("nan"),
        },
    )
    entry.refresh_from_db()
    assert entry.became == {
        "day": "2027-01-15",
        "at": "2027-01-15T04:30:00+00:00",
        "hour": "10:00:00",
        "money": "1.50",
        "unit": {"id": land.R.pk, "text": str(land.R)},
        "several": [1, 3],
        "nul": "a␀b",
        "broken": "a?b",
        "nan": "nan",
    }


def test_a_senseless_address_is_not_kept(db):
    assert record(Actor(address="unknown", text="x"), "thing.changed").address is None


def test_a_bulk_action_is_one_summary_and_its_rows(db, django_assert_max_num_queries):
    batch = uuid.uuid4()
    actor = Actor.system("import")
    # SQLite takes 999 values in a statement, PostgreSQL 500 rows.
    with django_assert_max_num_queries(40 if connection.vendor == "sqlite" else 8):
        record(actor, "calendar.imported", became={"rows": 2005}, batch=batch)
        record_many(
            actor,
            "meeting.imported",
            [Change(became={"row": number}, object_text=f"row {number}") for number in range(2005)],
            batch=batch,
        )
    assert Entry.objects.filter(batch=batch).count() == 2006
    assert Entry.objects.filter(batch=batch, action="calendar.imported").count() == 1


def test_an_entry_disappears_with_the_change_that_was_rolled_back(db):
    with transaction.atomic():
        record(Actor.system("test"), "thing.changed")
        transaction.set_rollback(True)
    assert Entry.objects.count() == 0


def test_no_code_of_ours_changes_or_removes_an_entry(db):
    entry = record(Actor.system("test"), "thing.changed")
    entry.reason = "another"
    for attempt in (
        entry.save,
        entry.delete,
        lambda: Entry.objects.update(reason="another"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.bulk_update([entry], ["reason"]),
    ):
        with pytest.raises(EntryIsFinal):
            attempt()


def execute(statement: str) -> None:
    """As somebody would who comes past our code."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", ["UPDATE journal_entry SET reason = 'x'", "DELETE FROM journal_entry"])
def test_the_database_itself_refuses_to_change_or_remove_entries(db, statement):
    record(Actor.system("test"), "thing.changed", reason="as it was")
    with pytest.raises(DatabaseError, match="never changed or removed"):
        execute(statement)
    assert Entry.objects.get().reason == "as it was"


@pytest.mark.postgres
def test_postgresql_refuses_to_empty_the_journal(transactional_db):
    record(Actor.system("test"), "thing.changed")
    with pytest.raises(DatabaseError, match="never changed or removed"):
        execute("TRUNCATE journal_entry")
    assert Entry.objects.count() == 1
