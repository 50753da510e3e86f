"""A workbook on its way into a calendar: looked at, shown, taken over whole or not at all."""

from . import messages  # noqa: F401  (makes its sentences known)
from .jobs import (
    AlreadyLoaded,
    CalendarChanged,
    Refused,
    again,
    commit,
    drop,
    forget_files,
    is_quick,
    loaded_before,
    read,
    receive,
    waiting,
)
from .plan import Look, kind_of, look

__all__ = [
    "AlreadyLoaded",
    "CalendarChanged",
    "Look",
    "Refused",
    "again",
    "commit",
    "drop",
    "forget_files",
    "is_quick",
    "kind_of",
    "loaded_before",
    "look",
    "read",
    "receive",
    "waiting",
]
