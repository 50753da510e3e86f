"""The number of each line of the register: stable data (`numbers.toml`), since ids of duties are made of it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from law.register.model import UnknownRule

NUMBERS_FILE = Path(__file__).with_name("numbers.toml")
#: A number has nine bits in the id of a duty.
GREATEST = 511


class BadNumbersFile(ValueError):
    """Two lines share a number, or a number is out of range; the message names the line."""


def number_of(rule_id: str) -> int:
    """The number of a line; raises UnknownRule."""
    found = numbers().get(rule_id)
    if found is None:
        raise UnknownRule(f"Line {rule_id!r} has no number in {NUMBERS_FILE.name}; give it the next free one.")
    return found


def rule_with(number: int) -> str:
    """The line that has a number; raises UnknownRule."""
    found = _by_number().get(number)
    if found is None:
        raise UnknownRule(f"No line of the register has the number {number}.")
    return found


@cache
def numbers() -> Mapping[str, int]:
    """Every line's number by its id; raises BadNumbersFile."""
    return load(NUMBERS_FILE)


@cache
def _by_number() -> Mapping[int, str]:
    return MappingProxyType({number: rule_id for rule_id, number in numbers().items()})


def load(path: Path) -> Mapping[str, int]:
    """Read and check one file of numbers; raises BadNumbersFile."""
    found: dict[str, int] = {}
    taken: dict[int, str] = {}
    for act, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for rule_id, number in table.items():
            where = f"{path.name}, line {rule_id}"
            if not rule_id.startswith(f"{act}-"):
                raise BadNumbersFile(f"{where}: it stands in the table of {act}.")
            if not isinstance(number, int) or not 1 <= number <= GREATEST:
                raise BadNumbersFile(f"{where}: {number!r} is no whole number from 1 to {GREATEST}.")
            if number in taken:
                raise BadNumbersFile(f"{where}: {number} is the number of {taken[number]}.")
            found[rule_id], taken[number] = number, rule_id
    return MappingProxyType(found)
