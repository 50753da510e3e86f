"""The SQL of the required cells: what the decree asks for, beside what the meetings of the calendars serve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from law.coverage import Norm, judged, norms
from law.deadlines import term_before
from law.periods import Period, periods
from law.readings import Readings
from law.register import Wording, rule
from territories.models import Territory

#: The lines of 826-2.1, in order.
LINES = ("a", "b", "c", "d", "e")
#: Evidence of a norm that one meeting meets: a record, of one meeting.
ONE_MEETING = "REC||||1"


#: What no norm judges, with the columns of what one does (A-21); grouped also the step of a raion.
NOTHING_REQUIRED = {
    grouped: "SELECT 0 AS line, 0 AS offsite, 0 AS region, 0 AS holder, 0 AS target, 0 AS period, 0 AS need"
    + ", '' AS step" * grouped
    for grouped in (False, True)
}


class Statement:
    """The SQL of the required cells of some regions under one set of readings, with its parameters.

    Built from literals of the register and from ids; nothing that a user types becomes SQL text. The tree is
    read once, each unit beside its parent and grandparent, and so are the meetings: the norms are then plain
    filters, which cost little to plan and cannot be joined in an unlucky order.
    """

    def __init__(
        self,
        year: int,
        readings: Readings,
        regions: Sequence[Territory],
        *,
        lines: Iterable[str] = LINES,
        under: str = "",
        grouped: bool = False,
    ) -> None:
        self.year = year
        self.grouped = grouped
        self.readings = readings
        self.rows = [norm for norm in norms(dt.date(year, 1, 1), readings) if norm.line in lines]
        self.regions = regions
        # A path that holds all of the regions narrows nothing; said all the same, it makes their units look few.
        self.under = "" if all(region.path.startswith(under) for region in regions) else under
        self.params: list[Any] = []
        #: Periods of the year in order; inside the statement each goes by its place here, as lines do by theirs in
        #: `LINES`: numbers are hashed, compared and sorted sooner than texts.
        self.codes = sorted({p.code for norm in self.rows for p in periods(norm.per, year)})
        postgresql = connection.vendor == "postgresql"
        self.kept = "AS MATERIALIZED" if postgresql else "AS"
        # Read apart, the units of a region are few and known to be; joined to the whole tree they look many. Within one
        # raion so few are wanted that each is found by its id.
        self.apart = " OFFSET 0" if postgresql and not self.under else ""
        # A full join is always hashed or merged; a left one of rows that the planner believes few is a loop
        # in a loop. SQLite indexes the inner side by itself.
        self.join = "FULL JOIN" if postgresql else "LEFT JOIN"

    # -- What is required -------------------------------------------------------------------------
    def here(self, kinds: Iterable[str], *, akims: bool = False) -> str:
        """The units of these kinds in the regions, as a table to join; with `akims` those that have one."""
        self.params += [region.pk for region in self.regions] * 2
        marks = ", ".join("%s" for _ in self.regions)
        return (
            "(SELECT id, parent_id, region_id, path, kind, own_akim, excluded, valid_from, valid_to"
            f" FROM territories_territory WHERE (region_id IN ({marks}) OR id IN ({marks}))"
            f" AND {self.one_of('kind', sorted(kinds))}{' AND own_akim' if akims else ''}{self.apart})"
        )

    def holders(self, relations: Iterable[str] = ("own", "child", "grandchild")) -> set[str]:
        """Kinds of akim in the norms of these relations."""
        return {kind for norm in self.rows if norm.relation in relations for kind in norm.holder_kinds}

    def tree(self) -> str:
        """Units that can be targets, each beside its parent `p` and its grandparent `g` where these matter."""
        columns = ", ".join(
            f"{unit}.{name} AS {unit}_{name}"
            for unit in ("t", "p", "g")
            for name in ("id", "kind", "own_akim", "excluded", "valid_from", "valid_to")
        )
        targets = {kind for norm in self.rows for kind in norm.target_kinds}
        between = {kind for norm in self.rows for kind in norm.via_kinds}
        found = (
            f"SELECT {columns}, COALESCE(t.region_id, t.id) AS region{self.step()} FROM {self.here(targets)} t"
            f" LEFT JOIN {self.here(self.holders(['child']) | between)} p ON p.id = t.parent_id"
            f" LEFT JOIN {self.here(self.holders(['grandchild']))} g ON g.id = p.parent_id"
        )
        if self.under:
            # The akim of a pair stands above its target or on it: a pair lies where its target does.
            found += " WHERE t.path LIKE %s"
            self.params.append(f"{self.under}%")
        return found

    def step(self) -> str:
        """The step of a target's path right below its region, as text; empty for the region itself."""
        if not self.grouped:
            return ""
        if connection.vendor == "postgresql":
            return ", split_part(t.path, '/', 2) AS step"
        rest = "SUBSTR(t.path, INSTR(t.path, '/') + 1)"
        return f", SUBSTR({rest}, 1, MAX(INSTR({rest}, '/') - 1, 0)) AS step"

    def required(self) -> str:
        """`required(line, offsite, region, holder, target, period, need)`; line and period as numbers."""
        rows = [self.norm(norm) for norm in self.rows if judged(norm, self.year)]
        return " UNION ALL ".join(rows) or f"{NOTHING_REQUIRED[self.grouped]} WHERE 1 = 0"

    def norm(self, norm: Norm) -> str:
        h = {"own": "t", "child": "p", "grandchild": "g"}[norm.relation]
        tests = [
            self.one_of("t_kind", norm.target_kinds),
            self.one_of(f"{h}_kind", norm.holder_kinds),
            f"{h}_own_akim",
            f"NOT {h}_excluded",
            "NOT t_excluded",
        ]
        if norm.via_kinds:
            tests.append(self.one_of("p_kind", norm.via_kinds))
        if norm.target_own_akim is not None:
            tests.append("t_own_akim" if norm.target_own_akim else "NOT t_own_akim")
        if norm.unless_sibling_kinds:
            kinds = self.one_of("s.kind", norm.unless_sibling_kinds)
            tests.append(
                f"NOT EXISTS (SELECT 1 FROM territories_territory s WHERE s.parent_id = {h}_id AND {kinds}"
                f" AND NOT s.excluded AND {self.present('s.', norm.partial_unit, norm.minimum)})"
            )
        need = f"CAST({norm.minimum} AS integer)"
        if norm.partial_unit == "not_required":
            tests += [self.whole("t_"), self.whole(f"{h}_")]
        else:
            tests += [self.some("t_"), self.some(f"{h}_")]
            if norm.partial_unit == "pro_rata":
                need = self.pro_rata(norm.minimum, h)
        span = " UNION ALL ".join(self.period(p) for p in judged(norm, self.year))
        return (
            f"SELECT {LINES.index(norm.line)} AS line, {int(bool(norm.offsite))} AS offsite, region,"
            f" {h}_id AS holder, t_id AS target, p.code AS period, {need} AS need"
            f"{', step' if self.grouped else ''}"
            f" FROM tree CROSS JOIN ({span}) p WHERE {' AND '.join(tests)}"
        )

    def one_of(self, column: str, kinds: Iterable[str]) -> str:
        names = ", ".join(f"'{kind}'" for kind in kinds)
        return f"{column} IN ({names or 'NULL'})"

    def period(self, period: Period) -> str:
        return f"SELECT {self.codes.index(period.code)} AS code, {day(period.start)} AS a, {day(period.end)} AS z"

    @staticmethod
    def whole(unit: str) -> str:
        """The unit exists during the whole period."""
        return (
            f"({unit}valid_from IS NULL OR {unit}valid_from <= p.a)"
            f" AND ({unit}valid_to IS NULL OR {unit}valid_to >= p.z)"
        )

    @staticmethod
    def some(unit: str) -> str:
        """The unit exists on some day of the period."""
        return (
            f"({unit}valid_from IS NULL OR {unit}valid_from <= p.z)"
            f" AND ({unit}valid_to IS NULL OR {unit}valid_to >= p.a)"
        )

    def present(self, unit: str, partial_unit: str, minimum: int) -> str:
        """The unit takes part in the period as A-08 asks (`law.coverage`): all of it, a day of it, half of it."""
        if partial_unit == "not_required":
            return self.whole(unit)
        if partial_unit == "required":
            return self.some(unit)
        most, least = ("GREATEST", "LEAST") if connection.vendor == "postgresql" else ("MAX", "MIN")
        first = f"{most}(p.a, COALESCE({unit}valid_from, p.a))"
        last = f"{least}(p.z, COALESCE({unit}valid_to, p.z))"
        return f"2 * {minimum} * {day_count(first, last)} >= {day_count('p.a', 'p.z')}"

    @staticmethod
    def pro_rata(minimum: int, h: str) -> str:
        """A-08 `pro_rata`: the minimum times the share of days, rounded half up."""
        most, least = ("GREATEST", "LEAST") if connection.vendor == "postgresql" else ("MAX", "MIN")
        first = f"{most}(p.a, COALESCE(t_valid_from, p.a), COALESCE({h}_valid_from, p.a))"
        last = f"{least}(p.z, COALESCE(t_valid_to, p.z), COALESCE({h}_valid_to, p.z))"
        days, whole = day_count(first, last), day_count("p.a", "p.z")
        return f"CAST(FLOOR((2.0 * {minimum} * {days} + {whole}) / (2.0 * {whole})) AS integer)"

    # -- What is planned and held -----------------------------------------------------------------
    def met(self, *, days: bool) -> str:
        """`met(holder, target, period, date, there, held)`: pairs that the meetings of the calendars serve.

        With `days` also the meeting and whether it was announced too late.
        """
        more = joins = ""
        if days:
            last = days_before("m.date", notice_days(self.year, self.readings))
            more = (
                ", m.id AS meeting, CASE WHEN m.announced_on IS NOT NULL"
                f" AND m.announced_on > {last} THEN 1 ELSE 0 END AS short_notice"
            )
            joins = (
                f" JOIN {self.here(self.holders(), akims=True)} hu ON hu.id = mt.holder_id"
                f" LEFT JOIN {self.here(self.holders())} lead ON lead.id = m.holder_id"
            )
        found = (
            f"SELECT mt.holder_id AS holder, mt.target_id AS target, {self.period_served()} AS period,"
            " m.date AS date, COALESCE(m.held_on, m.date) AS held_on,"
            f" m.format <> 'video_only' AS there, m.state = 'held' AS held{more}"
            f" FROM calendars_meeting m JOIN calendars_meetingtarget mt ON mt.meeting_id = m.id{joins}"
        )
        tests = [self.of_calendars("m.calendar_id"), "m.state IN ('planned', 'held')"]
        tests += self.off_calendar()
        if self.readings["joint"] == "lead_only":
            tests.append("mt.holder_id = m.holder_id")
        if self.readings["multi_target"] == "place_only":
            tests.append("mt.at_place")
        if self.under:
            tests.append("mt.target_id IN (SELECT t_id FROM tree)")
        return f"{found} WHERE {' AND '.join(tests)}"

    def off_calendar(self) -> list[str]:
        """Whether a meeting `m` outside the calendar counts for the norm (A-13)."""
        counts = self.readings["off_calendar_counts"]
        if counts == "never":
            return ["NOT m.off_calendar"]
        if counts == "after_correction":
            # Only once a corrected version of the calendar holds the meeting. These are few: one list of them is
            # cheaper than a question for each row.
            return [
                "(NOT m.off_calendar OR m.id IN (SELECT f.meeting_id FROM calendars_meeting o"
                " JOIN calendars_versionrow f ON f.meeting_id = o.id"
                f" WHERE o.off_calendar AND {self.of_calendars('o.calendar_id')}))"
            ]
        return []

    def period_served(self) -> str:
        """The period that a meeting of an akim serves, by his kind: each kind counts by one sort of period.

        The sort with most kinds comes last, so that only the few akims of the others are looked up.
        """
        kinds: dict[str, set[str]] = {}
        for norm in self.rows:
            kinds.setdefault(norm.per, set()).update(norm.holder_kinds)
        if not kinds:
            return "0"
        if sum(map(len, kinds.values())) != len(set().union(*kinds.values())):
            raise ValueError("A kind of akim has norms by two sorts of period; they cannot be counted in one pass.")
        *few, most = sorted(kinds, key=lambda per: (len(kinds[per]), per))
        holders = "mt.holder_id IN (SELECT id FROM territories_territory WHERE"
        cases = [f"WHEN {holders} {self.one_of('kind', sorted(kinds[per]))}) THEN {self.period_of(per)}" for per in few]
        return f"CASE {' '.join(cases)} ELSE {self.period_of(most)} END" if cases else self.period_of(most)

    def period_of(self, per: str) -> str:
        """The number of the period of this sort in which the meeting's day lies."""
        cases = [f"WHEN m.date <= {day(p.end)} THEN {self.codes.index(p.code)}" for p in periods(per, self.year)]
        return f"CASE {' '.join(cases)} END"

    def of_calendars(self, column: str) -> str:
        """Condition that the column names a calendar of the regions and the year."""
        self.params += [region.pk for region in self.regions]
        marks = ", ".join("%s" for _ in self.regions)
        ids = f"SELECT id FROM calendars_calendar WHERE year = {self.year:d} AND region_id IN ({marks})"
        # Read before the rest, the ids of many lead into the index of the meetings; joined, into a scan of all
        # years. The ids of one region do so in either way, and joined the targets are found by index as well.
        several = connection.vendor == "postgresql" and len(self.regions) > 1
        return f"{column} = ANY (ARRAY ({ids}))" if several else f"{column} IN ({ids})"

    def served(self, *, days: bool) -> str:
        """`served(holder, target, period, planned, held, …_there)`: what the meetings of the year close."""
        more = ""
        if days:
            more = ", MIN(date) AS first_date, MIN(meeting) AS meeting_id, MAX(short_notice) AS short_notice"
        return (
            "SELECT holder, target, period, COUNT(*) AS planned, COUNT(*) FILTER (WHERE held) AS held,"
            " COUNT(*) FILTER (WHERE there) AS planned_there, COUNT(*) FILTER (WHERE there AND held) AS held_there"
            f"{more} FROM met GROUP BY 1, 2, 3"
        )

    # -- The two joined ---------------------------------------------------------------------------
    def counted(self, *, days: bool = False, twice: bool = False) -> str:
        """A `WITH` that ends in `counted(line, region, holder, target, period, need, planned, held, …)`.

        Line and period are numbers: their places in `LINES` and in `codes`. `days` adds `first_date`, `meeting_id`
        and `short_notice`; `twice` says that what follows reads `counted` more than once.
        """
        video = "1" if self.readings["video_counts"] else "0"
        planned = f"CASE WHEN r.offsite = 1 AND {video} = 0 THEN s.planned_there ELSE s.planned END"
        held = f"CASE WHEN r.offsite = 1 AND {video} = 0 THEN s.held_there ELSE s.held END"
        more = ", s.first_date, s.meeting_id, COALESCE(s.short_notice, 0) = 1 AS short_notice" if days else ""
        more += ", r.step" if self.grouped else ""
        kept = self.kept if days or twice else "AS"
        return (
            f"WITH tree {self.kept} ({self.tree()}), required AS ({self.required()}),"
            f" met AS ({self.met(days=days)}), served AS ({self.served(days=days)}),"
            f" counted {kept} (SELECT r.line, r.region, r.holder, r.target, r.period, r.need,"
            f" COALESCE({planned}, 0) AS planned, COALESCE({held}, 0) AS held{more}"
            f" FROM required r {self.join} served s"
            " ON s.holder = r.holder AND s.target = r.target AND s.period = r.period"
            " WHERE COALESCE(r.need, 0) > 0)"
        )

    def by_holder(self, period: Period) -> str:
        """`(subject_id, debtor_id, region_id, rule_id, met_on, evidence)`: each akim's line in one period.

        `met_on` is the day on which the last of his targets was held, NULL while one is not. No norm asks for more
        than one meeting with a target in a period; where readings should make it more, the last one held counts.
        """
        code, first, last = self.codes.index(period.code), day(period.start), day(period.end)
        rules = " ".join(f"WHEN {LINES.index(norm.line)} THEN '{norm.rule_id}'" for norm in self.rows)
        video = "1 = 1" if self.readings["video_counts"] else "offsite = 0"
        # One grouping of both sides instead of a join, whose size no planner guesses.
        return (
            f"WITH tree {self.kept} ({self.tree()}), required AS ({self.required()}), met AS ({self.met(days=False)}),"
            " sides AS (SELECT line, region, holder, target, need, offsite, NULL AS held_on, NULL AS there_on"
            f" FROM required WHERE period = {code} AND need > 0 UNION ALL SELECT NULL, NULL, holder, target, NULL,"
            " NULL, held_on, CASE WHEN there THEN held_on END FROM met"
            f" WHERE held AND date BETWEEN {first} AND {last}),"
            " pairs AS (SELECT MAX(line) AS line, MAX(region) AS region, holder, MAX(need) AS need,"
            " MAX(offsite) AS offsite, COUNT(held_on) AS held, COUNT(there_on) AS held_there,"
            " MIN(held_on) AS first_on, MAX(held_on) AS last_on, MIN(there_on) AS first_there,"
            " MAX(there_on) AS last_there FROM sides GROUP BY holder, target),"
            f" done AS (SELECT line, region, holder, CASE WHEN {video} THEN"
            " CASE WHEN held >= need THEN CASE WHEN need = 1 THEN first_on ELSE last_on END END ELSE"
            " CASE WHEN held_there >= need THEN CASE WHEN need = 1 THEN first_there ELSE last_there END END END AS on_"
            " FROM pairs WHERE need IS NOT NULL)"
            " SELECT holder AS subject_id, holder AS debtor_id, region AS region_id,"
            f" CASE line {rules} END AS rule_id, CASE WHEN COUNT(*) = COUNT(on_) THEN MAX(on_) END AS met_on,"
            " 'REC||||' || COUNT(*) AS evidence FROM done GROUP BY line, region, holder"
        )

    def each_akim(self, wording: Wording, period: Period) -> str:
        """`(subject_id, debtor_id, region_id, met_on, evidence)`: one meeting of each akim in a period, wherever held.

        `met_on` is the day of the first one that he held and that counts (A-13). Whoever has an akim for a part of
        the period only is asked as a target of a line would be (A-08).
        """
        asked = [f"NOT u.excluded AND {self.present('u.', str(self.readings['partial_unit']), wording.timing['min'])}"]
        units = self.here(wording.bound.akims, akims=True)
        tests = [self.of_calendars("m.calendar_id"), "m.state = 'held'", *self.off_calendar()]
        return (
            "SELECT u.id AS subject_id, u.id AS debtor_id, COALESCE(u.region_id, u.id) AS region_id, h.met_on,"
            f" CASE WHEN h.met_on IS NULL THEN '' ELSE '{ONE_MEETING}' END AS evidence FROM {units} u"
            f" CROSS JOIN (SELECT {day(period.start)} AS a, {day(period.end)} AS z) p"
            " LEFT JOIN (SELECT m.holder_id AS holder, MIN(COALESCE(m.held_on, m.date)) AS met_on"
            f" FROM calendars_meeting m WHERE {' AND '.join(tests)} GROUP BY m.holder_id) h ON h.holder = u.id"
            f" WHERE {' AND '.join(asked)}"
        )


