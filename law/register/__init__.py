"""The register of obligations: every line of the acts by its id, with the wording in force on a day.

A line (`826-3.4.e`) never changes its id; an amendment adds a wording below the old one. Data: one file per
act in `acts/`. `model` has what the register is made of, `files` reads and checks.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from law.register.files import bodies, load_act, load_folder
from law.register.model import (
    Act,
    BadActFile,
    Bound,
    Edition,
    NormTextMissing,
    NoRuleInForce,
    Quote,
    Rule,
    Source,
    UnknownRule,
    Wording,
)

__all__ = [
    "Act",
    "BadActFile",
    "Bound",
    "Edition",
    "NoRuleInForce",
    "NormTextMissing",
    "Quote",
    "Rule",
    "Source",
    "UnknownRule",
    "Wording",
    "act",
    "acts",
    "bodies",
    "line",
    "load_act",
    "load_folder",
    "rule",
    "rules",
    "wording",
]

ACTS_FOLDER = Path(__file__).parents[1] / "acts"


def rule(rule_id: str, on: date) -> Wording:
    """The wording of a line on a day; raises UnknownRule, NoRuleInForce, NormTextMissing."""
    return line(rule_id).on(on)


def line(rule_id: str) -> Rule:
    """A line with all its wordings; raises UnknownRule."""
    found = act(rule_id.partition("-")[0]).rules.get(rule_id)
    if found is None:
        raise UnknownRule(f"The register has no line {rule_id!r}.")
    return found


def wording(key: str) -> Wording:
    """The wording that a stored key ("826-3.4.e@e1") names; raises UnknownRule."""
    rule_id, _, edition = key.partition("@")
    for candidate in line(rule_id).wordings:
        if candidate.edition == edition:
            return candidate
    raise UnknownRule(f"Line {rule_id} has no edition {edition!r}.")


def rules(act_code: str) -> tuple[Rule, ...]:
    """Every line of an act in the order of the act; raises UnknownRule."""
    return tuple(act(act_code).rules.values())


def act(code: str) -> Act:
    """One act by its code ("826", "12", "190", "615"); raises UnknownRule, BadActFile."""
    found = acts().get(code)
    if found is None:
        raise UnknownRule(f"There is no act {code!r}; known: {', '.join(acts())}.")
    return found


@cache
def acts() -> Mapping[str, Act]:
    """Every act of the folder by its code, read once; raises BadActFile."""
    return load_folder(ACTS_FOLDER)
