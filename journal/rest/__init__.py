"""What every resource of the REST API has in common, in the lowest room that has one.

Lists come in pages by cursor, `?fields=` takes a choice of columns, every answer with rows has an `ETag`, a row is
changed only with `If-Match`, and a `POST` may be sent again under the same `Idempotency-Key`.
"""

from .bodies import Strict, checked
from .bulk import MOST_TOGETHER, RowsWrong, rows_of
from .resource import Resource
from .versions import Changed, VersionMissing, seen_version

__all__ = [
    "MOST_TOGETHER",
    "Changed",
    "Resource",
    "RowsWrong",
    "Strict",
    "VersionMissing",
    "checked",
    "rows_of",
    "seen_version",
]
