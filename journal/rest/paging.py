"""Pages of a list for programs: each begins where the one before it ended, however many rows come and go."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

MOST_ROWS = 200


class Pages(CursorPagination):
    """`?page_size=100` and then the address in `next`; at most 200 rows, however many are asked for.

    Rows are sorted by their id (`Resource.ordering`), which never changes: a row that is edited during the walk
    is neither missed nor told twice, and the last page costs as much as the first. A cursor that is not ours is a 400.
    """

    page_size_query_param = "page_size"
    page_size_query_description = "Rows of one page, 50 if nothing is said; at most 200."
    cursor_query_description = "Where the page begins: taken from `next` or `previous`, never made by hand."
    page_size = 50
    max_page_size = MOST_ROWS

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return (view.ordering,)

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not re.fullmatch(r"[0-9]{1,9}", asked) or int(asked) == 0:
            raise ValidationError({self.page_size_query_param: [_("Give a whole number of rows, 1 or more.")]})
        return min(int(asked), MOST_ROWS)

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            cursor = super().decode_cursor(request)
        except Exception as error:
            raise self.foreign() from error
        if cursor is not None and not re.fullmatch(r"-?[0-9]{1,19}", str(cursor.position or "")):
            raise self.foreign()
        return cursor

    def foreign(self) -> ValidationError:
        text = _("This cursor is not one of ours. Take the address from “next” of the page before.")
        return ValidationError({self.cursor_query_param: [text]})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor, size = super().get_schema_operation_parameters(view)
        size["schema"] = {"type": "integer", "minimum": 1, "maximum": 999_999_999, "default": self.page_size}
        return [cursor, size]
