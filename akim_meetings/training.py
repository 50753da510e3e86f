"""A copy for training: the rows of an installation without anything that tells of a person.

Days, numbers, states and what belongs to what stay, so that pages, sums and duties look as they do. Names, addresses
and every text that somebody typed are replaced: the same text by the same word everywhere, by a key that is made for
one export and thrown away with it. What is not listed in `KEPT` is replaced; so a new field is safe until somebody
decides otherwise. Files, letters, accounts' secrets, the journal and the sealed rows of citizens stay out.
"""

from __future__ import annotations

import gzip
import hmac
import json
import re
import secrets
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from journal.actors import Actor
from journal.services import record

FILE = "training.jsonl.gz"
#: Rooms whose rows are copied, but for `LEFT_OUT`.
ROOMS = ("territories", "calendars", "deadlines", "issues", "reporting")
#: Rows that stay out: secrets, contacts, work in hand, and what sweeps make anew.
LEFT_OUT = {
    "territories.ApiToken", "territories.Mailbox", "territories.EditionDraft", "calendars.MaslikhatNotice",
    "calendars.ImportJob", "calendars.FeedLink", "calendars.Step", "deadlines.DutyFeed", "deadlines.Reminder",
    "deadlines.Moved", "deadlines.MovedUnit", "issues.RequestPerson", "issues.Subscription", "issues.MinutesTemplate",
    "issues.PublicationCheck", "issues.TableImport",
    "issues.ImportPart", "issues.TakenRow", "issues.Escalation", "reporting.ExportJob", "reporting.Cell",
    "reporting.Change",
}  # fmt: skip
#: Texts that are no person's: the state's classifier, names of bodies, lists of the house, ids of the law.
KEPT = {
    "territories.Territory": {
        "code", "path", "name_kk", "name_ru", "name_en", "search", "sort_kk", "excluded_reason", "time_zone",
    },
    "territories.TerritoryState": {"code", "parent_code", "name_kk", "name_ru"},
    "territories.Edition": {"classifier", "file_name", "summary"},
    "territories.Organisation": {"key", "name_kk", "name_ru", "name_en", "search", "short_ru", "website"},
    "issues.Topic": {"code", "parent_code", "name_kk", "name_ru", "name_en"},
    "issues.Channel": {"code", "name_kk", "name_ru", "name_en"},
    "issues.StoredFile": {"content_type"},
    "issues.QuarterlyRow": {"state"},
    "issues.PoolVersion": {"sources"},
    "issues.PoolDraft": {"order", "left_out"},
    "calendars.CalendarVersion": {"scan_type", "coverage"},
    "deadlines.Counting": {"wording", "readings", "anchors", "derivation"},
    "deadlines.Duty": {"rule_id"},
    "deadlines.Stage": {"code", "rule_prefix"},
    "deadlines.ReadingChoice": {"key", "value"},
    "reporting.Dispatch": {"proved"},
}  # fmt: skip
#: Contacts, and what the program makes anew out of a text: emptied.
EMPTIED = {"phone", "folded", "sketch", "note", "acknowledged_from"}
#: What a replaced text is called, by the end of its field's name.
CALLED = {
    "full_name": "Қызметкер", "name": "Мүше", "organisation": "Ұйым", "post": "Лауазым", "title": "Лауазым",
    "written_as": "Лауазым", "address": "Мекенжай", "who": "Топ",
}  # fmt: skip
#: Fields of hexadecimal words and secret words, whatever they are called by.
WORDS = re.compile(r"(sha256|digest|key|code|secret|token)$")
#: Strings inside kept documents that are days, hours, numbers or ids.
HARMLESS = re.compile(r"[\d.:,/@ TZ+-]*|\d{4}-(H|Q)\d|\d{2,3}-[\w.@]{1,40}")
BATCH = 2000


def copied() -> list[type[models.Model]]:
    """The models whose rows are copied."""
    return [
        model for room in ROOMS for model in apps.get_app_config(room).get_models() if model._meta.label not in LEFT_OUT
    ]


