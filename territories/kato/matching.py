"""Which unit of the present tree a row of the next edition is. Pure: both trees in, a plan out.

Certain, in this order: code and name; code, where parent and rank agree and no other unit took
the name; name under the same parent; name in the same region, for units with an akim that moved with
a new raion; name in the same raion or, once in both editions, in the same region, for places.
Everything else is a question for a person, with what speaks for each answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from .kinds import name_key
from .units import Unit

#: How alike two names under one parent must be before the pair is proposed (1 is equal).
ALIKE = 0.75
#: How many candidates one question shows.
MOST_CANDIDATES = 5
REGION_TIER, SECOND_TIER, AKIM_TIER, PLACE_TIER, MINOR_TIER, ROW_TIER = range(6)
_TIERS = {
    "oblast": REGION_TIER,
    "city_rep": REGION_TIER,
    "capital": REGION_TIER,
    "raion": SECOND_TIER,
    "city_oblast": SECOND_TIER,
    "minor": MINOR_TIER,
    "territory_row": ROW_TIER,
}


def tier(kind: str, own_akim: bool) -> int:
    """Rank of a unit: a village with an akim of its own stands beside okrugs, not beside villages."""
    return _TIERS.get(kind, AKIM_TIER if own_akim else PLACE_TIER)


@dataclass(frozen=True)
class Known:
    """A living unit of the present tree. `used` says that meetings, posts or mailboxes hang on it."""

    id: int
    code: str
    kind: str
    own_akim: bool
    parent: int | None
    name_ru: str
    used: bool = False

    @cached_property
    def key(self) -> str:
        return name_key(self.name_ru)

    @cached_property
    def tier(self) -> int:
        return tier(self.kind, self.own_akim)


@dataclass(frozen=True)
class Fresh:
    """A row of the next edition with what comparing needs."""

    unit: Unit
    key: str
    tier: int


@dataclass(frozen=True)
class Candidate:
    """A new row that a gone unit may be. `reasons` are keys of `REASONS` in `words.py`."""

    code: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A unit that the next edition does not name plainly. `suggested` is the one good candidate, if any."""

    id: int
    candidates: tuple[Candidate, ...]
    suggested: str = ""
    must: bool = False


@dataclass
class Plan:
    """What loading the edition would do: pairs `code → (unit id, reason)`, new codes, gone units, questions."""

    pairs: dict[str, tuple[int, str]] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def match(known: Iterable[Known], units: Iterable[Unit], decided: Mapping[int, str] | None = None) -> Plan:
    """Pair the trees. `decided` maps ids of units to codes ("" for: none of them), as a person answered."""
    return _Matching(list(known), list(units), dict(decided or {})).plan()


