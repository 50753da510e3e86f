"""The description of a table that is expected: its sheet, its columns, what each holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Labels = Mapping[str, str]  # by language: kk, ru, en


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"  # one line
    LINES = "lines"  # text with line breaks
    DATE = "date"
    TIME = "time"
    MINUTES = "minutes"  # whole minutes
    NUMBER = "number"  # a whole number
    CODE = "code"  # nine digits of the territory classifier
    FLAG = "flag"  # yes or no
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list; found by its value, by a label in any language or by an alias."""

    value: str
    labels: Labels
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column, found by any of its headings or aliases, wherever it stands.

    ``fill_down`` allows a merged cell to speak for all its rows. ``time_key`` names the column of times that takes
    over the time of a date cell when its own cell is blank. ``least`` and ``most`` bound numbers.
    """

    key: str
    headings: Labels
    aliases: tuple[str, ...] = ()
    kind: Kind = Kind.TEXT
    required: bool = False
    max_length: int = 0  # characters; 0 is what one cell can hold
    fill_down: bool = False
    choices: tuple[Choice, ...] = ()
    least: int = 0
    most: int = 1_000_000
    time_key: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.headings.values(), *self.aliases)


@dataclass(frozen=True, slots=True)
class Template:
    """A table. ``mark`` is the workbook name that points to its sheet and survives renaming.

    ``most_rows``: how many rows of data are read.
    """

    mark: str
    sheet_names: Labels
    columns: tuple[Column, ...]
    sheet_aliases: tuple[str, ...] = field(default=())
    most_rows: int = 20_000

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.required)
