"""Times of day, to the minute."""

import re
from datetime import datetime, time, timedelta

from ..sheet import Cell, CellKind
from ..template import Column
from .reading import Context, Reading, Remark
from .text import LONGEST, clean

_DAY_MINUTES = 24 * 60
# What people write around the figures: «сағат 15.00-де», «в 15:00 ч.», «15.00 часов».
_BEFORE = re.compile(r"(?:сағ(?:ат)?\.?|в|с|at)\s+", re.I)
_AFTER = re.compile(r"\s*-?\s*(?:де|да|те|та|ден|дан|тен|тан)\b\.?\Z|\s*(?:ч|час|часа|часов|сағ|сағат)\.?\Z", re.I)
_CLOCK = re.compile(r"(\d{1,2})\s*[:.,\-–]\s*(\d{2})(?:\s*[:.]\s*(\d{2})(?:\.\d+)?)?\Z")
_HOURS_MINUTES = re.compile(
    r"(\d{1,2})\s*(?:ч|час|часа|часов|сағ|сағат)\.?\s*(\d{1,2})\s*(?:м|мин|минут|минута)?\.?\Z", re.I
)
_TWO_TIMES = re.compile(r"\d{1,2}[:.]\d{2}\s*(?:-|–|—|до|дейін|to)\s*\d{1,2}[:.]\d{2}", re.I)
_NUMBER = re.compile(r"\d+[.,]\d{3,}\Z")


def read_time(cell: Cell, column: Column, context: Context) -> Reading:
    """A time of day; a part of a day without a format (0.395833) is one for certain, 9.3 is only offered."""
    value = cell.value
    if cell.kind == CellKind.TIME:
        moment: time = value  # type: ignore[assignment]
        return Reading(_rounded(moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6))
    if cell.kind == CellKind.DATETIME:
        stamp: datetime = value  # type: ignore[assignment]
        return Reading(stamp.time().replace(second=0, microsecond=0))
    if cell.kind == CellKind.DURATION:
        length: timedelta = value  # type: ignore[assignment]
        rounded = _rounded(length.total_seconds())
        return Reading(rounded) if rounded is not None else _wrong()
    if cell.kind == CellKind.NUMBER:
        return _number(float(value))  # type: ignore[arg-type]
    if cell.kind == CellKind.TEXT:
        return _text(clean(str(value))[0])
    return _wrong()


def parse_time(text: str) -> time | None:
    """A typed time: 9:30, 09:30:00, 9.30, 09-30, 15 ч 30 мин, сағат 15.00-де. None when it is none."""
    bare = _AFTER.sub("", _BEFORE.sub("", text.strip(), count=1))
    found = _CLOCK.match(bare) or _HOURS_MINUTES.match(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _text(text: str) -> Reading:
    if len(text) > LONGEST:
        return _wrong()
    if _TWO_TIMES.search(text):
        return _wrong("B53.range")
    moment = parse_time(text)
    if moment is not None:
        return Reading(moment, repairs=() if ":" in text else ("text_time",))
    if _NUMBER.match(text) or text.isdecimal():
        return _number(float(text.replace(",", ".")))
    return _wrong()


def _number(value: float) -> Reading:
    if 0 <= value < 1:
        return Reading(_rounded(value * 86_400), repairs=("day_fraction",))
    hour, minute = int(value), round(value % 1 * 100)
    if 1 <= value < 24 and minute < 60:
        # 9.30 typed into Excel becomes the number 9.3: likely, but not certain.
        moment = time(hour, minute)
        return _wrong("B53.number", offer=moment.strftime("%H:%M"), accepted=moment)
    return _wrong()


def _rounded(seconds: float) -> time | None:
    """To the nearest minute: Excel keeps 09:30 as 0.395833333."""
    minutes = round(seconds / 60)
    return time(minutes // 60, minutes % 60) if 0 <= minutes < _DAY_MINUTES else None


def _wrong(code: str = "B53", *, offer: str = "", accepted: object = None) -> Reading:
    return Reading(remarks=(Remark(code, offer=offer, accepted=accepted),))
