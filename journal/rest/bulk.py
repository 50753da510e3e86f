"""Many rows in one request: all are written or none, and what is wrong is told by row and field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.request import Request

MOST_TOGETHER = 500


class RowsWrong(exceptions.APIException):
    """Some rows are wrong, so none was written. `rows` has the errors by the row's place in the list, from 0."""

    status_code = 400
    default_code = "rows_wrong"

    def __init__(self, rows: Mapping[int, Mapping[str, Any]]) -> None:
        super().__init__(_("Nothing was written: %(count)s rows are wrong.") % {"count": len(rows)})
        self.rows = {str(index): dict(errors) for index, errors in rows.items()}

    @classmethod
    def unless_valid(
        cls, body: type[serializers.Serializer], rows: list[Any], context: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """The fields of every row, or this refusal with all that is wrong."""
        serializer = body(data=rows, many=True, context=context)
        if not serializer.is_valid():
            raise cls({index: errors for index, errors in serializer.errors.items() if errors})
        return serializer.validated_data


def rows_of(request: Request) -> list[Any]:
    """The list that was sent: 1 to `MOST_TOGETHER` rows."""
    sent = request.data
    if not isinstance(sent, list) or not 1 <= len(sent) <= MOST_TOGETHER:
        raise serializers.ValidationError(_("Send a list of 1 to %(most)s rows.") % {"most": MOST_TOGETHER})
    return sent
