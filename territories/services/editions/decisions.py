"""What a person says of a unit that the next edition does not name plainly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ...models import EditionDraft


@dataclass(frozen=True)
class Decision:
    """What a person said of a unit: the `same` as the row `code`, or `abolished`, then `code` is its successor."""

    choice: Literal["same", "abolished"]
    code: str = ""

    @property
    def same_as(self) -> str:
        return self.code if self.choice == "same" else ""


def decisions_as_json(decisions: Mapping[int, Decision]) -> dict[str, dict[str, str]]:
    return {str(pk): {"choice": decision.choice, "code": decision.code} for pk, decision in decisions.items()}


def decisions_in(draft: EditionDraft) -> dict[int, Decision]:
    return {int(pk): Decision(**decision) for pk, decision in draft.decisions.items()}
