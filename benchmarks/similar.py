"""What was asked before, among 500,000 requests: how long it takes, what it finds, how often it cries wolf.

    DATABASE_URL=postgres://root@127.0.0.1:5432/postgres python -m benchmarks.similar [--rows 500000] [--asked 200]

Makes a database of its own and drops it: twenty regions of ten raions with twelve offices each, so some two
hundred requests an office and two and a half thousand a raion. Texts (`benchmarks/requests.py`) are made of streets,
troubles, times and wishes in Kazakh and Russian. Measured with the rows read from PostgreSQL, through the querysets of
the pages. Marks: median 2 ms within the unit, 15 ms within the raion; recall at 10 of planted doubles 0.97.

The search knows a list of concepts in both languages; how many words of the texts stand in it is printed, and recall
and false alarms are counted once more with a part of the list withheld, as if nobody had thought of those words.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator

from . import requests as told_by
from .frame import analyze, database, table

SEED = 826
REGIONS, RAIONS, OFFICES = 20, 10, 12
PLANTS: dict[str, Callable[[told_by.Told, random.Random], str]] = {
    "changed spelling": told_by.spelled,
    "word order": told_by.shuffled,
    "Latin look-alikes": told_by.latin,
    "mixed: when and what is wished in the other language": told_by.mixed,
    "mixed: what is wrong in the other language": told_by.in_other_words,
    "wholly in the other language (no mark)": told_by.translated,
}
#: Share of the concepts that are taken away for the second look at mixed language.
WITHHELD = 0.3
#: So many texts are made; a greater table has them again, so many offices further on, forty raions away.
TEXTS, FAR = 100_000, 40 * OFFICES - 1
#: Doubles are planted in so many raions; the other rows are there to be passed over.
FEW_RAIONS = 8


def tree() -> tuple[list, list]:
    """Offices and raions of a country made up for this."""
    from territories.models import Kind
    from tests.factories import unit

    offices, raions = [], []
    for r in range(REGIONS):
        region = unit(f"R{r}", Kind.OBLAST, own_akim=True, code=f"{10 + r}0000000")
        for n in range(RAIONS):
            raion = unit(f"R{r}-{n}", Kind.RAION, region, own_akim=True)
            raions.append(raion)
            offices += [unit(f"R{r}-{n}-{m}", Kind.OKRUG, raion, own_akim=True) for m in range(OFFICES)]
    return offices, raions


def office_of(number: int, offices: list):
    """The office that has the request of this number: in turn, and each further time far from where it was before."""
    time_round, first = divmod(number, TEXTS)
    return offices[(first + time_round * FAR) % len(offices)]


def rows(offices: list, count: int) -> Iterator:
    """The first requests of the table, the same each time."""
    from issues.models import Request
    from issues.similar import compared, raion_of

    day = dt.date(2026, 1, 1)
    for number, one in zip(range(count), told(), strict=False):
        office, text = office_of(number, offices), one.text()
        yield Request(
            unit=office, region_id=office.region_id, raion_id=raion_of(office), place=office, source="letter",
            received_on=day + dt.timedelta(days=number % 330), text=text, classification="question", **compared(text),
        )  # fmt: skip


def told() -> Iterator[told_by.Told]:
    rng = random.Random(SEED)
    while True:
        yield told_by.told(rng)


def fill(offices: list, count: int) -> None:
    from itertools import islice

    from issues.models import Request

    made = rows(offices, min(count, TEXTS))
    while batch := list(islice(made, 5000)):
        Request.objects.bulk_create(batch, batch_size=5000)
    for time_round in range(1, -(-count // TEXTS)):
        ask_elsewhere(offices, time_round, min(count - time_round * TEXTS, TEXTS))


def ask_elsewhere(offices: list, time_round: int, count: int) -> None:
    """The same texts once more, in offices of other raions: made by the database, which is many times faster."""
    from django.db import connection

    from issues.models import Request
    from issues.similar import raion_of

    moved = [offices[(place + time_round * FAR) % len(offices)] for place in range(len(offices))]
    to = {"unit_id": "o.unit", "place_id": "o.unit", "raion_id": "o.raion", "region_id": "o.region"}
    to["code"] = f"'{time_round}' || upper(substr(md5(r.code), 1, 9))"
    columns = [f.column for f in Request._meta.concrete_fields if not f.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO issues_request ({", ".join(columns)})
            SELECT {", ".join(to.get(column, f"r.{column}") for column in columns)}
            FROM (SELECT * FROM issues_request ORDER BY id LIMIT %s) r
            JOIN unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) o (was, unit, raion, region)
                ON o.was = r.unit_id
            ORDER BY r.id
            """,
            [count, [o.pk for o in offices], [o.pk for o in moved], [raion_of(o) for o in moved],
             [o.region_id for o in moved]],
        )  # fmt: skip