def day(value: dt.date) -> str:
    """A date literal that both databases compare as a date."""
    return f"DATE '{value.isoformat()}'" if connection.vendor == "postgresql" else f"'{value.isoformat()}'"


def day_count(first: str, last: str) -> str:
    """SQL for the number of days from one civil day to another, both counted."""
    if connection.vendor == "postgresql":
        return f"({last} - {first} + 1)"
    return f"(JULIANDAY({last}) - JULIANDAY({first}) + 1)"


def days_before(column: str, count: str) -> str:
    """SQL for the civil day so many days before another."""
    if connection.vendor == "postgresql":
        return f"({column} - ({count}))"
    return f"DATE({column}, '-' || ({count}) || ' days')"


def notice_days(year: int, readings: Readings) -> str:
    """SQL for the days of announcement: the shorter term only where every akim of the meeting has it (A-07)."""
    short, long = rule("826-3.4.f", dt.date(year, 1, 1)), rule("826-3.4.e", dt.date(year, 1, 1))
    names = ", ".join(f"'{kind}'" for kind in short.bound.akims)
    terms = f"THEN {term_before(short, readings):d} ELSE {term_before(long, readings):d}"
    return f"CASE WHEN hu.kind IN ({names}) AND lead.kind IN ({names}) {terms} END"
