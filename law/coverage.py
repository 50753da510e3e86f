"""Lines a to e of Decree 826, para 2(1): which akim must meet the people of which unit, how often.

`norms` gives the rows; `required` runs them over a tree in memory; a second executor runs the same rows as
joins of territory, parent and grandparent. A row is decided by kind, own akim and relation alone:

* holder: kind in `holder_kinds`, has an own akim;
* target: kind in `target_kinds`; own akim as `target_own_akim` says (None: either);
* relation `child`: the target's parent is the holder; `grandchild`: the target's parent has a kind of
  `via_kinds` and its own parent is the holder; `own`: the target is the holder;
* `unless_sibling_kinds`: dropped where the holder has a child of one of these kinds that is present.

A unit is *present* in a period if it is not excluded and existed in it as A-08 `partial_unit` asks: during
the whole of it (`not_required`), on at least one day (`required`), or for at least half of its days
(`pro_rata`: the minimum times the share of days, rounded half up). For a pair the days on which holder and
target both existed are counted. An exclusion is of one unit; its subtree is not excluded with it.

What the state classifier needs for these rows (checked against 16,892 pairs a year for the nation and
2,005 for Turkistan): a village administration (с.а.) is a `village` with an own akim, a settlement
administration (п.а.) a `settlement` with one; the village or settlement of the same name inside is a unit
of its own below it, without an akim, and nobody's target, since it is the same place. Under a city of
oblast significance the villages inside its okrugs *and* inside its settlement administrations are targets
of the city's akim. Rows that only repeat their parent's territory, stations, winterings and minor places
are no units of these kinds.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from law import register
from law.editions import judging
from law.periods import Period, periods
from law.readings import Readings, catalogue
from law.units import AKIM_KINDS, KINDS

COVERAGE_FILE = Path(__file__).with_name("coverage.toml")
RELATIONS = ("child", "grandchild", "own")


class BadCoverageFile(ValueError):
    """The file of norms contradicts itself; the message names the row and the reason."""


@dataclass(frozen=True)
class Norm:
    """At least `minimum` meetings per period for each pair; `offsite` None = not stated by the act."""

    line: str
    rule_id: str
    holder_kinds: tuple[str, ...]
    target_kinds: tuple[str, ...]
    relation: str
    per: str
    minimum: int
    offsite: bool | None
    via_kinds: tuple[str, ...] = ()
    holder_own_akim: bool = True
    target_own_akim: bool | None = None
    unless_sibling_kinds: tuple[str, ...] = ()
    partial_unit: str = "not_required"
    edition_cut: str = "last_day_if_half"


@dataclass(frozen=True)
class Unit:
    """A unit of the tree; `valid_from` and `valid_to` are its first and last day, None = open."""

    id: Any
    parent: Any
    kind: str
    own_akim: bool
    valid_from: date | None = None
    valid_to: date | None = None
    excluded: bool = False


@dataclass(frozen=True)
class Pair:
    """One requirement: the holder's akim owes the target `minimum` meetings within the period."""

    line: str
    holder: Any
    target: Any
    period: Period
    minimum: int = 1


@dataclass(frozen=True)
class LeftOut:
    """A pair that the letter names but the norm does not require, and why: `excluded` or `partial_unit`."""

    pair: Pair
    reason: str


def norms(on: date, readings: Readings) -> list[Norm]:
    """The rows in force on a day under the readings; raises NoRuleInForce, NormTextMissing.

    A wording that takes effect later in the same year counts too, since it may judge the year's periods
    (`judged`); where one is in force on the day, that one is taken.
    """
    chosen = []
    for row in _rows():
        if all(readings[key] in values for key, values in row.get("when", {}).items()):
            timing = _wording(row["rule"], on).timing
            chosen.append(
                Norm(
                    line=row["rule"].rpartition(".")[2],
                    rule_id=row["rule"],
                    holder_kinds=tuple(row["holder"]),
                    target_kinds=tuple(row["target"]),
                    relation=row["relation"],
                    per=timing["per"],
                    minimum=timing["min"],
                    offsite=timing.get("offsite"),
                    via_kinds=tuple(row.get("via", ())),
                    target_own_akim=row.get("target_own_akim"),
                    unless_sibling_kinds=tuple(row.get("unless_siblings", ())),
                    partial_unit=str(readings["partial_unit"]),
                    edition_cut=str(readings["edition_cut"]),
                )
            )
    return chosen


def _wording(rule_id: str, on: date) -> register.Wording:
    try:
        return register.rule(rule_id, on)
    except register.NoRuleInForce:
        return register.rule(rule_id, date(on.year, 12, 31))


def judged(norm: Norm, year: int) -> tuple[Period, ...]:
    """The periods of a year that the norm judges: not those cut by a change of edition, as A-21 reads it."""
    cut = Readings.default().with_(edition_cut=norm.edition_cut)
    return tuple(period for period in periods(norm.per, year) if judging(norm.rule_id, period, cut))


