"""Many rows of one table at once.

A year's calendar is 2,005 meetings, as many targets and as many entries of the journal. On PostgreSQL they go in
by COPY, which costs a third of the ORM's bulk insert, and are changed by one join with arrays of their values, where
the ORM writes a CASE for each row and column. A few new rows go in by an INSERT whose words are made once a model.
Elsewhere the ORM does it.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import repeat
from typing import Any, TypeVar

from django.db import connection, models
from django.utils import timezone

#: Fewer rows are not worth a statement for their ids.
FEW = 20
#: Values that every column but one of JSON takes as they are.
PLAIN = (str, int, bool, dt.date, dt.time, dt.datetime, type(None))
#: Rows of one INSERT where there is no COPY.
ROWS_PER_INSERT = 500
#: Characters that the driver takes at once on their way to COPY.
COPIED_AT_ONCE = 1 << 18
_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL = "\\N"


Row = TypeVar("Row", bound=models.Model)


def insert(rows: Sequence[Row]) -> Sequence[Row]:
    """Write new rows of one model, in their order, in the caller's transaction; their ids are set.

    As with `bulk_create`, neither `save` nor signals run, and database errors are Django's.
    """
    if not rows:
        return rows
    model = type(rows[0])
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows, batch_size=ROWS_PER_INSERT)
        return rows
    stamp(rows, model)
    if are_few(len(rows)):
        insert_few(rows, model)
        return rows
    for row, pk in zip(rows, fresh_ids(model, len(rows)), strict=True):
        row.pk = pk
    values = [row.__dict__ for row in rows]
    copy(model, {field.attname: [each[field.attname] for each in values] for field in model._meta.concrete_fields}, {})
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return rows


def are_few(count: int) -> bool:
    """Do so many new rows get their ids by their INSERT itself, and not before it?"""
    return count < FEW or connection.vendor != "postgresql"


def insert_few(rows: Sequence[models.Model], model: type[models.Model]) -> None:
    """One INSERT of all rows. Making its words takes the ORM longer than the database takes to follow them."""
    begins, fields, ends = words_of_insert(model)
    values = [
        value if plain and type(value := row.__dict__[name]) in PLAIN else prepare(row.__dict__[name], connection)
        for row in rows
        for name, plain, prepare in fields
    ]
    marks = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        cursor.execute(f"{begins}{', '.join([marks] * len(rows))}{ends}", values)
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = pk
            row._state.adding, row._state.db = False, connection.alias


@cache
def words_of_insert(model: type[models.Model]) -> tuple[str, list[tuple[str, bool, Callable[..., Any]]], str]:
    """How an INSERT begins and ends, and between them the columns: name, whether plain values pass, how others do."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column or field.attname) for field in fields)
    prepared = [(field.attname, not isinstance(field, models.JSONField), field.get_db_prep_save) for field in fields]
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column or model._meta.pk.attname)
    return f"INSERT INTO {table} ({columns}) VALUES ", prepared, f" RETURNING {key}"  # noqa: S608


def insert_columns(model: type[models.Model], each: Mapping[str, Sequence[Any]], same: Mapping[str, Any]) -> list[int]:
    """Write new rows of one model given by columns, in the caller's transaction; answers their ids in their order.

    Columns are named as in the database (`unit_id`): `each` has a value for every row, `same` one for all. Those that
    are not named take what the model sets by itself. No object is made of a row: of 50,000 that is most of the time.
    """
    count = len(next(iter(each.values())))
    if are_few(count):
        rows = [model(**same, **dict(zip(each, values, strict=True))) for values in zip(*each.values(), strict=True)]
        return [row.pk for row in insert(rows)]
    now = timezone.now()
    ids = fresh_ids(model, count)
    each, same = {**each, model._meta.pk.attname: ids}, dict(same)
    for field in model._meta.concrete_fields:
        if field.attname in each or field.attname in same:
            continue
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            same[field.attname] = now
        elif callable(field.default):
            each[field.attname] = [field.get_default() for _row in range(count)]
        else:
            same[field.attname] = field.get_default()
    copy(model, each, same)
    return ids


def copy(model: type[models.Model], each: Mapping[str, Sequence[Any]], same: Mapping[str, Any]) -> None:
    """Columns of new rows by COPY."""
    count = len(next(iter(each.values())))
    fields = [field for field in model._meta.concrete_fields if field.attname in same or field.attname in each]
    texts = [
        repeat(written(field, [same[field.attname]])[0], count)
        if field.attname in same
        else written(field, each[field.attname])
        for field in fields
    ]
    columns = ", ".join(connection.ops.quote_name(field.column or field.attname) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    lines = io.StringIO("\n".join(map("\t".join, zip(*texts, strict=True))) + "\n")
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", lines, COPIED_AT_ONCE)


def written(field: models.Field, values: Sequence[Any]) -> list[str]:
    """The values of a column as COPY reads them."""
    write = writer(field)
    return [_NULL if value is None else write(value) for value in values]


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


def fresh_ids(model: type[models.Model], count: int) -> list[int]:
    """So many ids out of the table's own sequence, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            # The sequence is looked up once, not for each row.
            "SELECT ARRAY(SELECT nextval(s.name) FROM generate_series(1, %s))"
            " FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS name OFFSET 0) s",
            [count, f'"{model._meta.db_table}"', model._meta.pk.column],
        )
        return cursor.fetchone()[0]


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
