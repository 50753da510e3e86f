"""The journal as a chain: each entry is hashed together with everything before it.

Entries get their numbers before their transactions end, so a chain written entry by entry would make all writers wait
for each other. Instead writers hold a shared lock to the end of their transaction, and the sealer, who never waits,
takes a look in a moment without writers: what is committed then is complete up to the highest number, and later
entries get higher ones. On SQLite there is one writer at a time anyway.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db import connection, transaction

from ..models import Entry, Seal

#: Writers share it, the sealer must have it alone. The trigger `journal_entry_is_written` takes it too.
WRITING = 826_000_009
#: Only one sealer works at a time.
SEALING = 826_000_010
#: So many entries make at most one seal.
MOST = 50_000


def writing() -> None:
    """Say that this transaction is about to take numbers for entries. `record` leaves that to the trigger,
    which comes before the first number of an INSERT."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [WRITING])


def head() -> Seal | None:
    """The newest seal; None while nothing was sealed yet."""
    return Seal.objects.last()


@transaction.atomic
def seal() -> int:
    """Seal what is committed and not sealed yet; answers how many entries. 0 also when somebody is just writing."""
    if not locked("pg_try_advisory_xact_lock", SEALING):
        return 0
    highest = quiet_highest()
    last = head()
    begun = last.last if last else 0
    if highest is None or highest <= begun:
        return 0
    rows = Entry.objects.filter(pk__gt=begun, pk__lte=highest).order_by("pk")[:MOST]
    previous = chained = last.sha256 if last else Seal.START
    count, first, final = 0, 0, 0
    for entry in rows.iterator(chunk_size=2000):
        chained = link(chained, line(entry))
        first, final, count = first or entry.pk, entry.pk, count + 1
    Seal.objects.create(first=first, last=final, entries=count, previous=previous, sha256=chained)
    return count


def quiet_highest() -> int | None:
    """The highest number of an entry, read while nobody is between taking a number and committing; None else."""
    if not locked("pg_try_advisory_lock", WRITING):
        return None
    try:
        return Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
    finally:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [WRITING])


def locked(how: str, key: int) -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {how}(%s)", [key])
        return bool(cursor.fetchone()[0])


def link(before: str, text: str) -> str:
    """The hash after one more entry."""
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def line(entry: Entry) -> str:
    """All that an entry says as one line of JSON: names in order, instants in UTC with six digits."""
    said: dict[str, Any] = {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields}
    said["at"] = entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    said["batch"] = str(entry.batch) if entry.batch else None
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def lines() -> Iterator[str]:
    """Every entry as it is hashed, the oldest first."""
    return (line(entry) for entry in Entry.objects.order_by("pk").iterator(chunk_size=2000))
