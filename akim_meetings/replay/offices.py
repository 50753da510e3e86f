"""What akims' offices do day by day: an agenda of verbs, each done for all meetings of the day at once."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Sequence

from calendars import services as calendar_services
from calendars import simulation as of_calendar
from calendars.demo import LONG_KINDS
from calendars.models import Calendar, Meeting, MeetingState
from issues import simulation as of_issues
from issues.models import Issue
from law.periods import periods
from territories.models import Organisation, Territory
from territories.models.organisations import OrganisationKind
from territories.scope import Who

from .course import DAY, Course, course, working

#: In which order the verbs of one day are done.
ORDER = (
    "move", "cancel", "demand", "tell", "prepare", "hold", "receive", "publish", "publish_second", "finance",
    "route", "work", "put_off", "done", "close", "report",
)  # fmt: skip
#: Days before the meeting on which requests are gathered into the pool.
POOL_BEFORE = 6
#: Of 100 offices: so many file their quarterly information late, or not at all.
REPORT_LATE, NO_REPORT = 5, 4


class Offices:
    """The offices of some regions in one year. `counts` says how often each verb was done."""

    def __init__(self, year: int, seed: int) -> None:
        self.year, self.seed = year, seed
        self.until = dt.date(year, 12, 31)
        self.courses: dict[int, Course] = {}
        self.agenda: defaultdict[dt.date, defaultdict[str, list]] = defaultdict(lambda: defaultdict(list))
        self.counts: defaultdict[str, int] = defaultdict(int)
        self.touched: set[int] = set()
        self.units: dict[int, Territory] = {}
        self.bodies = list(Organisation.objects.filter(kind=OrganisationKind.MINISTRY).order_by("key"))

    # -- the agenda

    def take(self, calendar: Calendar, today: dt.date) -> None:
        """Draw the course of every meeting of an approved calendar, and the reports of its offices."""
        rows = calendar.meetings.filter(state=MeetingState.PLANNED).order_by("number")
        for pk, number, date, kind in rows.values_list("pk", "number", "date", "holder__kind"):
            self.draw(calendar, pk, number, date, kind, today)
        self.units |= Territory.objects.in_bulk({pk for pair in rows.values_list("holder", "place") for pk in pair})
        for unit in Territory.objects.filter(pk__in=rows.values("holder")).order_by("code"):
            self.commission(unit, today)
            self.file(unit)

    def draw(self, calendar: Calendar, pk: int, number: int, date: dt.date, kind: str, today: dt.date) -> None:
        rng = random.Random(f"{self.seed}-{calendar.region.code}-{self.year}-{number}")  # noqa: S311
        window = 14 if kind in (*LONG_KINDS, "city_raion") else 7
        found = course(rng, pk, date, window, words=len(of_issues.WORDS))
        self.courses[pk] = found
        if found.moves_before is not None:
            self.on(max(date - found.moves_before * DAY, today + DAY), "move", pk)
        if found.cancelled_before is not None:
            self.on(date - found.cancelled_before * DAY, "cancel", pk)
        if found.demanded and date + 40 * DAY < self.until:
            self.on(date + 5 * DAY, "demand", pk)
        self.expect(found, today)

    def expect(self, found: Course, today: dt.date) -> None:
        """What happens on account of the day on which a meeting stands."""
        if found.told_before is not None:
            self.on(max(found.date - found.told_before * DAY, today + DAY), "tell", found.meeting, found.date)
        self.on(max(found.date - POOL_BEFORE * DAY, today + DAY), "prepare", found.meeting, found.date)
        if found.held:
            self.on(found.date + found.recorded_after * DAY, "hold", found.meeting, found.date)

    def on(self, day: dt.date, verb: str, pk: int, for_date: dt.date | None = None) -> None:
        self.agenda[day][verb].append((pk, for_date))

    def commission(self, unit: Territory, today: dt.date) -> None:
        """A few offices have none, and their meetings show it."""
        if random.Random(f"{self.seed}-commission-{unit.code}").random() < 0.97:  # noqa: S311
            self.agenda[today]["commission"].append(unit)

    def file(self, unit: Territory) -> None:
        for number, quarter in enumerate(periods("quarter", self.year), 1):
            rng = random.Random(f"{self.seed}-{unit.code}-{quarter.code}")  # noqa: S311
            fate = rng.randrange(100)
            if fate >= NO_REPORT:
                late = fate < NO_REPORT + REPORT_LATE
                day = quarter.end + DAY * (rng.randint(26, 31) if late else rng.randint(10, 25))
                self.agenda[day]["report"].append((unit, number, rng.randrange(100) < 3))

    # -- the day

    def play(self, day: dt.date, by: Who) -> None:
        """Do everything that the agenda has for a day; `by` carries its instant."""
        asked = self.agenda.pop(day, None)
        if asked is None:
            return
        if units := asked.pop("commission", None):
            of_issues.commissions(units, today=day, by=by)
        if reports := asked.pop("report", None):
            self.report(reports, day, by)
        for verb in ORDER:
            meetings = self.current(asked.get(verb, ()))
            if meetings:
                work: Callable[[Sequence[Meeting], dt.date, Who], None] = getattr(self, verb)
                work(meetings, day, by)
                self.counts[verb] += len(meetings)

    def current(self, entries: Sequence[tuple[int, dt.date | None]]) -> list[Meeting]:
        """The meetings that still stand on the day for which an entry was made, in the order of their calendars."""
        pks = {pk for pk, for_date in entries if for_date in (None, self.courses[pk].date)}
        if not pks:
            return []
        rows = list(Meeting.objects.filter(pk__in=pks))
        calendars = Calendar.objects.select_related("region").in_bulk({row.calendar_id for row in rows})
        for row in rows:
            row.calendar = calendars[row.calendar_id]
            row.holder, row.place = self.unit(row.holder_id), self.unit(row.place_id)
        return sorted(rows, key=lambda m: (m.calendar.region.code, m.number))

    def unit(self, pk: int) -> Territory:
        """A unit as it was when the replay first met it: nobody changes the tree meanwhile."""
        if pk not in self.units:
            self.units[pk] = Territory.objects.get(pk=pk)
        return self.units[pk]

    def planned(self, meetings: Sequence[Meeting]) -> list[Meeting]:
        return [m for m in meetings if m.state == MeetingState.PLANNED]

    def move(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        moved: list[tuple[Meeting, dt.date]] = []
        for meeting in sorted(self.planned(meetings), key=lambda m: (m.calendar_id, m.number)):
            found = self.courses[meeting.pk]
            to = working(max(found.date + found.moves_by * DAY, day + 2 * DAY))
            if to != found.date and to <= self.until:
                moved.append((meeting, to))
        of_calendar.move(moved, by=by)
        for meeting, to in moved:
            self.touched.add(meeting.calendar_id)
            found = self.courses[meeting.pk]
            found.date = to
            self.expect(found, day)

    def cancel(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        seen = {m.pk: m.version for m in self.planned(meetings)}
        if seen:
            calendar_services.cancel_many(seen, reason=of_issues.LATE, by=by)
            self.touched.update(m.calendar_id for m in meetings if m.pk in seen)

    def demand(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        """People of the place ask for one more meeting; it is held outside the calendar."""
        for meeting in meetings:
            asked = of_issues.demand(meeting.holder, meeting.place, today=day, by=by)
            date = working(day + 25 * DAY)
            fresh = of_calendar.off_calendar(meeting.calendar, meeting, date, by=by)
            of_issues.grant(asked, fresh, today=day, by=by)
            self.draw(meeting.calendar, fresh.pk, fresh.number, date, meeting.holder.kind, day)
            self.touched.add(meeting.calendar_id)

    def tell(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        waiting = [m for m in self.planned(meetings) if m.announced_on is None and m.date >= day]
        for late in (False, True):
            some = [m for m in waiting if late == self.is_late(m, day)]
            if some:
                of_issues.announce(some, late=late, today=day, by=by)

    def is_late(self, meeting: Meeting, day: dt.date) -> bool:
        window = 14 if meeting.holder.kind in (*LONG_KINDS, "city_raion") else 7
        return day > meeting.date - (window + 1) * DAY

    def prepare(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        some = [m for m in self.planned(meetings) if m.date >= day and not self.courses[m.pk].prepared]
        asked = [(m, self.courses[m.pk].words, self.courses[m.pk].level) for m in some]
        if not asked:
            return
        issues = of_issues.prepare(asked, today=day, by=by)
        of_issues.broadcast({m.pk: self.courses[m.pk].broadcast for m in some}, by=by)
        for pk, issue in issues.items():
            self.courses[pk].prepared = True
            if issue.level == "central" and self.bodies:
                self.on(day + 20 * DAY, "route", pk)

    def hold(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        held = self.planned(meetings)
        if not held:
            return
        met = [calendar_services.Met(m.pk, m.date, 20 + m.number % 150, None) for m in held]
        calendar_services.hold_many(met, today=day, by=by)
        asked = []
        for meeting in held:
            found = self.courses[meeting.pk]
            meeting.state, meeting.held_on = MeetingState.HELD, meeting.date
            if found.second_words is not None:
                asked.append((meeting, found.second_words))
            self.follow(found, day)
        if asked:
            of_issues.raise_at(asked, today=day, by=by)

    def follow(self, found: Course, day: dt.date) -> None:
        """What happens after a meeting was held and recorded on a day."""
        if found.reception_after is not None:
            self.on(max(found.date + found.reception_after * DAY, day), "receive", found.meeting)
        if found.financed:
            self.on(day + 30 * DAY, "finance", found.meeting)
        if found.published_after is None:
            return
        published = max(found.date + found.published_after * DAY, day)
        self.on(published, "publish", found.meeting)
        if found.second_after:
            self.on(published + found.second_after * DAY, "publish_second", found.meeting)
        worked = published + found.work_after * DAY
        self.on(worked, "work", found.meeting)
        if found.put_off:
            self.on(worked + DAY, "put_off", found.meeting)
        if found.done_after is not None:
            self.on(worked + found.done_after * DAY, "done", found.meeting)
            self.on(worked + (found.done_after + 5) * DAY, "close", found.meeting)

    def receive(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        of_issues.receive({m.pk: 1 + m.number % 9 for m in meetings}, today=day, by=by)

    def publish(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        both = (of_issues.SITE, of_issues.EGOV)
        places = {m.pk: both if self.courses[m.pk].second_after == 0 else both[:1] for m in meetings}
        due = {m.pk: self.courses[m.pk].due_in for m in meetings}
        of_issues.publish(due, places=places, today=day, by=by)

    def publish_second(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        of_issues.publish_elsewhere({m.pk: (of_issues.EGOV,) for m in meetings}, by=by)

    def finance(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        for meeting in meetings:
            of_issues.finance(meeting, today=day, by=by)

    def route(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        central = Issue.objects.open().filter(meeting__in=meetings, level="central").select_related("unit")
        for issue in central.order_by("region__code", "unit__code", "number"):
            of_issues.route(issue, self.bodies[issue.number % len(self.bodies)], today=day, by=by)

    def work(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        of_issues.step({m.pk: "in_work" for m in meetings}, today=day, by=by)

    def put_off(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        for meeting in meetings:
            of_issues.put_off(meeting.pk, days=30, today=day, by=by)

    def done(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        ends = {m.pk: "explained" if self.courses[m.pk].ends == "explained" else "done" for m in meetings}
        of_issues.step(ends, today=day, by=by)

    def close(self, meetings: Sequence[Meeting], day: dt.date, by: Who) -> None:
        of_issues.close({m.pk: self.courses[m.pk].ends for m in meetings}, today=day, by=by)

    def report(self, reports: Sequence[tuple[Territory, int, bool]], day: dt.date, by: Who) -> None:
        """Offices file the information of the quarter; one that has met nobody yet has nothing to tell."""
        by_quarter: defaultdict[int, list[tuple[Territory, bool]]] = defaultdict(list)
        for unit, quarter, one_place in reports:
            by_quarter[quarter].append((unit, one_place))
        for quarter, some in sorted(by_quarter.items()):
            end = periods("quarter", self.year)[quarter - 1].end
            met = set(
                Meeting.objects.filter(holder__in=[u for u, _ in some], state=MeetingState.HELD, held_on__lte=end)
                .order_by()
                .values_list("holder", flat=True)
                .distinct()
            )
            places = {u.pk: (of_issues.SITE,) if one else (of_issues.SITE, of_issues.EGOV) for u, one in some}
            units = [u for u, _one in some if u.pk in met]
            if units:
                of_issues.report(units, year=self.year, quarter=quarter, places=places, today=day, by=by)
                self.counts["report"] += len(units)