class _Matching:
    def __init__(self, known: Sequence[Known], units: Sequence[Unit], decided: dict[int, str]):
        self.old = {one.id: one for one in known}
        self.new = {u.code: Fresh(u, u.key, tier(u.kind, u.own_akim)) for u in units}
        self.decided = decided
        self.pairs: dict[str, tuple[int, str]] = {}
        self.code_of: dict[int, str] = {}
        self.by_code = {one.code: one for one in known}
        #: Codes whose name the present tree has at the same code: they cannot have taken another's name.
        self.same = {c for c, n in self.new.items() if c in self.by_code and self.by_code[c].key == n.key}

    # -- Bookkeeping --------------------------------------------------------------------------
    def pair(self, old: Known, code: str, reason: str) -> None:
        self.pairs[code] = (old.id, reason)
        self.code_of[old.id] = code

    def free_old(self, *tiers: int) -> list[Known]:
        return [
            o for o in self.old.values() if o.tier in tiers and o.id not in self.code_of and o.id not in self.decided
        ]

    def free_new(self, *tiers: int) -> list[Fresh]:
        return [n for n in self.new.values() if n.tier in tiers and n.unit.code not in self.pairs]

    def same_parent(self, old: Known, new: Fresh) -> bool:
        """The parents are one unit (or both stand at the top)."""
        if old.parent is None:
            return not new.unit.parent
        return self.code_of.get(old.parent) == new.unit.parent

    def ancestor(self, old: Known, wanted: int) -> int | None:
        """Id of the ancestor of a tier."""
        above = old.parent
        while above is not None and above in self.old:
            if self.old[above].tier == wanted:
                return above
            above = self.old[above].parent
        return None

    # -- Certain ------------------------------------------------------------------------------
    def plan(self) -> Plan:
        for old_id, code in self.decided.items():
            if code and old_id in self.old and code in self.new:
                self.pair(self.old[old_id], code, "decided")
        for rank in (REGION_TIER, SECOND_TIER, AKIM_TIER, ROW_TIER, PLACE_TIER, MINOR_TIER):
            self.pair_by_code(rank)
            self.pair_uniquely(rank, "name_parent", self.parent_of_old, self.parent_of_new)
            if rank in (SECOND_TIER, AKIM_TIER):
                self.pair_uniquely(rank, "name_region", lambda o: o.code[:2], lambda n: n.unit.code[:2])
            if rank in (PLACE_TIER, MINOR_TIER):
                self.pair_uniquely(rank, "name_raion", self.raion_of_old, self.raion_of_new)
                self.pair_once_in_region(rank)
        return Plan(
            pairs=self.pairs,
            new=[code for code in self.new if code not in self.pairs],
            gone=[one for one in self.old if one not in self.code_of],
            questions=self.questions(),
        )

    def pair_by_code(self, rank: int) -> None:
        old_keys: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in self.free_old(rank):
            old_keys[one.code[:2], one.key].add(one.code)
        new_keys: dict[tuple[str, str], set[str]] = defaultdict(set)
        for fresh in self.free_new(rank):
            if fresh.unit.code not in self.same:
                new_keys[fresh.unit.code[:2], fresh.key].add(fresh.unit.code)
        for fresh in self.free_new(rank):
            code = fresh.unit.code
            old = self.by_code.get(code)
            if old is None or old.id in self.code_of or old.id in self.decided or old.tier != rank:
                continue
            if old.key == fresh.key:
                self.pair(old, code, "code_name")
                continue
            name_left = new_keys[code[:2], old.key] - {code}
            name_came = {c for c in old_keys[code[:2], fresh.key] if c != code and c not in self.same}
            if not name_left and not name_came and self.same_parent(old, fresh):
                self.pair(old, code, "code_parent")

    def pair_uniquely(
        self,
        rank: int,
        reason: str,
        place_of_old: Callable[[Known], Hashable],
        place_of_new: Callable[[Fresh], Hashable],
    ) -> None:
        """Pair what has the same name and kind in the same place and is the only one on both sides."""
        olds: dict[Hashable, list[Known]] = defaultdict(list)
        news: dict[Hashable, list[Fresh]] = defaultdict(list)
        for one in self.free_old(rank):
            place = place_of_old(one)
            if place is not None:
                olds[place, one.kind, one.key].append(one)
        for fresh in self.free_new(rank):
            place = place_of_new(fresh)
            if place is not None:
                news[place, fresh.unit.kind, fresh.key].append(fresh)
        for where, candidates in olds.items():
            if len(candidates) == 1 and len(news.get(where, ())) == 1:
                self.pair(candidates[0], news[where][0].unit.code, reason)

    def pair_once_in_region(self, rank: int) -> None:
        """A name that each edition has exactly once in the region, wherever it stood there."""
        old_count: dict[tuple[str, str], int] = defaultdict(int)
        new_count: dict[tuple[str, str], int] = defaultdict(int)
        for one in self.old.values():
            if one.tier in (PLACE_TIER, MINOR_TIER):
                old_count[one.code[:2], one.key] += 1
        for fresh in self.new.values():
            if fresh.tier in (PLACE_TIER, MINOR_TIER):
                new_count[fresh.unit.code[:2], fresh.key] += 1
        fresh_by = {(n.unit.code[:2], n.unit.kind, n.key): n for n in self.free_new(rank)}
        for one in self.free_old(rank):
            name = (one.code[:2], one.key)
            found = fresh_by.get((one.code[:2], one.kind, one.key))
            if found and old_count[name] == 1 and new_count[name] == 1:
                self.pair(one, found.unit.code, "name_once")

    def parent_of_old(self, old: Known) -> Hashable:
        return "" if old.parent is None else self.code_of.get(old.parent)

    def parent_of_new(self, new: Fresh) -> Hashable:
        return new.unit.parent

    def raion_of_old(self, old: Known) -> Hashable:
        above = self.ancestor(old, SECOND_TIER)
        return None if above is None else self.code_of.get(above)

    def raion_of_new(self, new: Fresh) -> Hashable:
        code = new.unit.code[:4] + "00000"
        return code if code in self.new and code != new.unit.code else None

    # -- Questions ----------------------------------------------------------------------------
    def questions(self) -> list[Question]:
        by_region: dict[str, list[Fresh]] = defaultdict(list)
        for fresh in self.free_new(SECOND_TIER, AKIM_TIER, PLACE_TIER):
            by_region[fresh.unit.code[:2]].append(fresh)
        asked: dict[int, list[Candidate]] = {}
        for one in self.free_old(REGION_TIER, SECOND_TIER, AKIM_TIER, PLACE_TIER, MINOR_TIER):
            if one.tier in (REGION_TIER, MINOR_TIER) and not one.used:
                continue
            found = [c for fresh in by_region[one.code[:2]] if (c := self.candidate(one, fresh))]
            if found or one.used:
                asked[one.id] = sorted(found, key=lambda c: (-c.score, c.code))[:MOST_CANDIDATES]
        best_for: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for old_id, candidates in asked.items():
            for candidate in candidates:
                best_for[candidate.code].append((candidate.score, old_id))
        result = []
        for old_id, candidates in asked.items():
            suggested = ""
            if candidates and (len(candidates) == 1 or candidates[0].score > candidates[1].score):
                rivals = sorted(best_for[candidates[0].code], reverse=True)
                if rivals[0][1] == old_id and (len(rivals) == 1 or rivals[0][0] > rivals[1][0]):
                    suggested = candidates[0].code
            result.append(Question(old_id, tuple(candidates), suggested, must=self.old[old_id].used))
        return result

    def candidate(self, old: Known, new: Fresh) -> Candidate | None:
        """What speaks for the pair; None when nothing does."""
        reasons, score = [], 0.0
        same_parent = self.same_parent(old, new)
        if old.key == new.key:
            reasons.append("same_name")
            score += 1.0
        else:
            compare = SequenceMatcher(None, old.key, new.key, autojunk=False)
            likeness = compare.ratio() if compare.quick_ratio() >= ALIKE else 0.0
            if likeness >= ALIKE and same_parent:
                reasons.append("similar_name")
                score += likeness * 0.8
        if old.code == new.unit.code:
            reasons.append("same_code")
            score += 0.6
        if not reasons:
            return None
        if same_parent:
            reasons.append("same_parent")
            score += 0.5
        if old.kind == new.unit.kind and old.tier == new.tier:
            score += 0.2
        elif old.tier == new.tier:
            reasons.append("other_kind")
        else:
            reasons.append("other_rank")
            score -= 0.4
        return Candidate(new.unit.code, round(score, 3), tuple(reasons)) if score > 0.5 else None
