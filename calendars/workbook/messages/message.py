"""The shape of one message."""

from dataclasses import dataclass
from typing import Any

ERROR = "error"
WARNING = "warning"
NOTE = "note"


@dataclass(frozen=True, slots=True)
class Message:
    """A code of the catalogue of bad inputs with its texts, translated when shown.

    ``problem`` begins with a small letter (it follows a place and a colon); ``remedy`` is a sentence of its own.
    Placeholders are named; ``%(value)s`` is what was seen, ``%(offer)s`` a proposed reading.
    """

    code: str
    severity: str
    problem: Any
    remedy: Any = ""
    expected: Any = ""
