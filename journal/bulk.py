"""Many rows of one table at once.

A year's calendar is 2,005 meetings, as many targets and as many entries of the journal. On PostgreSQL they go in
by COPY, which costs a third of the ORM's bulk insert, and are changed by one join with arrays of their values, where
the ORM writes a CASE for each row and column; elsewhere, and for a few new rows, the ORM does it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import connection, models
from django.utils import timezone

#: Fewer rows are not worth a statement for their ids.
FEW = 20
#: Rows of one INSERT where there is no COPY.
ROWS_PER_INSERT = 500
_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL = "\\N"


Row = TypeVar("Row", bound=models.Model)


def insert(rows: Sequence[Row]) -> Sequence[Row]:
    """Write new rows of one model, in their order, in the caller's transaction; their ids are set.

    As with `bulk_create`, neither `save` nor signals run, and database errors are Django's.
    """
    if len(rows) < FEW or connection.vendor != "postgresql":
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=ROWS_PER_INSERT)
        return rows
    model = type(rows[0])
    stamp(rows, model)
    number(rows, model)
    fields = model._meta.concrete_fields
    writers = [(field.attname, writer(field)) for field in fields]
    lines = []
    for row in rows:
        values = row.__dict__
        lines.append("\t".join([_NULL if (value := values[name]) is None else write(value) for name, write in writers]))
    columns = ", ".join(connection.ops.quote_name(field.column or field.attname) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    text = io.StringIO("\n".join(lines) + "\n")
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", text)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return rows


def update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields of present rows of one model, in the caller's transaction.

    As with `bulk_update`, neither `save` nor signals run, and database errors are Django's.
    """
    if not rows:
        return
    model = type(rows[0])
    if connection.vendor != "postgresql":
        model._default_manager.bulk_update(rows, names, batch_size=ROWS_PER_INSERT)
        return
    key = model._meta.pk
    fields: list[Any] = [key, *(model._meta.get_field(name) for name in names)]
    quoted = [connection.ops.quote_name(field.column) for field in fields]
    arrays = ", ".join(f"%s::{plain_type(field)}[]" for field in fields)
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields]
    sets = ", ".join(f"{name} = v.{name}" for name in quoted[1:])
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS t SET {sets} FROM UNNEST({arrays}) AS v({', '.join(quoted)})"  # noqa: S608
            f" WHERE t.{quoted[0]} = v.{quoted[0]}",
            values,
        )


def plain_type(field: models.Field) -> str:
    """The type of a column without its length: what is too long is refused by the column, not cut off by a cast."""
    return (field.db_type(connection) or "text").partition("(")[0]


def stamp(rows: Sequence[models.Model], model: type[models.Model]) -> None:
    """Moments that the model itself sets on a new row."""
    names = [
        field.attname
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    now = timezone.now()
    for name in names:
        for row in rows:
            setattr(row, name, now)


def number(rows: Sequence[models.Model], model: type[models.Model]) -> None:
    """Ids out of the table's own sequence, in the order of the rows."""
    column = model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [f'"{model._meta.db_table}"', column, len(rows)],
        )
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = pk


def writer(field: models.Field) -> Callable[[Any], str]:
    """How a value of a column is written for COPY; what is not known here, the field itself prepares."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.BooleanField):
        return lambda value: "t" if value else "f"
    if isinstance(field, models.IntegerField | models.UUIDField | models.GenericIPAddressField):
        return str
    if isinstance(field, models.DateField | models.TimeField):
        return lambda value: value.isoformat()
    if isinstance(field, models.JSONField):
        encoder = json.JSONEncoder if field.encoder is None else field.encoder
        encode = encoder(ensure_ascii=False, separators=(",", ":")).encode
        return lambda value: escaped(encode(value))
    if isinstance(field, models.CharField | models.TextField):
        return escaped
    return lambda value: escaped(str(field.get_db_prep_save(value, connection)))


def escaped(value: str) -> str:
    text = str(value)
    return text if "\\" not in text and text.isprintable() else text.translate(_SPECIAL)