def milliseconds(works: list[Callable[[], object]]) -> tuple[str, str]:
    """Median of wall-clock milliseconds, each work done once; 95th percentile and this process's own time in words."""
    taken, worked = [], time.process_time()
    for work in works:
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    worked = (time.process_time() - worked) * 1000 / len(works)
    taken.sort()
    most = taken[int(len(taken) * 0.95)]
    return (
        f"{statistics.median(taken):.2f} ms",
        f"95 %: {most:.2f} ms; {worked:.2f} ms of the processor without the database",
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--asked", type=int, default=200)
    options = parser.parse_args()
    with database("akim_bench_similar"):
        measure(options.rows, options.asked)


def measure(count: int, asked: int) -> None:
    from itertools import islice

    from django.db import connection

    from issues.concepts import sketch
    from issues.models import Request
    from issues.similar import (
        FAR_SKETCH,
        NEAR_CUTOFF,
        NEAR_SKETCH,
        alike,
        circles_around,
        fold,
        raion_of,
        requests_in,
        similar_requests,
    )
    from territories.models import Role
    from territories.scope import Who
    from tests.factories import post

    offices, raions = tree()
    fill(offices, count)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM issues_request")  # as the server does by itself
    analyze()
    rng = random.Random(SEED + 1)
    staff = {}

    def who(unit) -> Who:
        if unit.pk not in staff:
            held = post(Role.OFFICE_STAFF, unit)
            staff[unit.pk] = Who(user=held.user, post=held)
        return staff[unit.pk]

    of_raion = {raion.pk: raion for raion in raions}
    chosen = [rng.choice(offices) for _ in range(asked)]
    texts = [told_by.told(rng).text() for _ in chosen]

    def in_unit(text: str, office) -> list[tuple[int, float]]:
        return alike(fold(text), requests_in(circles_around(office)[0], who(office)))

    def in_raion(text: str, office) -> list[tuple[int, float]]:
        return alike(fold(text), requests_in(circles_around(office)[1], who(of_raion[raion_of(office)])))

    circles = (("unit", in_unit), ("raion", in_raion))
    for office in chosen:
        who(office), who(of_raion[raion_of(office)])
    pairs = list(zip(texts, chosen, strict=True))
    for text, office in pairs[:20]:  # warm
        in_unit(text, office), in_raion(text, office)
    unit_ms = milliseconds([lambda t=t, o=o: in_unit(t, o) for t, o in pairs])
    raion_ms = milliseconds([lambda t=t, o=o: in_raion(t, o) for t, o in pairs])
    whole_ms = milliseconds([lambda t=t, o=o: similar_requests(t, unit=o, who=who(o)) for t, o in pairs])
    marks = [
        ("within the unit, median", unit_ms[0], f"mark 2 ms; {unit_ms[1]}"),
        ("within the raion, median", raion_ms[0], f"mark 15 ms; {raion_ms[1]}"),
        ("all circles of an okrug's staff, median", *whole_ms),
    ]
    table(f"Similar requests among {count:,} rows, load {os.getloadavg()[0]:.0f}", marks)

    few = {office.pk for office in offices[: FEW_RAIONS * OFFICES]}
    numbers = rng.sample([n for n in range(count) if office_of(n, offices).pk in few], asked)
    pairs = [(text, rng.choice(offices[: FEW_RAIONS * OFFICES])) for text in texts]
    ones = dict(zip(range(min(count, TEXTS)), told(), strict=False))
    ids = list(islice(Request.objects.order_by("pk").values_list("pk", flat=True), count))

    def look(title: str) -> None:
        found: dict[str, list[bool]] = {}
        for number in numbers:
            for name, plant in PLANTS.items():
                double = plant(ones[number % TEXTS], rng)
                for place, search in circles:
                    hits = [hit for hit, _score in search(double, office_of(number, offices))]
                    found.setdefault(f"{name}, within the {place}", []).append(ids[number] in hits)
        said, known = told_by.share_listed()
        lines = [(name, f"{sum(hits) / len(hits):.3f}", f"of {len(hits)}; mark 0.97") for name, hits in found.items()]
        table(f"Recall at 10 of planted doubles, {title}: {known} of {said} words known", lines)
        alarms = [(f"within the {place}", [len(search(*pair)) for pair in pairs]) for place, search in circles]
        least = f"at likeness {NEAR_CUTOFF:.0f}, by sketch {NEAR_SKETCH:.0f} and {FAR_SKETCH:.0f}, 10 shown at most"
        lines = [(place, f"{statistics.mean(counts):.2f}", f"a text, {least}") for place, counts in alarms]
        table("Suggestions for a new text that nobody asked before", lines)

    look("the whole list")
    withhold(random.Random(SEED))
    rows = list(Request.objects.filter(unit__in=few))
    for row in rows:
        row.sketch = sketch(row.folded)
    Request.objects.bulk_update(rows, ["sketch"], batch_size=2000)
    look(f"{WITHHELD:.0%} of the concepts withheld")


def withhold(rng: random.Random) -> None:
    """The list without some of its concepts, for this process."""
    from issues import concepts

    with concepts.LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    gone = rng.sample(sorted({row["concept"] for row in rows}), int(len(rows) * WITHHELD))
    left = concepts.read(row for row in rows if row["concept"] not in gone)
    concepts.words = lambda: left  # type: ignore[assignment]
    concepts.things.cache_clear()
    concepts.code_of.cache_clear()


if __name__ == "__main__":
    main()
