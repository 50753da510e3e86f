"""Words of choices, found without hashing all the choices of a column anew for every row of a list."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models


class Labelled(models.Model):
    """A row whose `get_…_display` costs a look into a table, whatever the language: a list asks hundreds of times."""

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field) -> Any:
        value = getattr(self, field.attname)
        label = words_of(field).get(value, value)
        return label if label is None else str(label)


@cache
def words_of(field: models.Field) -> dict[Any, Any]:
    """The words of a column's values, translated when they are shown."""
    return dict(field.flatchoices)
