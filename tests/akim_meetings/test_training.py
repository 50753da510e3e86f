"""A copy for training tells of no person, says the same of the same, and loads into a fresh installation."""

import gzip
import json
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test import override_settings

from akim_meetings import training
from issues.models import Issue
from territories.models import User

from ..doors import World

CLIENT_TEXTS = (models.CharField, models.TextField)
#: Words that the program itself writes into its rows, and that stand in the copy as names of fields or values.
SHORTEST = 4


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    files = tempfile.mkdtemp(prefix="akim-training-")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=files, SECOND_FACTOR_REQUIRED=False):
            made = World()
            User.objects.filter(pk=made.ours.person.pk).update(full_name="Әлия Серікқызы", phone="+7 701 234 56 78")
        yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def copy(world, django_db_blocker):
    with django_db_blocker.unblock():
        folder = Path(tempfile.mkdtemp(prefix="akim-copy-"))
        call_command("export_training", str(folder), verbosity=0)
        return folder / training.FILE


def rows_of(copy: Path) -> list[dict]:
    with gzip.open(copy, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def typed_texts() -> dict[str, str]:
    """Every text of the source that a person may have typed, and where it stands."""
    found: dict[str, str] = {}
    for room in (*training.ROOMS, "journal"):
        for model in training.apps.get_app_config(room).get_models():
            kept = training.KEPT.get(model._meta.label, set())
            for field in model._meta.concrete_fields:
                if (
                    isinstance(field, CLIENT_TEXTS)
                    and not field.choices
                    and field.name not in kept
                    and not field.is_relation
                ):
                    for text in model._base_manager.values_list(field.attname, flat=True):
                        if text and len(text) >= SHORTEST:
                            found[text] = f"{model._meta.label}.{field.name}"
    return found


def test_no_text_that_a_person_typed_appears_in_the_copy(world, copy, db):
    whole = gzip.decompress(copy.read_bytes()).decode()
    known = training.vocabulary()

    typed = {text: where for text, where in typed_texts().items() if where.partition(".")[0] != "journal"}

    leaks = {
        text: where
        for text, where in typed.items()
        if json.dumps(text, ensure_ascii=False)[1:-1] in whole
        and text not in known
        and not training.HARMLESS.fullmatch(text)
    }
    assert leaks == {}
    assert len(typed) > 100
    for text in ("Әлия", "701 234", "test.example", "Су тасқыны"):
        assert text not in whole


def test_the_same_text_is_the_same_word_everywhere_and_another_one_next_time(world, copy, tmp_path, db):
    first = rows_of(copy)
    call_command("export_training", str(tmp_path), verbosity=0)
    second = rows_of(tmp_path / training.FILE)

    issue = world.ours.promised
    (mine,) = (row["fields"] for row in first if row["model"] == "issues.issue" and row["pk"] == issue.pk)
    twins = Issue.objects.filter(text_kk=issue.text_kk).values_list("pk", flat=True)
    assert {r["fields"]["text_kk"] for r in first if r["model"] == "issues.issue" and r["pk"] in twins} == {
        mine["text_kk"]
    }
    (other,) = (row["fields"] for row in second if row["model"] == "issues.issue" and row["pk"] == issue.pk)
    assert mine["text_kk"] != other["text_kk"]
    assert (mine["raised_on"], mine["state"]) == (other["raised_on"], other["state"])


def test_every_relation_of_the_copy_leads_to_a_row_of_the_copy():
    """A column that must point to a row which stays out would make the copy unreadable."""
    there = set(training.copied())
    broken = [
        f"{model._meta.label}.{field.name}"
        for model in there
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model not in there and not field.null
    ]
    assert broken == []


def test_a_fresh_installation_loads_the_copy(world, copy, db):
    before = Counter({m._meta.label_lower: m._base_manager.count() for m in training.copied()})
    with transaction.atomic():
        empty()
        assert not User.objects.exists()
        call_command("loaddata", str(copy), verbosity=0)
        after = Counter({m._meta.label_lower: m._base_manager.count() for m in training.copied()})
        names = set(User.objects.values_list("full_name", flat=True))
        usable = [user for user in User.objects.all() if user.has_usable_password()]
        transaction.set_rollback(True)
    assert after == before
    assert all(name.startswith("Қызметкер") for name in names if name)
    assert usable == []


def empty() -> None:
    """All tables without rows, as after the first migration; the journal's are never removed."""
    kept = {"journal_entry", "journal_seal", "django_content_type", "auth_permission"}
    tables = {model._meta.db_table for model in training.apps.get_models(include_auto_created=True)} - kept
    with connection.cursor() as cursor:  # relations are checked later, when the copy is there
        for table in sorted(tables):
            cursor.execute(f'DELETE FROM "{table}"')
