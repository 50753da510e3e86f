"""What the search compares follows the text of its row; made anew for all rows after the list of concepts changed."""

from __future__ import annotations

from django.db import transaction

from ..models import Issue, Request
from ..similar import COMPARED, compared

BATCH = 1000


def fold_again() -> int:
    """Make `folded` and `sketch` anew where they differ. Returns how many rows did. May be repeated at any time."""
    changed = 0
    for model, texts in ((Request, ("text",)), (Issue, ("text_kk", "text_ru"))):
        after: int | None = 0
        while after is not None:
            with transaction.atomic():
                rows = list(model.objects.select_for_update().filter(pk__gt=after).order_by("pk")[:BATCH])
                differ = []
                for row in rows:
                    wanted = compared(" ".join(getattr(row, name) for name in texts))
                    if any(getattr(row, column) != value for column, value in wanted.items()):
                        for column, value in wanted.items():
                            setattr(row, column, value)
                        differ.append(row)
                model.objects.bulk_update(differ, COMPARED)
            changed += len(differ)
            after = rows[-1].pk if rows else None
    return changed
