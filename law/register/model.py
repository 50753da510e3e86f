"""What a register is made of: acts with their editions, lines with their dated wordings, and what can go wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from law.timing import Timing


class BadActFile(ValueError):
    """An act file that cannot be used; the message names file, line or table, and reason."""


class UnknownRule(LookupError):
    """No act holds this id (or this act code)."""


class NoRuleInForce(LookupError):
    """The line exists, but no wording of it was in force on that day."""


class NormTextMissing(NoRuleInForce):
    """A wording was in force on that day, but its text is not held: show the hole, judge nothing by it."""


@dataclass(frozen=True)
class Quote:
    """The act's own words, in the language the source has; «…» marks words left out."""

    lang: str
    source: str
    text: str


@dataclass(frozen=True)
class Source:
    """A text of the act that is held: its language, and the file name under which it was compared."""

    code: str
    lang: str
    file: str


@dataclass(frozen=True)
class Bound:
    """Who owes it: akims of these kinds of unit, bodies by their codes, or both; and through whom."""

    akims: tuple[str, ...]
    bodies: tuple[str, ...]
    performed_by: tuple[str, ...]


@dataclass(frozen=True)
class Edition:
    """One edition of an act: its code, first and last day, and how surely these are known."""

    code: str
    in_force: date
    certainty: str
    basis: str


@dataclass(frozen=True)
class Wording:
    """One dated wording of one line of the register. `until` is its last day, None while it is in force."""

    rule_id: str
    act: str
    edition: str
    kind: str
    in_force: date
    until: date | None
    certainty: str
    missing: bool
    cite: Mapping[str, str]
    checked_on: date | None
    bound: Bound
    timing: Timing
    recipients: tuple[str, ...]
    evidence: tuple[str, ...]
    evidence_note: str
    words: tuple[Quote, ...]
    sentence: Mapping[str, str]
    readings: tuple[str, ...]
    decisive: tuple[str, ...]
    label: Mapping[str, str]

    @property
    def key(self) -> str:
        """What a row stores to be explained years later: "826-3.4.e@e1"."""
        return f"{self.rule_id}@{self.edition}"

    @property
    def has_number(self) -> bool:
        """False for a duty on which no date or count can ever be called a breach."""
        return self.timing.has_number


@dataclass(frozen=True)
class Rule:
    """One line of the register with all its wordings, oldest first."""

    id: str
    act: str
    kind: str
    wordings: tuple[Wording, ...]

    def on(self, day: date) -> Wording:
        """The wording in force on a day; raises NoRuleInForce or NormTextMissing."""
        for wording in reversed(self.wordings):
            if wording.in_force <= day and (wording.until is None or day <= wording.until):
                if wording.missing:
                    raise NormTextMissing(
                        f"{self.id}: the wording in force on {day} (edition {wording.edition}) is not held; "
                        f"enter its text in law/acts/{self.act}.toml."
                    )
                return wording
        raise NoRuleInForce(f"{self.id}: no wording was in force on {day}.")


@dataclass(frozen=True)
class Act:
    """One act: titles, editions, lines. `until` is its last day in force, None while it is in force."""

    code: str
    form: str
    number: str
    adopted: date
    until: date | None
    sources: Mapping[str, Source]
    title: Mapping[str, str]
    label: Mapping[str, str]
    editions: tuple[Edition, ...]
    rules: Mapping[str, Rule]

    @property
    def in_force(self) -> date:
        """The first day of the oldest edition."""
        return self.editions[0].in_force
