"""What a summary is made of, whichever file it becomes: sheets of columns, rows that come as they are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import override

from territories.models import Territory
from territories.scope import Who

#: A lazy string, or a function that makes one in the language in force.
Text = str | Promise | Callable[[], str]
BOTH = "both"
LANGUAGES = ("kk", "ru", "en", BOTH)


class Words:
    """Texts in the language of a file, or in Kazakh and Russian side by side."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.languages = ("kk", "ru") if language == BOTH else (language,)

    def say(self, text: Text, joint: str = " / ") -> str:
        """The text in each language of the file; said once where both are the same."""
        found = []
        for language in self.languages:
            with override(language):
                found.append(text() if callable(text) else str(text))
        return joint.join(dict.fromkeys(found))

    def name(self, thing: Any) -> str:
        """The name of a unit, a body or a topic."""
        return " / ".join(dict.fromkeys(thing.name(language) for language in self.languages))

    def of(self, kk: str, ru: str, en: str = "") -> str:
        """One of the texts that were kept in several languages."""
        found = {"kk": kk or ru, "ru": ru or kk, "en": en or kk or ru}
        return " / ".join(dict.fromkeys(found[language] for language in self.languages))

    def choices(self, choices: Any) -> dict[str, str]:
        """The words of each value of a list of choices."""
        return {value: self.say(label) for value, label in choices.choices}


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"  # of one; shown in percents
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """A heading and how the values below it are shown.

    `show` turns a value as it was read into what is written; it is asked once for each different value, so it is
    for columns that repeat. `colours` maps a written value to `good`, `warn` or `bad`; for numbers `bad_above`.
    `says` is what the figure counts, for the sheet of sources.
    """

    key: str
    heading: Text
    width: float = 12
    kind: Kind = Kind.TEXT
    total: bool = False
    show: Callable[[Any], Any] | None = None
    colours: Mapping[str, str] = field(default_factory=dict)
    bad_above: int | None = None
    says: Text = ""
    #: Filled in by whoever reads the file, and brought back.
    open: bool = False


@dataclass(frozen=True)
class Sheet:
    """One table. `rows` is asked when the file is written; `count` says how many will come."""

    code: str
    name: Text
    columns: Sequence[Column]
    rows: Callable[[], Iterable[Sequence[Any]]]
    count: int
    frozen: int = 1
    #: Begins the key of each figure; the last column of a table of figures holds the rest.
    figures: bool = False

    @property
    def totals(self) -> list[int]:
        """Where the columns stand that are added up."""
        return [index for index, column in enumerate(self.columns) if column.total]

    def at(self, key: str) -> int:
        return next(index for index, column in enumerate(self.columns) if column.key == key)


@dataclass(frozen=True)
class Summary:
    """A whole file: title, what it was made from, its sheets."""

    kind: str
    code: str
    title: Text
    about: Sequence[tuple[Text, Text]]
    sheets: Sequence[Sheet]
    words: Words
    sources: Sequence[tuple[str, Text]] = ()

    @property
    def row_count(self) -> int:
        return sum(sheet.count for sheet in self.sheets)


@dataclass(frozen=True)
class Asked:
    """What somebody wants to take out. `unit` is None for all that the post covers of the whole country."""

    kind: str
    year: int
    who: Who
    today: dt.date
    unit: Territory | None = None
    language: str = "kk"
    filters: Mapping[str, str] = field(default_factory=dict)
    #: Only these rows of the long list, where a file that came back is compared.
    only: frozenset[int] | None = None

    @property
    def words(self) -> Words:
        return Words(self.language)

    @property
    def path(self) -> str:
        """Prefix of the paths that are asked for."""
        return self.unit.path if self.unit else ""

    @property
    def code(self) -> str:
        return self.unit.code if self.unit else "kz"


class NothingThere(LookupError):
    """There is nothing that the reader may see; the message says what is missing."""
