"""Columns of a unit that are worked out from others: what the search looks into, the path, the region."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import CharField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from journal.dates import fold

from ...models import Territory


def search_text(*names: str) -> str:
    """What the search looks into: the names in all languages, folded, each word once."""
    words = dict.fromkeys(word for name in names for word in fold(name).split())
    return " ".join(words)[:420]


def forget_paths(rows: Sequence[Territory]) -> None:
    """Empty the paths below units that moved, so that `fill_paths` works them out anew."""
    for row in rows:
        if row.path:
            Territory.objects.filter(path__startswith=row.path).update(path="")


def fill_paths() -> None:
    """Paths and regions of all rows whose path is empty, a level at a time."""
    own = Concat(Cast("pk", CharField()), Value("/"))
    Territory.objects.filter(path="", parent=None).update(path=own)
    parent = Territory.objects.filter(pk=OuterRef("parent_id")).exclude(path="")
    while (
        Territory.objects.filter(path="")
        .filter(Exists(parent))
        .update(path=Concat(Subquery(parent.values("path")[:1]), Cast("pk", CharField()), Value("/")))
    ):
        pass
