"""Pages of long lists that people read: each is entered by a key and costs the same wherever it lies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import DateField, Q, QuerySet
from django.utils.functional import cached_property

#: Words of an address that say where in a list a page lies.
PLACE = ("page", "after", "before")
#: Rows of a list are counted up to here; of a longer list a page says "more than".
MOST_COUNTED = 10_000


class KeyPage(Page):
    """A page that knows the places of its neighbours: `after` and `before` are keys for the address."""

    after = ""
    before = ""
    #: Rows were counted up to `MOST_COUNTED` only; numbers of pages are not known then.
    more = False

    def has_next(self) -> bool:
        return bool(self.after)

    def has_previous(self) -> bool:
        return bool(self.before)

    def next_page_number(self) -> int:
        return self.number + 1

    def previous_page_number(self) -> int:
        return max(self.number - 1, 1)


class KeyPaginator(Paginator):
    """Pages of a long list that are entered by a key, so that each of them costs the same wherever it lies.

    `ids` has the conditions; `order` names a column and the id, both upward or both downward ("-raised_on", "-pk"), as
    an index gives them. Links between pages carry the key of the row after or before which the page lies; the number
    beside it is only told. `?page=7` without a key works as it always did; so does `page=last`. Nothing is counted
    beyond `MOST_COUNTED`.
    """

    def __init__(self, ids: QuerySet[Any], per_page: int, *, order: Sequence[str], whole: QuerySet[Any]) -> None:
        super().__init__(ids.order_by(*order), per_page)
        self.whole, self.order = whole, tuple(order)
        self.down = self.order[0].startswith("-")
        self.column = self.order[0].lstrip("-")

    @cached_property
    def counted(self) -> int:
        """How many rows there are, or `MOST_COUNTED` + 1."""
        return self.object_list.order_by()[: MOST_COUNTED + 1].count()

    @property
    def count(self) -> int:  # type: ignore[override]
        return min(self.counted, MOST_COUNTED)

    @property
    def more(self) -> bool:
        return self.counted > MOST_COUNTED

    def page_of(self, asked: Mapping[str, Any]) -> KeyPage:
        """The page that an address asks for; a key that is none is left out, a number that is none is 1."""
        after, before = self.read(asked.get("after", "")), self.read(asked.get("before", ""))
        number = self.number_of(asked.get("page", ""))
        if after is not None:
            found = self.keys(self.beyond(after, on=True))
            return self.made(found[: self.per_page], number, further=len(found) > self.per_page, back=True)
        if before is not None:
            found = self.keys(self.beyond(before, on=False).reverse())
            rows = found[: self.per_page][::-1]
            return self.made(rows, max(number, 1), further=True, back=len(found) > self.per_page)
        if number > 1 and (asked.get("page") == "last" or (number == self.num_pages and not self.more)):
            # The last page is read from the end.
            size = self.per_page if self.more else self.count - self.per_page * (number - 1)
            return self.made(self.keys(self.object_list.reverse())[:size][::-1], number, further=False, back=True)
        first = (number - 1) * self.per_page
        found = list(self.object_list.values_list(self.column, "pk")[first : first + self.per_page + 1])
        return self.made(found[: self.per_page], number, further=len(found) > self.per_page, back=number > 1)

    def number_of(self, asked: str) -> int:
        if asked == "last":
            return self.num_pages
        if not (asked.isascii() and asked.isdigit()) or len(asked) > 9:
            return 1
        return max(int(asked), 1) if self.more else min(max(int(asked), 1), self.num_pages)

    def keys(self, rows: QuerySet[Any]) -> list[tuple[Any, int]]:
        return list(rows.values_list(self.column, "pk")[: self.per_page + 1])

    def beyond(self, key: tuple[Any, int], *, on: bool) -> QuerySet[Any]:
        """Rows after a key (`on`), or before it, in the order of the list."""
        value, pk = key
        side = "lt" if self.down is on else "gt"
        if self.column in ("pk", "id"):
            return self.object_list.filter(**{f"pk__{side}": pk})
        # The column is asked once more by itself, so that the index is entered at the right place.
        beside = Q(**{f"{self.column}__{side}": value}) | Q(**{f"pk__{side}": pk})
        return self.object_list.filter(beside, **{f"{self.column}__{side}e": value})

    def made(self, found: list[tuple[Any, int]], number: int, *, further: bool, back: bool) -> KeyPage:
        rows = self.whole.in_bulk([pk for _value, pk in found])
        page = KeyPage([rows[pk] for _value, pk in found if pk in rows], number, self)
        page.after = self.write(found[-1]) if found and further else ""
        page.before = self.write(found[0]) if found and back else ""
        page.more = self.more
        return page

    def write(self, key: tuple[Any, int]) -> str:
        value, pk = key
        return f"{value.isoformat()}_{pk}" if isinstance(value, dt.date) else f"_{pk}"

    def read(self, text: str) -> tuple[Any, int] | None:
        day, _gap, pk = text.partition("_")
        if not (pk.isascii() and pk.isdigit() and len(pk) <= 18):
            return None
        try:
            dated = isinstance(self.object_list.model._meta.get_field(self.column), DateField)
            return (dt.date.fromisoformat(day) if dated else None), int(pk)
        except ValueError:
            return None
