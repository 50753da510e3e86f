"""HTML in every text that people type: no page of an office or of the public makes markup of it."""

import tempfile
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import DatabaseError, models, transaction
from django.test import Client, override_settings

from ..doors import ROWS, World

MARK = "<script>alert(1)</script>"
#: Texts that are no words of people: digests, keys, sealed values, addresses that were checked as such.
NO_WORDS = ("sha256", "client_key", "code", "file", "token_digest", "email_digest", "content_type", "link", "address")
#: Who opens a page: the first of these who may.
READERS = ("okrug", "editor", "executor", "central", "nobody")
ROOMS = ("issues", "public", "ask", "documents")
#: Keys of frozen rows that hold words of people.
WORDS = ("text", "measure", "completion", "organisation", "post", "place", "question", "answer")


def poison() -> int:
    """Write the mark into every text of this room's rows, frozen ones too; how many columns took it."""
    taken = 0
    for model in (*apps.get_app_config("issues").get_models(), apps.get_model("calendars", "Meeting")):
        for column in model._meta.concrete_fields:
            if not fits(column):
                continue
            try:
                with transaction.atomic():
                    taken += bool(model._default_manager.update(**{column.name: MARK}))
            except DatabaseError:
                continue  # a rule of the database keeps this text as it is
        for column in model._meta.concrete_fields:
            if isinstance(column, models.JSONField):
                for row in model._default_manager.all():
                    value = poisoned(getattr(row, column.name))
                    model._default_manager.filter(pk=row.pk).update(**{column.name: value})
    return taken


def fits(column: models.Field) -> bool:
    words = isinstance(column, models.CharField | models.TextField) and not isinstance(column, models.URLField)
    if not words or column.choices or column.unique or column.name in NO_WORDS or "sealed" in column.name:
        return False
    return column.max_length is None or column.max_length >= len(MARK)


def poisoned(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: poisoned(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item, key) for item in value]
    return MARK if isinstance(value, str) and key.startswith(WORDS) else value


@pytest.mark.once
@pytest.mark.django_db
def test_no_text_becomes_markup_on_any_page(settings):
    folder = tempfile.mkdtemp(prefix="akim-hostile-")
    settings.MEDIA_ROOT = folder
    with override_settings(SECOND_FACTOR_REQUIRED=False):
        world = World()
        assert poison() > 40
        opened, shown, wrong = 0, 0, []
        for door in ROWS:
            if door.method != "GET" or door.name.partition(":")[0] not in ROOMS:
                continue
            reader = next((role for role in READERS if door.own[role].status == 200), None)
            if reader is None:
                continue
            cache.clear()
            client = Client(raise_request_exception=False)
            client.cookies["language"] = "en"
            if reader in world.sessions:
                client.cookies["sessionid"] = world.sessions[reader]
            side = world.sides(reader)[0]
            answer = client.get(door.address(side), door.filled(side), **door.extra)
            if not answer.get("Content-Type", "").startswith("text/html"):
                continue
            opened += 1
            text = answer.content.decode()
            shown += "&lt;script&gt;" in text
            if answer.status_code != 200 or MARK in text:
                wrong.append(f"{door.name}: {answer.status_code}")
    assert wrong == []
    assert opened > 60
    assert shown > 25, "the texts were not on the pages at all"
