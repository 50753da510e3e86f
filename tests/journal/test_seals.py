"""Seals: nobody changes, removes or slips in what was written, without a stranger with the dump seeing it."""

import json
import threading
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from checker.journal import faults
from journal import tasks
from journal.models import Entry, Seal
from journal.services import Change, head, record, record_many, seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(clerk, tmp_path) -> Path:
    """A dump of nine entries under two seals, and one that is not sealed yet."""
    seal()
    for number in range(6):
        record(clerk, "meeting.moved", object_text=f"№ {number} Қарасу", became={"day": number, "share": 0.1})
    seal()
    record_many(clerk, "meeting.planned", [Change(object_text=str(number)) for number in range(3)])
    tasks.seal()
    record(clerk, "meeting.held", object_text="not sealed yet")
    call_command("dump_journal", output=str(tmp_path / "dump"), verbosity=0)
    return tmp_path / "dump"


def lines(dump: Path) -> list[str]:
    return (dump / "journal.jsonl").read_text().splitlines()


def rewrite(dump: Path, found: list[str]) -> None:
    (dump / "journal.jsonl").write_text("".join(line + "\n" for line in found))


def test_a_journal_that_nobody_touched_is_whole(sealed):
    assert faults(sealed, head().sha256) == ([], 1)
    assert [row.entries for row in Seal.objects.order_by("-pk")[:2]] == [3, 6]


def test_sealing_again_seals_nothing(sealed):
    assert seal() == 1
    assert seal() == 0


def test_an_entry_that_was_changed_is_found(sealed):
    found = lines(sealed)
    found[-3] = found[-3].replace('"object_text":"1"', '"object_text":"7"')
    rewrite(sealed, found)
    assert "changed after it was sealed" in faults(sealed)[0][0]


@pytest.mark.parametrize("at", [-2, -6])
def test_an_entry_that_was_removed_is_found(sealed, at):
    found = lines(sealed)
    del found[at]
    rewrite(sealed, found)
    assert any("entries were sealed" in fault for fault in faults(sealed)[0])


def test_an_entry_that_was_slipped_in_is_found(sealed):
    found = lines(sealed)
    found.insert(-4, found[-5])
    rewrite(sealed, found)
    assert any("stands after" in fault for fault in faults(sealed)[0])


def test_a_chain_made_anew_lacks_the_hash_that_was_kept(sealed):
    assert "kept hash" in faults(sealed, "ab" * 32)[0][0]


def test_seals_are_neither_changed_nor_removed(sealed):
    for act in (lambda: Seal.objects.update(entries=1), lambda: Seal.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_reader_of_the_journal_sees_the_number_to_keep(sealed, administrator):
    assert head().sha256 in administrator.client.get("/staff/mail/journal/").content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("many", [False, True])
def test_the_sealer_waits_for_whoever_is_writing_and_misses_no_lower_number(clerk, many):
    written, go_on = threading.Event(), threading.Event()

    def slow_writer() -> None:
        try:
            with transaction.atomic():
                if many:
                    record_many(clerk, "import.taken_over", [Change(object_text=str(n)) for n in range(30)])
                else:
                    record(clerk, "meeting.planned", object_text="slow")
                written.set()
                go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    assert written.wait(20)
    record(clerk, "meeting.planned", object_text="quick, with a higher number")
    assert seal() == 0
    go_on.set()
    thread.join()
    assert seal() == Entry.objects.count() == (31 if many else 2)


def test_the_command_prints_the_number_to_keep(sealed, capsys):
    call_command("seal", format="json")
    assert json.loads(capsys.readouterr().out)["sha256"] == head().sha256
