"""Pages of long lists, for people."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


class LongPaginator(Paginator):
    """Pages of a list that is sorted by bare ids: only the rows of the page are read with all that belongs to them.

    `ids` has the conditions and the order; `whole` the joins and annotations, and no conditions of its own. Otherwise
    the database would join every row of the list before it knows which fifty are wanted.
    """

    def __init__(self, ids: QuerySet[Any], per_page: int, *, whole: QuerySet[Any]) -> None:
        super().__init__(ids.values_list("pk", flat=True), per_page)
        self.whole = whole

    def _get_page(self, object_list: Any, *args: Any) -> Page:
        ids = list(object_list)
        rows = self.whole.in_bulk(ids)
        return super()._get_page([rows[pk] for pk in ids if pk in rows], *args)
