"""What a counting leaves: the dates of a duty and, step by step, how they were found.

A derivation is data (keys of `texts.toml` and values, nothing translated) and complete: whoever has only the
steps can count again and must come to the same dates. `law.explain` puts them into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

NUMBER, LIMIT, NO_NUMBER = "number", "limit", "no_number"


@dataclass(frozen=True)
class Step:
    """One step of a derivation: a key of `texts.toml` and its values (dates as ISO text)."""

    key: str
    params: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))

    def as_data(self) -> dict[str, Any]:
        """What a row stores: plain text and numbers."""
        return {"key": self.key, "params": dict(self.params)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Step":
        """The step that was stored."""
        return cls(data["key"], MappingProxyType(dict(data["params"])))


@dataclass(frozen=True)
class DueDates:
    """The dates of one duty, or none (`kind` no_number), or whether a limit was kept (`kind` limit).

    `readings` are those that were asked for on the way, by key, with the values used.
    """

    kind: str
    derivation: tuple[Step, ...]
    safe_on: date | None = None
    due_on: date | None = None
    late_after: date | None = None
    target_on: date | None = None
    kept: bool | None = None
    readings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
