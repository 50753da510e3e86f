"""Is it a working day, and why not: the five-day week of the offices, by the files of `days/`.

A year without a file is refused: nobody is told that a holiday is a working day because the list was not made.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from law.words import LANGUAGES, fill, texts, weekday_text

DAYS_FOLDER = Path(__file__).with_name("days")
HOLIDAYS_FILE = Path(__file__).with_name("holidays.toml")
MOVES = ("decreed", "none", "not_yet_decreed")
ONE_DAY = timedelta(days=1)
SATURDAY = 5


class YearMissing(LookupError):
    """There is no file of days off for that year; the message names the file to add."""


class BadDaysFile(ValueError):
    """A file of days off that contradicts itself; the message names file, table and reason."""


@dataclass(frozen=True)
class DayOff:
    """Why a day is off: `holiday` (its code), `day_off` (given for a holiday on a weekend), `moved`."""

    kind: str
    holiday: str = ""
    instead_of: date | None = None
    expected: bool = False
    order: str = ""


@dataclass(frozen=True)
class Year:
    """The days off of one year; `moves` tells whether moved days are decreed, none, or not yet decreed."""

    year: int
    moves: str
    checked_on: date
    off: Mapping[date, DayOff]
    worked: Mapping[date, str]


def is_working(day: date) -> bool:
    """True for a working day; raises YearMissing."""
    known = year(day.year)
    if day in known.worked:
        return True
    return day.weekday() < SATURDAY and day not in known.off


def why_not_working(day: date, lang: str) -> str | None:
    """The holiday, the day off or the weekday in words; None for a working day. Raises YearMissing."""
    if is_working(day):
        return None
    reason = year(day.year).off.get(day)
    if reason is None:
        return weekday_text(day, lang)
    if reason.kind == "holiday":
        return _holiday_name(reason.holiday, lang)
    template = texts()["days"][reason.kind][lang]
    return fill(template, {"holiday": _holiday_name(reason.holiday, lang), "day": reason.instead_of}, lang)


def next_working(day: date) -> date:
    """The first working day after a day; raises YearMissing."""
    return next_working_on_or_after(day + ONE_DAY)


def next_working_on_or_after(day: date) -> date:
    """The day itself if it is a working day, else the next one; raises YearMissing."""
    while not is_working(day):
        day += ONE_DAY
    return day


def previous_working_on_or_before(day: date) -> date:
    """The day itself if it is a working day, else the one before; raises YearMissing."""
    while not is_working(day):
        day -= ONE_DAY
    return day


def years_available() -> tuple[int, ...]:
    """The years that have a file, in order."""
    return tuple(sorted(int(path.stem) for path in DAYS_FOLDER.glob("[0-9][0-9][0-9][0-9].toml")))


@cache
def year(number: int) -> Year:
    """The days off of one year; raises YearMissing, BadDaysFile."""
    path = DAYS_FOLDER / f"{number}.toml"
    if not path.is_file():
        raise YearMissing(f"The days off of {number} are not entered: add law/days/{number}.toml.")
    return load(path)


def load(path: Path) -> Year:
    """Read and check one file of days off; raises BadDaysFile."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        number = tables["year"]
        moves, checked_on = tables["moves"], tables["checked_on"]
        if path.stem != str(number):
            raise BadDaysFile(f"{path.name}: it speaks of {number}.")
        off = dict(_days_off(path, tables, number))
        moved = [row for row in tables.get("moved", ()) if row["worked"].year == number]
        worked = {row["worked"]: row["order"] for row in moved}
    except tomllib.TOMLDecodeError as error:
        raise BadDaysFile(f"{path.name}: {error}") from error
    except KeyError as error:
        raise BadDaysFile(f"{path.name}: {error.args[0]!r} is missing.") from error
    if moves not in MOVES:
        raise BadDaysFile(f"{path.name}: moves = {moves!r} is none of {', '.join(MOVES)}.")
    return Year(number, moves, checked_on, MappingProxyType(off), MappingProxyType(worked))


def _days_off(path: Path, tables: Mapping[str, Any], number: int) -> list[tuple[date, DayOff]]:
    """Every day off of one file with its reason; holidays last, so that they win over what was moved onto them."""
    by_day = {day: row for row in tables["holiday"] for day in row["days"]}
    found = [
        (row["off"], DayOff("moved", instead_of=row["worked"], order=row["order"]))
        for row in tables.get("moved", ())
        if row["off"].year == number
    ]
    for row in tables.get("day_off", ()):
        lost = by_day.get(row["instead_of"])
        if lost is None:
            raise BadDaysFile(f"{path.name}, day_off {row['day']}: {row['instead_of']} is no holiday.")
        found.append((row["day"], DayOff("day_off", holiday=lost["name"], instead_of=row["instead_of"])))
    for day, row in by_day.items():
        if row["name"] not in _holidays():
            raise BadDaysFile(f"{path.name}, holiday {row['name']!r}: holidays.toml does not name it.")
        found.append((day, DayOff("holiday", holiday=row["name"], expected=row.get("expected", False))))
    for day, _reason in found:
        if day.year != number:
            raise BadDaysFile(f"{path.name}: {day} belongs to another year.")
    return found


@cache
def _holidays() -> Mapping[str, Mapping[str, Any]]:
    return MappingProxyType(tomllib.loads(HOLIDAYS_FILE.read_text(encoding="utf-8")))


def _holiday_name(code: str, lang: str) -> str:
    if not code:
        return ""
    if lang not in LANGUAGES:
        raise ValueError(f"There is no language {lang!r}; known: {', '.join(LANGUAGES)}.")
    name: str = _holidays()[code][lang]
    return name
