"""Tables of offices on their way in: four kinds, one way. The lower half is that of the calendar's import."""

from . import messages  # noqa: F401  (makes its sentences known)
from .jobs import (
    Refused,
    begin,
    choose_columns,
    damaged,
    drop,
    first_look,
    forget_tables,
    is_quick,
    note_damage,
    receive,
    waiting,
    work,
    wrong_rows,
)

__all__ = [
    "Refused",
    "begin",
    "choose_columns",
    "damaged",
    "drop",
    "first_look",
    "forget_tables",
    "is_quick",
    "note_damage",
    "receive",
    "waiting",
    "work",
    "wrong_rows",
]
