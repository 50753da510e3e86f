"""How values are shown inside a message: cell text made visible, dates and labels in the reader's language.

Django has no Kazakh date formats and Chromium no Kazakh data, so dates are written out here.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import get_language

from .limits import SEEN_CHARS
from .messages.file import FILE_TYPES

# Months as they stand inside a date: genitive in Russian, plain in Kazakh.
MONTHS: dict[str, tuple[str, ...]] = {
    "kk": (
        "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым",
        "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан",
    ),
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip

NO_BREAK_SPACE = "\u00a0"
_SHOWN_BLANKS = {"\u00a0": "⍽", "\u202f": "⍽", "\n": "⏎", "\r": "⏎", "\t": "⇥"}


def language() -> str:
    """The reader's language among kk, ru and en."""
    code = (get_language() or "en")[:2]
    return code if code in MONTHS else "en"


def shown(value: object) -> str:
    """A cell's content as one line of at most 40 characters, with invisible characters made visible."""
    text = plain(value)
    # Cut before the work: a cell may hold 32,767 characters.
    cut = len(text) > SEEN_CHARS
    text = text[: SEEN_CHARS - 1] if cut else text
    out = "".join(_visible(char) for char in text)
    if cut or len(out) > SEEN_CHARS:
        out = out[: SEEN_CHARS - 1] + "…"
    return out


def plain(value: object) -> str:
    """A cell's value as a person would type it: 15.03.2027, 09:30, 610000000."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.strftime("%d.%m.%Y %H:%M")
    if isinstance(value, date):
        return f"{value.day:02}.{value.month:02}.{value.year:04}"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def written(day: date) -> str:
    """A day in words, in the reader's language: 15 қаңтар 2027, 15 января 2027, 15 January 2027."""
    return f"{day.day} {MONTHS[language()][day.month - 1]} {day.year}"


def spoken(param: Any) -> str:
    """A parameter of a message in the reader's language.

    Dates are written out, ``{"kk": …, "ru": …, "en": …}`` gives the label of the language, ``{"file_type": key}``
    the name of a type of file; lists are joined.
    """
    if isinstance(param, Mapping):
        if "file_type" in param:
            return str(FILE_TYPES[param["file_type"]])
        if "date" in param:
            return written(date.fromisoformat(param["date"]))
        return str(param.get(language()) or next(iter(param.values()), ""))
    if isinstance(param, (list, tuple)):
        return ", ".join(spoken(item) for item in param)
    if isinstance(param, date) and not isinstance(param, datetime):
        return written(param)
    if isinstance(param, bool) or not isinstance(param, int) or abs(param) < 10_000:
        return plain(param)
    return f"{param:,}".replace(",", NO_BREAK_SPACE)  # 2027 stays whole, 1 000 000 is grouped


def _visible(char: str) -> str:
    if char in _SHOWN_BLANKS:
        return _SHOWN_BLANKS[char]
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
        return f"[U+{code:04X}]"
    return char
