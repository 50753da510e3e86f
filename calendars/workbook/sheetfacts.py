"""What the parser of values loses: errors, formulas without a value, what is hidden, what is merged.

Runs in the child process. Cells are looked at one by one only in rows where something unusual stands.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from . import limits
from .references import split
from .sheetxml import Tags, blocks

_ATTRIBUTE = re.compile(rb"\b(\w+)\s*=\s*[\"']([^\"']*)[\"']")
_TRUE = (b"1", b"true")

Place = tuple[int, int]  # row and column, from 1


@dataclass(slots=True)
class Facts:
    """``negative`` holds numbers below zero: with a date format their value is lost in reading."""

    rows: int = 0
    in_order: bool = True
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    errors: dict[Place, str] = field(default_factory=dict)
    uncalculated: set[Place] = field(default_factory=set)
    negative: dict[Place, float] = field(default_factory=dict)
    formulas: int = 0


def gather(chunks: Iterable[bytes], part: str) -> Facts:
    """Read a worksheet part once, piece by piece."""
    facts = Facts()
    number = 0
    head = True
    for tags, block, after in blocks(chunks, part):
        if head:
            _read_columns(facts, block)
            head = False
        if after:
            _read_merged(facts, block)
        else:
            number = _read_rows(facts, tags, block, number)
    return facts


def _read_rows(facts: Facts, tags: Tags, block: bytes, number: int) -> int:
    unusual = _is_unusual(tags, block)
    found = list(tags.row_tag.finditer(block))
    for index, tag in enumerate(found):
        attributes = _attributes(tag[1])
        stated = attributes.get(b"r", b"")
        previous, number = number, int(stated) if stated.isdigit() else number + 1
        facts.in_order &= number > previous
        facts.rows += 1
        if attributes.get(b"hidden") in _TRUE and number <= limits.ROWS:
            facts.hidden_rows.append(number)
        if unusual:
            row = block[tag.end() : found[index + 1].start() if index + 1 < len(found) else len(block)]
            if _is_unusual(tags, row):
                _read_cells(facts, tags, row, number)
    return number


def _is_unusual(tags: Tags, xml: bytes) -> bool:
    return tags.formula in xml or b">-" in xml or b'"e"' in xml or b"'e'" in xml


def _read_cells(facts: Facts, tags: Tags, row: bytes, number: int) -> None:
    column = 0
    for cell in tags.cell.finditer(row):
        attributes = _attributes(cell[1])
        stated = split(attributes.get(b"r", b"").decode("ascii", "replace"))[0]
        column = stated or column + 1
        body = cell[2] or b""
        kind = attributes.get(b"t", b"n")
        found = tags.value.search(body)
        if kind == b"e":
            facts.errors[number, column] = found[1].decode("utf-8", "replace") if found else "#N/A"
        if tags.formula in body:
            if found is None and kind != b"str":
                facts.uncalculated.add((number, column))
            else:
                facts.formulas += 1
        if kind == b"n" and found is not None and found[1].lstrip().startswith(b"-"):
            try:
                facts.negative[number, column] = float(found[1])
            except ValueError:
                continue


def _read_columns(facts: Facts, head: bytes) -> None:
    for tag in _tags(head, b"col"):
        attributes = _attributes(tag)
        if attributes.get(b"hidden") in _TRUE:
            first, last = _number(attributes.get(b"min")), _number(attributes.get(b"max"))
            facts.hidden_columns.extend(range(max(first, 1), min(last, limits.COLUMNS) + 1))


def _read_merged(facts: Facts, tail: bytes) -> None:
    for tag in _tags(tail, b"mergeCell"):
        first, _colon, last = _attributes(tag).get(b"ref", b"").decode("ascii", "replace").partition(":")
        (left, top), (right, bottom) = split(first), split(last or first)
        if top and bottom and len(facts.merged) < limits.ROWS:
            facts.merged.append((top, left, bottom, right))


def _tags(xml: bytes, name: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"<(?:[\w.-]+:)?" + name + rb"(\s[^<>]*)>", xml):
        yield found[1]


def _attributes(tag: bytes | None) -> dict[bytes, bytes]:
    return dict(_ATTRIBUTE.findall(tag)) if tag else {}


def _number(text: bytes | None) -> int:
    return int(text) if text and text.isdigit() else 0