def required(units: Iterable[Unit], norms: Sequence[Norm], year: int) -> list[Pair]:
    """Every pair that the norms require in a calendar year: line by line, then in the order of the units."""
    return [pair for pair, reason in _candidates(_Tree(units), norms, year) if reason is None]


def left_out(units: Iterable[Unit], norms: Sequence[Norm], year: int) -> list[LeftOut]:
    """The pairs shown apart: a unit is excluded, or existed for too small a part of the period (A-08)."""
    candidates = _candidates(_Tree(units), norms, year)
    return [LeftOut(pair, reason) for pair, reason in candidates if reason is not None]


class _Tree:
    """The units by id and by parent, in the order given."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_kind: defaultdict[str, list[Unit]] = defaultdict(list)
        self.children: defaultdict[Any, list[Unit]] = defaultdict(list)
        for unit in units:
            self.by_kind[unit.kind].append(unit)
            if unit.parent is not None:
                self.children[unit.parent].append(unit)

    def holders(self, norm: Norm) -> Iterator[Unit]:
        for kind in norm.holder_kinds:
            yield from (unit for unit in self.by_kind[kind] if unit.own_akim is norm.holder_own_akim)

    def targets(self, norm: Norm, holder: Unit) -> Iterator[Unit]:
        for unit in self.related(norm, holder):
            if unit.kind in norm.target_kinds and norm.target_own_akim in (None, unit.own_akim):
                yield unit

    def related(self, norm: Norm, holder: Unit) -> Iterator[Unit]:
        if norm.relation == "own":
            yield holder
        elif norm.relation == "child":
            yield from self.children[holder.id]
        else:
            for between in self.children[holder.id]:
                if between.kind in norm.via_kinds:
                    yield from self.children[between.id]


def _candidates(tree: _Tree, norms: Sequence[Norm], year: int) -> Iterator[tuple[Pair, str | None]]:
    """Every pair by the letter, with the reason for which it is not required, or None."""
    for norm in norms:
        spans = judged(norm, year)
        for holder in tree.holders(norm):
            siblings = [unit for unit in tree.children[holder.id] if unit.kind in norm.unless_sibling_kinds]
            for target in tree.targets(norm, holder):
                for period in spans:
                    if any(_minimum(norm, period, sibling) for sibling in siblings if not sibling.excluded):
                        continue
                    if not _days_in(period, holder, target):
                        continue
                    minimum = _minimum(norm, period, holder, target)
                    pair = Pair(norm.line, holder.id, target.id, period, minimum or norm.minimum)
                    yield pair, _reason(holder, target, minimum)


def _reason(holder: Unit, target: Unit, minimum: int) -> str | None:
    if holder.excluded or target.excluded:
        return "excluded"
    return None if minimum else "partial_unit"


def _minimum(norm: Norm, period: Period, *units: Unit) -> int:
    """How many meetings the period asks of units that existed together for a part of it; 0 = none."""
    days = _days_in(period, *units)
    if days == period.days:
        return norm.minimum
    if norm.partial_unit == "required":
        return norm.minimum if days else 0
    if norm.partial_unit == "pro_rata":
        return (2 * norm.minimum * days + period.days) // (2 * period.days)
    return 0


def _days_in(period: Period, *units: Unit) -> int:
    """On how many days of the period all the units existed."""
    first = max([period.start, *(unit.valid_from for unit in units if unit.valid_from)])
    last = min([period.end, *(unit.valid_to for unit in units if unit.valid_to)])
    return max(0, (last - first).days + 1)


@cache
def _rows() -> tuple[Mapping[str, Any], ...]:
    return load(COVERAGE_FILE)


def load(path: Path) -> tuple[Mapping[str, Any], ...]:
    """Read and check one file of norms; raises BadCoverageFile."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["norm"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise BadCoverageFile(f"{path.name}: {error}") from error
    for number, row in enumerate(rows, start=1):
        problem = _problem(row)
        if problem:
            raise BadCoverageFile(f"{path.name}, norm {number} ({row.get('rule', '?')}): {problem}")
    return tuple(rows)


def _problem(row: Mapping[str, Any]) -> str | None:
    """What is wrong with one row, or None."""
    for key in ("rule", "holder", "target", "relation", "why"):
        if key not in row:
            return f"{key!r} is missing."
    for key, known in (("holder", AKIM_KINDS), ("target", KINDS), ("via", KINDS), ("unless_siblings", KINDS)):
        for kind in row.get(key, ()):
            if kind not in known:
                return f"{key!r} names the kind {kind!r}."
    if row["relation"] not in RELATIONS:
        return f"relation {row['relation']!r} is none of {', '.join(RELATIONS)}."
    if (row["relation"] == "grandchild") != bool(row.get("via")):
        return "'via' belongs to the relation grandchild, and only there."
    for key, values in row.get("when", {}).items():
        reading = catalogue().get(key)
        if reading is None or not all(reading.allows(value) for value in values):
            return f"there is no reading {key!r} with the values {values!r}."
    return None
