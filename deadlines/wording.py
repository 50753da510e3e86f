"""Duties in words: what the line asks, where it stands, and how its day was counted."""

from __future__ import annotations

from typing import Any

from law.deadlines import Step
from law.explain import explain
from law.register import Wording, wording

from .models import Duty, DutyState


def wording_of(duty: Duty) -> Wording:
    """The wording by which the duty was counted, even when a newer one is in force now."""
    return wording(f"{duty.rule_id}@{duty.edition}")


def described(duty: Duty, language: str, *, steps: bool = False) -> dict[str, Any]:
    """What a page, a sheet or the API shows of a duty beside its dates."""
    line = wording_of(duty)
    found: dict[str, Any] = {
        "duty": duty,
        "sentence": line.sentence[language],
        "cite": f"{line.act} {line.cite['kk' if language == 'kk' else 'ru']}",
        "title": duty.title(language),
        "unit": duty.debtor.name(language),
        "state": DutyState(duty.state).label if hasattr(duty, "state") else "",
    }
    if steps:
        found["steps"] = [explain(Step.from_data(step), language) for step in duty.derivation]
        found["words"] = line.words
    return found
