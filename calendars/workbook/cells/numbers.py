"""Whole numbers and minutes. Ranges, about-signs and number words are never guessed."""

import re
from datetime import time, timedelta

from ..sheet import Cell, CellKind
from ..template import Column
from .reading import Context, Reading, Remark
from .text import LONGEST, clean

_PLAIN = re.compile(r"[+-]?\d+(?:[.,]0+)?\Z")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ '’]\d{3})+(?:[.,]0+)?\Z")
_MINUTES = re.compile(r"(\d{1,4})\s*(?:м|мин|минут|минута|минуты|минөт|min|minutes?)\.?\Z", re.I)
_HOURS = re.compile(
    r"(\d{1,2})\s*(?:ч|час|часа|часов|сағ|сағат|h|hours?)\.?(?:\s*(\d{1,2})\s*(?:м|мин|минут|минута|минуты|min|minutes?)?\.?)?\Z",
    re.I,
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?\Z")


def read_number(cell: Cell, column: Column, context: Context) -> Reading:
    """A whole number within the bounds of the column."""
    example = str(max(column.least, min(10, column.most)))
    if cell.kind == CellKind.NUMBER:
        return _bounded(float(cell.value), column, example)  # type: ignore[arg-type]
    if cell.kind == CellKind.TEXT:
        text = clean(str(cell.value))[0][:LONGEST]
        if _PLAIN.match(text) or _GROUPED.match(text):
            digits = re.split(r"[.,]", re.sub(r"[ '’]", "", text))[0]
            return _bounded(float(digits), column, example)._replace(repairs=("number_text",))
        return Reading(remarks=(Remark("B47", {"example": example}),))
    return Reading(remarks=(Remark("B46.number", {"example": example}),))


def read_minutes(cell: Cell, column: Column, context: Context) -> Reading:
    """Whole minutes; «90 мин», «1 ч 30 мин», «1 сағ 30 мин» are certain, 1:30 is only offered."""
    if cell.kind == CellKind.TEXT:
        text = clean(str(cell.value))[0][:LONGEST]
        if found := _MINUTES.match(text):
            return _bounded(float(found[1]), column, "60")._replace(repairs=("number_text",))
        if found := _HOURS.match(text):
            minutes = int(found[1]) * 60 + int(found[2] or 0)
            return _bounded(float(minutes), column, "60")._replace(repairs=("number_text",))
        if found := _CLOCK.match(text):
            return _hours(int(found[1]) * 60 + int(found[2]), column)
    elif cell.kind == CellKind.TIME:
        moment: time = cell.value  # type: ignore[assignment]
        return _hours(moment.hour * 60 + moment.minute, column)
    elif cell.kind == CellKind.DURATION:
        length: timedelta = cell.value  # type: ignore[assignment]
        return _hours(round(length.total_seconds() / 60), column)
    return read_number(cell, column, context)


def _hours(minutes: int, column: Column) -> Reading:
    read = _bounded(float(minutes), column, "60")
    if read.value is None:
        return read
    return Reading(remarks=(Remark("B47.hours", offer=str(minutes), accepted=minutes),))


def _bounded(number: float, column: Column, example: str) -> Reading:
    if not number.is_integer():
        return Reading(remarks=(Remark("B47", {"example": example}),))
    if not column.least <= number <= column.most:
        return Reading(remarks=(Remark("B47.range", {"least": column.least, "most": column.most}),))
    return Reading(int(number))
