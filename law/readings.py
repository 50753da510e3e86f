"""The readings: how unclear words of the acts are read, as an immutable choice of value per key.

Which keys exist, what each may be and is by default, which lines it touches: `readings.toml`.
A computed date or norm keeps the readings it was computed under (`Readings.chosen`).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from law.lines import Lines
from law.words import LANGUAGES

READINGS_FILE = Path(__file__).with_name("readings.toml")

Value = str | bool | int


class BadReadingsFile(ValueError):
    """The file of readings contradicts itself; the message names the table and the reason."""


class UnknownReading(ValueError):
    """A key or a value that `readings.toml` does not list; the message lists what is allowed."""


@dataclass(frozen=True)
class Reading:
    """One key: its number in the register, allowed values with titles, the default, the lines it touches."""

    code: str
    key: str
    default: Value
    values: Mapping[Value, Mapping[str, str]]
    limits: tuple[int, int] | None
    rules: tuple[str, ...]
    per_duty: bool
    title: Mapping[str, str]

    def allows(self, value: object) -> bool:
        """True if `value` may be chosen; a number is never taken for true or false."""
        if self.limits is not None:
            low, high = self.limits
            return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return any(value == allowed and type(value) is type(allowed) for allowed in self.values)

    @property
    def allowed(self) -> str:
        """The allowed values in words, for messages."""
        if self.limits is not None:
            return f"a whole number from {self.limits[0]} to {self.limits[1]}"
        return ", ".join(as_text(value) for value in self.values)

    def parse(self, text: str) -> Value:
        """The value that was stored as text; raises UnknownReading."""
        candidates: list[Value] = list(self.values)
        if self.limits is not None and text.isdigit():
            candidates.append(int(text))
        for value in candidates:
            if as_text(value) == text and self.allows(value):
                return value
        raise UnknownReading(f"Reading {self.key!r} cannot be {text!r}. Allowed: {self.allowed}.")


class Readings(Mapping[str, Value]):
    """An immutable mapping key -> value: the defaults of the file, and what was chosen instead.

    A key that may differ per duty is asked with `of(key, rule_id)`; its exception is stored as "key:rule_id".
    """

    def __init__(self, chosen: Mapping[str, Value]) -> None:
        self._chosen = MappingProxyType(dict(sorted(chosen.items())))

    @classmethod
    def default(cls) -> "Readings":
        """Every key at its default."""
        return cls({})

    @classmethod
    def stored(cls, texts: Mapping[str, str]) -> "Readings":
        """The readings kept as text elsewhere; raises UnknownReading for what the file does not list."""
        return cls.default().with_({name: _reading_for(name).parse(text) for name, text in texts.items()})

    def with_(self, choices: Mapping[str, Value] | None = None, /, **more: Value) -> "Readings":
        """The same readings with some keys changed; raises UnknownReading."""
        chosen = dict(self._chosen)
        for name, value in {**(choices or {}), **more}.items():
            reading = _reading_for(name)
            if not reading.allows(value):
                raise UnknownReading(f"Reading {name!r} cannot be {value!r}. Allowed: {reading.allowed}.")
            chosen[name] = value
        return Readings(chosen)

    def of(self, key: str, rule_id: str) -> Value:
        """The value of a key for one line of the register."""
        return self._chosen.get(f"{key}:{rule_id}", self[key])

    @property
    def chosen(self) -> Mapping[str, Value]:
        """What was chosen explicitly, exceptions per duty included."""
        return self._chosen

    def __getitem__(self, key: str) -> Value:
        return self._chosen.get(key, _reading_for(key).default)

    def __contains__(self, key: object) -> bool:
        return key in catalogue()

    def __iter__(self) -> Iterator[str]:
        return iter(catalogue())

    def __len__(self) -> int:
        return len(catalogue())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Readings):
            return dict(self) == dict(other) and self._exceptions() == other._exceptions()
        return NotImplemented

    def __hash__(self) -> int:
        return hash((tuple(self.items()), frozenset(self._exceptions().items())))

    def __repr__(self) -> str:
        return f"Readings({dict(self._chosen)!r})"

    def _exceptions(self) -> dict[str, Value]:
        return {name: value for name, value in self._chosen.items() if ":" in name}


@cache
def catalogue() -> Mapping[str, Reading]:
    """Every reading by its key, in the order of the file; raises BadReadingsFile."""
    return load(READINGS_FILE)


def load(path: Path) -> Mapping[str, Reading]:
    """Read and check one file of readings; raises BadReadingsFile."""
    text = path.read_text(encoding="utf-8")
    try:
        rows = tomllib.loads(text)["reading"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise BadReadingsFile(f"{path.name}: {error}") from error
    lines = Lines(text)
    found: dict[str, Reading] = {}
    for number, row in enumerate(rows):
        where = f"{path.name}, line {lines.of([('reading', number)], 'key')}, reading {row.get('key', '?')!r}"
        reading = _from_table(where, row)
        if reading.key in found:
            raise BadReadingsFile(f"{where}: the key stands twice.")
        found[reading.key] = reading
    return MappingProxyType(found)


def _from_table(where: str, row: Mapping[str, Any]) -> Reading:
    try:
        limits = row.get("number")
        reading = Reading(
            code=row["code"],
            key=row["key"],
            default=row["default"],
            values={value["code"]: _titles(value) for value in row.get("value", ())},
            limits=(limits["from"], limits["to"]) if limits else None,
            rules=tuple(row["rules"]),
            per_duty=row.get("per_duty", False),
            title=_titles(row["title"]),
        )
    except KeyError as error:
        raise BadReadingsFile(f"{where}: {error.args[0]!r} is missing.") from error
    if not reading.allows(reading.default):
        raise BadReadingsFile(f"{where}: the default {reading.default!r} is not allowed ({reading.allowed}).")
    return reading


def _titles(table: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({lang: table[lang] for lang in LANGUAGES})


def _reading_for(name: str) -> Reading:
    """The reading that a name "key" or "key:rule_id" speaks of; raises UnknownReading."""
    key, _, rule_id = name.partition(":")
    reading = catalogue().get(key)
    if reading is None:
        raise UnknownReading(f"There is no reading {key!r}. Allowed keys: {', '.join(catalogue())}.")
    if rule_id and not (reading.per_duty and rule_id in reading.rules):
        raise UnknownReading(f"Reading {key!r} cannot be chosen for line {rule_id!r} alone.")
    return reading


def as_text(value: Value) -> str:
    """A value as it is stored and shown: true, false, a number or a word."""
    return str(value).lower() if isinstance(value, bool) else str(value)
