"""Dates: as Excel keeps them, and as people in Kazakhstan type them.

The day stands before the month. Legal days have no zone: a date is a date in Asia/Almaty, and a text with a
zone is refused rather than moved.
"""

import re
from datetime import date, datetime, time, timedelta

from ..sheet import Cell, CellKind
from ..template import Column
from ..words import MONTHS
from .reading import Context, Reading, Remark
from .text import LONGEST, clean
from .times import parse_time

# Serial 1 is 1 January 1900; 60 is the 29 February 1900 that never was; this many days make 31.12.9999.
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_LAST_SERIAL = 2_958_465
_FIRST_TRUE_DAY = date(1900, 3, 1)
# A bare number is offered as a date only near the year of the calendar.
_YEARS_NEAR = 30

_SHORT_MONTHS = {
    "kk": ("қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там", "қыр", "қаз", "қар", "жел"),
    "ru": ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "en": ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
}
_NOMINATIVE_RU = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
_MONTHS: dict[str, int] = {
    name.casefold(): number
    for names in (*MONTHS.values(), *_SHORT_MONTHS.values(), _NOMINATIVE_RU)
    for number, name in enumerate(names, start=1)
} | {"сент": 9, "нояб": 11, "sept": 9}

_YEAR_WORD = r"(?:\s*(?:жылғы|жылы|жыл|ж|года|год|г|y)\b\.?)?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})\s*([./-])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}|\d{{2}}){_YEAR_WORD}\Z")
_YEAR_FIRST = re.compile(r"(\d{4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,2})\Z")
_WORDS_DAY_FIRST = re.compile(rf"[«\"“]?(\d{{1,2}})[»\"”]?[\s.-]*([^\W\d_]+)\.?[\s,.-]*(\d{{4}}|\d{{2}}){_YEAR_WORD}\Z")
_WORDS_YEAR_FIRST = re.compile(r"(\d{4})\s*(?:жылғы|жылдың|ж)\.?\s*(\d{1,2})[\s-]*([^\W\d_]+)\Z")
_ZONE = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})\s*\Z", re.I)
_WITH_TIME = re.compile(r"(.*?\d{2}\D{0,6}?)(?:[\sT]+|,\s*)(\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d+)?)?)\Z", re.S)
_DIGITS = re.compile(r"-?\d+(?:[.,]\d+)?\Z")
_FOUR_DIGITS = re.compile(r"(?<!\d)(?:19|20|21)\d{2}(?!\d)")


def read_date(cell: Cell, column: Column, context: Context) -> Reading:
    """A date; a time that stands with it comes in ``Reading.moment``."""
    value = cell.value
    if cell.kind == CellKind.DATE:
        return _checked(value, context)  # type: ignore[arg-type]
    if cell.kind == CellKind.DATETIME:
        moment: datetime = value  # type: ignore[assignment]
        return _with_time(moment.date(), moment.time(), context)
    if cell.kind in (CellKind.TIME, CellKind.DURATION):
        return _wrong("B27.only", context)
    if cell.kind == CellKind.NUMBER:
        return _number(float(value), context)  # type: ignore[arg-type]
    if cell.kind == CellKind.TEXT:
        return _text(clean(str(value))[0], context)
    return _wrong("B23", context)


def _text(text: str, context: Context) -> Reading:
    if len(text) > LONGEST:
        return _wrong("B23", context)
    if _DIGITS.match(text):
        return _number(float(text.replace(",", ".")), context)
    if _ZONE.search(text):
        return _wrong("B27.zone", context, text)
    reading = _text_day(text, context)
    if reading is not None:
        return reading
    found = _WITH_TIME.match(text)
    if found:
        moment = parse_time(found[2])
        day = _text_day(found[1].strip(" ,"), context) if moment is not None else None
        if day is not None and day.value is not None and moment is not None:
            timed = _with_time(day.value, moment, context)
            return timed._replace(remarks=day.remarks + timed.remarks, repairs=("text_date", *timed.repairs))
    if parse_time(text) is not None:
        return _wrong("B27.only", context, text)
    return _wrong("B23", context, text)


def _text_day(text: str, context: Context) -> Reading | None:
    """A reading when the text has the form of a date, right or impossible; None when it has not."""
    folded = text.casefold()
    if found := _DAY_FIRST.match(folded):
        ambiguous = found[2] == "/" and int(found[3]) <= 12 and int(found[1]) <= 12 and found[1] != found[3]
        return _day(found[4], int(found[3]), int(found[1]), text, context, ambiguous=ambiguous)
    if found := _YEAR_FIRST.match(folded):
        return _day(found[1], int(found[3]), int(found[4]), text, context)
    if (found := _WORDS_DAY_FIRST.match(folded)) and found[2] in _MONTHS:
        return _day(found[3], _MONTHS[found[2]], int(found[1]), text, context)
    if (found := _WORDS_YEAR_FIRST.match(folded)) and found[3] in _MONTHS:
        return _day(found[1], _MONTHS[found[3]], int(found[2]), text, context)
    return None


def _day(year: str, month: int, day: int, text: str, context: Context, *, ambiguous: bool = False) -> Reading:
    two_digits = len(year) == 2
    try:
        read = date(int(year) + (2000 if two_digits else 0), month, day)
    except ValueError:
        return _wrong("B26", context, text)
    reading = _checked(read, context)._replace(repairs=("text_date",))
    params = {"day": {"date": read.isoformat()}, "example": _plain(read)}
    if reading.value is not None and ambiguous:
        return reading._replace(remarks=(Remark("B25", params),))
    if reading.value is not None and two_digits:
        return reading._replace(remarks=(Remark("B25.year", params),))
    return reading


def _number(serial: float, context: Context) -> Reading:
    if not 1 <= serial <= _LAST_SERIAL or (int(serial) == 60 and not context.date1904):
        # Small numbers are no dates at all; a part of a day is a time without a format.
        return _wrong("B27.only" if 0 < serial < 1 else "B29", context)
    epoch = _EPOCH_1904 if context.date1904 else _EPOCH_1900
    try:
        day = epoch + timedelta(days=int(serial))
    except OverflowError:
        return _wrong("B29", context)
    if abs(day.year - context.year) > _YEARS_NEAR:
        return _wrong("B23", context)
    params = {"day": {"date": day.isoformat()}, "example": context.example}
    return Reading(remarks=(Remark("B24", params, offer=_plain(day), accepted=day),))


def _with_time(day: date, moment: time, context: Context) -> Reading:
    reading = _checked(day, context)
    if reading.value is None:
        return reading
    if moment.replace(microsecond=0) == time(0):
        return reading._replace(repairs=("midnight",))
    return reading._replace(moment=moment.replace(second=0, microsecond=0))


def _checked(day: date, context: Context) -> Reading:
    return _wrong("B29", context) if day < _FIRST_TRUE_DAY else Reading(day)


def _wrong(code: str, context: Context, text: str = "") -> Reading:
    """An error whose example is in the year that was typed, if one was."""
    typed = _FOUR_DIGITS.search(text)
    example = f"15.03.{typed[0]}" if typed else context.example
    return Reading(remarks=(Remark(code, {"example": example}),))


def _plain(day: date) -> str:
    return f"{day.day:02}.{day.month:02}.{day.year}"