class Words:
    """What stands in the place of a text. The key is this object's own and is kept nowhere."""

    def __init__(self) -> None:
        self.key = secrets.token_bytes(32)
        self.known = vocabulary()

    def token(self, text: str, length: int = 10) -> str:
        digest = hmac.digest(self.key, text.encode(errors="surrogatepass"), "sha256").hex()
        return (digest * (length // len(digest) + 1))[:length]

    def text(self, value: str, field: models.Field) -> str:
        """The word for a text of a column, never longer than the column takes."""
        most = getattr(field, "max_length", None) or 200
        if isinstance(field, models.EmailField):
            return f"p{self.token(value)}@training.example"
        if isinstance(field, models.URLField):
            return f"https://training.example/{self.token(value)}"
        if WORDS.search(field.name):
            return self.token(value, min(most, len(value)))
        ending = next((word for end, word in CALLED.items() if field.name.endswith(end)), "Мәтін")
        return f"{ending} {self.token(value)}"[-most:]

    def data(self, value: Any) -> Any:
        """A kept document: its numbers, days, ids and names of units stay, every other text is replaced."""
        if isinstance(value, dict):
            return {name: self.data(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.data(inner) for inner in value]
        if isinstance(value, str) and value not in self.known and not HARMLESS.fullmatch(value):
            return f"Мәтін {self.token(value)}"
        return value


def vocabulary() -> set[str]:
    """Words that are no person's: names and codes of units, bodies, topics and channels; values of lists of choices."""
    found: set[str] = set()
    for label, names in KEPT.items():
        if label in ("territories.Territory", "territories.Organisation", "issues.Topic", "issues.Channel"):
            columns = sorted(names - {"search", "excluded_reason"})
            for row in apps.get_model(label)._default_manager.order_by().values_list(*columns).iterator(BATCH):
                found.update(text for text in row if text)
    for model in copied():
        for field in model._meta.concrete_fields:
            found.update(str(value) for value, _label in field.flatchoices)
    return found


def lines(words: Words) -> Iterator[str]:
    """Every row as a line that `loaddata` reads."""
    for model in copied():
        fields = [(field, maker(field, model, words)) for field in model._meta.concrete_fields if not field.primary_key]
        many = {field.name: linked(field) for field in model._meta.many_to_many}
        for row in model._base_manager.order_by("pk").iterator(BATCH):
            values = {field.name: make(getattr(row, field.attname)) for field, make in fields}
            values |= {name: pairs.get(row.pk, []) for name, pairs in many.items()}
            line = {"model": model._meta.label_lower, "pk": row.pk, "fields": values}
            yield json.dumps(line, cls=DjangoJSONEncoder, ensure_ascii=False)


def linked(field: models.ManyToManyField) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    through = field.remote_field.through
    pairs = through._base_manager.values_list(field.m2m_column_name(), field.m2m_reverse_name())
    for one, other in pairs.iterator(BATCH):
        found.setdefault(one, []).append(other)
    return found


def maker(field: models.Field, model: type[models.Model], words: Words) -> Callable[[Any], Any]:
    """What becomes of the values of a column."""
    if field.is_relation:
        target = field.related_model
        goes_with = isinstance(target, type) and target in copied()
        return (lambda value: value) if goes_with else (lambda value: None)
    if model._meta.label == "territories.User" and field.name == "password":
        return lambda value: "!"
    if field.name in KEPT.get(model._meta.label, ()) or field.choices:
        return lambda value: value
    if isinstance(field, models.FileField):
        return lambda value: ""
    if isinstance(field, models.UUIDField):
        return lambda value: None if value is None else str(uuid.UUID(words.token(str(value), 32)))
    if isinstance(field, models.JSONField):
        return words.data
    if isinstance(field, models.BinaryField):
        return lambda value: None
    if isinstance(field, models.CharField | models.TextField):
        empty = None if field.null else ""
        if field.name in EMPTIED:
            return lambda value: empty
        return lambda value: words.text(value, field) if value else value
    return lambda value: value


@transaction.atomic
def export_training(folder: Path, *, by: Actor) -> dict[str, int]:
    """Write the copy into a folder, as the rows stand in one moment; how many lines, and how many bytes.

    The file appears whole or not at all. The journal tells that a copy was made, by whom.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unfinished, count = folder / f"{FILE}.part", 0
    try:
        with unfinished.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
            count = write(packed)
        unfinished.replace(folder / FILE)
    finally:
        unfinished.unlink(missing_ok=True)
    done = {"lines": count, "bytes": (folder / FILE).stat().st_size}
    record(by, "training.exported", became=done)
    return done


def write(out: gzip.GzipFile) -> int:
    count = 0
    for line in lines(Words()):
        out.write(line.encode() + b"\n")
        count += 1
    return count
