"""Good rows on their way from the preview to the database: sealed parts, and a key for each row by what it says."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from ... import sealing

#: Rows that are written in one step.
PART = 5_000
#: Between two rows; within one it cannot stand, JSON writes it as two signs.
NEXT = "\n"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

#: Number in the sheet, key, values.
Good = tuple[int, str, dict[str, Any]]


class Packer:
    """Collects good rows, each with its key; two equal rows of one file have different keys, always the same two."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.seen: Counter[str] = Counter()
        self.first: dict[str, int] = {}
        self.lines: list[tuple[int, str, str]] = []

    def add(self, number: int, values: Mapping[str, Any]) -> int | None:
        """Take a row; answers the number of the row that says the same, if one stood before it."""
        line = _encode(values)
        text = f"{self.kind}:{line}"
        base = blake2b(text.encode(), digest_size=16).hexdigest()
        self.seen[base] += 1
        again = self.seen[base]
        key = base if again == 1 else blake2b(f"{text}:{again}".encode(), digest_size=16).hexdigest()
        self.lines.append((number, key, line))
        return None if self.first.setdefault(base, number) == number else self.first[base]

    def parts(self, known: set[str]) -> Iterable[tuple[int, bytes]]:
        """How many rows, and the rows sealed; those whose key is known are left out."""
        fresh = [line for line in self.lines if line[1] not in known]
        for start in range(0, len(fresh), PART):
            some = fresh[start : start + PART]
            yield len(some), sealed(f'[{number},"{key}",{line}]' for number, key, line in some)


def sealed(lines: Iterable[str]) -> bytes:
    return sealing.box().encrypt(zlib.compress(NEXT.join(lines).encode("utf-8", "surrogatepass"), 1))


def opened(part: bytes | memoryview) -> list[Good]:
    """The rows of a part. Raises KeyMissing where it was altered."""
    text = zlib.decompress(sealing.opened(bytes(part))).decode("utf-8", "surrogatepass")
    return [(number, key, values) for number, key, values in json.loads(f"[{text.replace(NEXT, ',')}]")]
