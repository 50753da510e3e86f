"""What bodies and filters of the API say about units, and who asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from .models import Territory
from .scope import Who

#: SQLite and PostgreSQL keep whole numbers up to this in an id column.
GREATEST_ID = 2**63 - 1


#: Days outside of these are slips of the keyboard; terms could not be counted from them.
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)


def who_asks(request: Request) -> Who:
    return request._request.who


class DayField(serializers.DateField):
    """A civil day between `FIRST_DAY` and `LAST_DAY`, as 2027-03-15."""

    def to_internal_value(self, value: Any) -> dt.date:
        day = super().to_internal_value(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            text = _("Give a day between %(first)s and %(last)s.")
            raise serializers.ValidationError(text % {"first": FIRST_DAY, "last": LAST_DAY})
        return day


class UnitField(serializers.SlugRelatedField):
    """A unit by its code; a code that is unknown and one that is abolished are told apart nowhere.

    Where the serializer's context has `units` (`units_of`), units are taken from there and the database is not asked.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Territory.objects.filter(valid_to=None), **kwargs)

    def to_internal_value(self, data: Any) -> Territory:
        if not isinstance(data, str) or not data.isascii() or "\0" in data:
            raise serializers.ValidationError(_("Give the code of the unit as text of nine digits."))
        known = self.context.get("units")
        if known is None:
            return super().to_internal_value(data)
        if data not in known:
            self.fail("does_not_exist", slug_name="code", value=data)
        return known[data]


def units_of(codes: Iterable[Any]) -> dict[str, Territory]:
    """Present units by their codes, in one query, for the `units` of a context."""
    told = {code for code in codes if isinstance(code, str) and code.isascii() and "\0" not in code}
    return {unit.code: unit for unit in Territory.objects.filter(valid_to=None, code__in=told)}
