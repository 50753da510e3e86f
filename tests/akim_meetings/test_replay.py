"""A replayed year: the separate checker counts it as the program does, and is blind to no error planted into it."""

import copy
import datetime as dt
import io
import json
import random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from akim_meetings.replay import verdict
from akim_meetings.replay.course import course
from checker.ledger import differences, read
from deadlines.models import Duty
from issues.models import Issue, Publication
from journal.models import Notice
from tests import factories
from tests.checker import plants_of_facts, world  # noqa: F401  (plants its own)
from tests.checker.plants import PLANTS

UNTIL = dt.date(2027, 6, 30)
#: The sweep runs once in so many days here, as after standstills; the ledger must come out right all the same.
SWEEP_EVERY = 10


def played(land, *options: str, until: dt.date = UNTIL) -> dict:
    """The replay of our region up to a day, and what it says of itself."""
    out = io.StringIO()
    asked = ["--region", land.O.code, "--year", "2027", "--until", until.isoformat(), "--format", "json"]
    call_command("simulate_year", *asked, "--sweep-every", str(SWEEP_EVERY), *options, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.django_db
def test_the_ledger_of_a_replayed_region_is_what_its_events_ask_for(land, tmp_path):
    factories.maslikhat(land.O)
    found = played(land, "--dump", str(tmp_path))
    assert found["differences"] == 0
    assert found["compared"] > 500
    assert {"approve", "tell", "prepare", "hold", "receive", "publish", "report"} <= found["done"].keys()
    assert Publication.objects.filter(quarterly__isnull=False).exists()
    assert Issue.objects.filter(state="done").exists()
    states = set(Duty.objects.with_state(UNTIL).values_list("state", flat=True))
    assert {"met", "open", "breach", "no_number"} <= states
    assert not Notice.objects.filter(state=Notice.State.PENDING).exists(), "nothing waits for a real mail server"
    planted = errors_found(tmp_path)
    assert planted >= MOST_KINDS, "most kinds of errors have something to be planted into here"


#: Some errors need events that a seed need not draw: a letter that came back, a withdrawn page.
MOST_KINDS = 35
#: Reads all places of a document out of one row, where a dump has a row for each.
OF_OTHER_ROWS = {"one_place_called_published"}


def errors_found(folder) -> int:
    """Plant each kind of error into the dump and see that the checker names it; answers how many kinds there were."""
    names = [path.stem for path in sorted(folder.glob("*.jsonl"))]
    correct = {name: read(folder, name) for name in names}
    kinds = 0
    for plant in PLANTS:
        if plant.__name__ in OF_OTHER_ROWS:
            continue
        dump = copy.deepcopy(correct)
        try:
            key, _what = plant(dump, random.Random(plant.__name__))
        except (IndexError, StopIteration, KeyError):
            continue
        for name in names:
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in dump[name])
            (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
        found = differences(folder, world.LAW)
        # A surplus duty may meet a real one of the same key here; it is named as there twice.
        assert any(one.duty == key for one in found), (plant.__name__, key, found[:3])
        kinds += 1
    return kinds


@pytest.mark.django_db
def test_the_same_seed_leaves_the_same_ledger_whatever_the_ids(land):
    def replayed() -> tuple[str, dict]:
        place = transaction.savepoint()
        found = played(land, until=dt.date(2027, 1, 31))
        transaction.savepoint_rollback(place)
        return found["ledger"], found["done"]

    assert replayed() == replayed()


def test_a_seed_draws_its_own_year():
    def drawn(seed: int) -> list:
        rng = random.Random(seed)
        return [course(rng, pk, dt.date(2027, 5, 12), 14, words=8) for pk in range(50)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


@pytest.mark.django_db
def test_a_database_with_meetings_of_offices_is_left_alone(land, calendar_of_office, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="real offices"):
        call_command("simulate_year", "--region", land.O.code, "--year", "2027")


@pytest.fixture
def calendar_of_office(land):
    return factories.meeting(factories.calendar(land.O), land.A)


@pytest.mark.django_db
def test_a_region_that_is_not_loaded_is_named(land):
    with pytest.raises(CommandError, match="import_kato"):
        call_command("simulate_year", "--region", "999999999", "--year", "2027")


@pytest.mark.django_db
def test_the_digest_of_a_ledger_reads_codes_and_not_ids(land):
    assert verdict.digest([2027]) == verdict.digest([2028]), "two empty ledgers"
