"""Through the days of a year: the offices, the letters, the bodies, and the sweep of each day."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, connections, transaction

from deadlines.services import sweep
from journal.models import Notice
from territories.models import Territory
from territories.scope import clock

from .bodies import prove
from .course import DAY
from .offices import Offices
from .regions import Region, reviewer

NAME = "simulate_year"
#: Once in so many days a sweep of the replay looks at everything, else at what has moved.
FULL_EACH = 31
#: Days of the year after which the database looks anew at how much there is.
ANALYZED = (10, 25, 60, 120, 240)
#: What a sweep writes of duties.
WRITTEN = ("opened", "redated", "met", "dropped", "reopened")
#: Hours of a day in the replay: offices work, letters leave, the sweep follows.
OFFICE, POST, NIGHT = 10, 18, 21
#: The day of the year before on which calendars are planned.
PLANNED = (12, 20)


def at(day: dt.date, hour: int) -> dt.datetime:
    """An instant of the replay, on a civil day of Kazakhstan."""
    return dt.datetime.combine(day, dt.time(hour), ZoneInfo(settings.TIME_ZONE))


class Part:
    """Some regions of the replay, which one process plays."""

    def __init__(self, codes: Sequence[str], year: int, seed: int) -> None:
        self.offices = Offices(year, seed)
        units = Territory.objects.regions().filter(code__in=codes, valid_to=None).order_by("code")
        self.regions = [Region(unit, year, seed, self.offices) for unit in units]
        self.year = year

    def plan(self) -> int:
        moment = at(dt.date(self.year - 1, *PLANNED), OFFICE)
        return sum(region.plan(moment) for region in self.regions)

    def play(self, day: dt.date) -> Counter:
        """One day; answers what was done on it, by verb."""
        before = Counter(self.offices.counts)
        for region in self.regions:
            region.play(day, at(day, OFFICE))
        self.offices.play(day, clock(NAME, at(day, OFFICE)))
        return Counter(self.offices.counts) - before


class Elsewhere:
    """A part that another process plays; asked and answered over a pipe."""

    def __init__(self, codes: Sequence[str], year: int, seed: int) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.get_context("fork").Process(
            target=serve, args=(theirs, codes, year, seed), daemon=True
        )
        self.process.start()
        theirs.close()

    def ask(self, day: dt.date | None) -> None:
        """Plan (None) or play a day; the answer is fetched by `answer`."""
        self.pipe.send(day)

    def answer(self):
        found = self.pipe.recv()
        if isinstance(found, Exception):
            raise found
        return found

    def end(self) -> int:
        """Let the process go; answers its peak of memory in MB."""
        self.pipe.send("end")
        peak = self.pipe.recv()
        self.process.join()
        return peak


def serve(pipe: Connection, codes: Sequence[str], year: int, seed: int) -> None:
    """The other process: plays what it is asked until the end."""
    connections.close_all()
    unhurried()
    try:
        part = Part(codes, year, seed)
        while (day := pipe.recv()) != "end":
            pipe.send(part.plan() if day is None else part.play(day))
    except Exception as error:
        pipe.send(RuntimeError(f"{type(error).__name__}: {error}"))
        raise
    pipe.send(peak_memory())
    connections.close_all()


@dataclass
class Played:
    """What a replay did: meetings planned, verbs done, what the sweeps changed; peaks of memory in MB of the other
    processes that played."""

    meetings: int = 0
    done: Counter = field(default_factory=Counter)
    swept: Counter = field(default_factory=Counter)
    proved: int = 0
    #: What the sweep of everything at the end still had to write after that of the last day: nothing.
    missed: int = 0
    last: dt.date | None = None
    peaks: list[int] = field(default_factory=list)


def replay(
    codes: Sequence[str],
    year: int,
    *,
    seed: int,
    until: dt.date,
    processes: int = 1,
    sweep_every: int = 1,
    full_each: int = FULL_EACH,
    tell: Callable[[dt.date, Played], None] = lambda day, played: None,
) -> Played:
    """Play the year of the regions with these codes, day by day up to `until`; `tell` hears of every day.

    More than one process needs PostgreSQL; the regions are dealt out by the size of their trees. The sweep is one;
    it runs each day, or every so many days as after a standstill (`sweep_every`), and always on the last day. It looks
    at the meetings that have moved, and once in `full_each` days at all of them.
    """
    played = Played()
    unhurried()
    analyze()
    if processes == 1:
        part = Part(codes, year, seed)
        played.meetings = part.plan()
        parts: list[Elsewhere] = []
    else:
        dealt = deal(codes, processes)
        reviewer()
        connections.close_all()
        parts = [Elsewhere(some, year, seed) for some in dealt]
        # The sweep's own connection is a new one now.
        unhurried()
        for other in parts:
            other.ask(None)
        played.meetings = sum(other.answer() for other in parts)
    for other in parts:
        other.ask(dt.date(year, 1, 1))
    day = dt.date(year, 1, 1)
    while day <= until:
        found = [other.answer() for other in parts] or [part.play(day)]
        for counts in found:
            played.done += counts
        played.proved += prove(day, seed=seed, by=clock(NAME, at(day, OFFICE)))
        post(day)
        if (day - dt.date(year, 1, 1)).days in ANALYZED:
            analyze()
        with evening():
            if day < until:
                for other in parts:
                    other.ask(day + DAY)
            if (until - day).days % sweep_every == 0:
                played.swept += swept(day, year, full_each=full_each)
        played.last = day
        tell(day, played)
        day += DAY
    played.missed = sum(swept(until, year, full_each=0)[name] for name in WRITTEN)
    post(until)
    played.peaks = [other.end() for other in parts]
    return played


@contextmanager
def evening():
    """What the sweep of a day sees, whatever the next day, which other processes begin meanwhile, writes."""
    with transaction.atomic():
        if connection.vendor == "postgresql" and not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
        yield


def swept(day: dt.date, year: int, *, full_each: int) -> Counter:
    """The sweep of a day; answers what it changed."""
    counts = sweep(day, [year], full_each=full_each)
    if counts is None:
        raise RuntimeError("Another sweep is at work in this database.")
    return Counter({name: value for name, value in vars(counts).items() if isinstance(value, int)})


def deal(codes: Sequence[str], hands: int) -> list[list[str]]:
    """The regions in so many heaps of about equally many units with an akim."""
    sizes = {
        code: Territory.objects.filter(code__startswith=code[:2], own_akim=True, valid_to=None).count()
        for code in codes
    }
    heaps: list[list[str]] = [[] for _ in range(hands)]
    for code in sorted(codes, key=lambda code: (-sizes[code], code)):
        min(heaps, key=lambda heap: sum(sizes[c] for c in heap)).append(code)
    return [heap for heap in heaps if heap]


def post(day: dt.date) -> int:
    """The replay's own postman takes all letters: nothing leaves the machine."""
    waiting = Notice.objects.filter(state=Notice.State.PENDING)
    return waiting.update(state=Notice.State.SENT, sent_at=at(day, POST))


def analyze() -> None:
    """The tables have grown tenfold since the planner of the database looked at them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Ours by name: catalogues that databases share may be locked for long by somebody else.
            tables = ", ".join(connection.ops.quote_name(name) for name in connection.introspection.table_names())
            cursor.execute(f"ANALYZE {tables}")


def unhurried() -> None:
    """A replay that is cut off begins anew: its commits need not wait for the disk."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")


def peak_memory(of: int = resource.RUSAGE_SELF) -> int:
    """Peak of this process, or of the largest of those it waited for, in MB (ru_maxrss is in KB on Linux)."""
    return resource.getrusage(of).ru_maxrss // 1024
