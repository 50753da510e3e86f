"""One sweep of the ledger over 60,000 meetings of a year beside get_or_create per duty, and repeated at once.

    DATABASE_URL=postgres://user@127.0.0.1:5432/postgres python -m benchmarks.sweep

Marks: the first run at least 300 times faster than get_or_create for each duty; the repeat writes nothing and takes
at most 3 times its own SELECT, which reads every fact and every duty. The loop is run for a sample of the meetings
and multiplied; it counts each duty's dates by the same functions, as a loop must. It is run twice: as Django commits
where nobody asks for more, each duty by itself, and all in one transaction, which spares it half a million commits.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks import frame, reminding

YEAR, MEETINGS, SAMPLE, RUNS = 2027, 60_000, 100, 5
#: As of this day a month is played and the checklists of two more are open.
TODAY = dt.date(2027, 2, 1)


def fill() -> int:
    """The nation's whole plan of the year, then the same rows again on other days, until there are 60,000."""
    from calendars import demo
    from calendars.models import Meeting
    from territories.models import Territory
    from territories.scope import clock

    for region in Territory.objects.regions().filter(valid_to=None):
        calendar, _count = demo.fill(region, YEAR, share=1.0, seed=826, by=clock("benchmark"))
        demo.play(calendar, until=TODAY, seed=826)
    multiply()
    frame.analyze()
    return Meeting.objects.count()


def multiply() -> None:
    """The same rows again on other days, one in twenty outside the calendar."""
    from django.db import connection

    from calendars.models import Meeting

    columns = ", ".join(
        field.column
        for field in Meeting._meta.concrete_fields
        if field.column not in ("id", "number", "date", "state", "off_calendar")
    )
    with connection.cursor() as cursor:
        for copy in range(1, 9):
            left = MEETINGS - Meeting.objects.count()
            if left <= 0:
                break
            cursor.execute(
                f"INSERT INTO calendars_meeting (number, date, state, off_calendar, {columns})"
                f" SELECT number + {copy * 100_000}, DATE '{YEAR}-01-01' + ((EXTRACT(doy FROM date)::int + {copy * 41})"
                f" %% 364), state, number %% 20 = 0, {columns} FROM calendars_meeting WHERE number < 100000"
                " AND state = 'planned' ORDER BY id LIMIT %s",
                [left],
            )
        cursor.execute(
            "INSERT INTO calendars_meetingtarget (meeting_id, holder_id, target_id, at_place)"
            " SELECT id, holder_id, place_id, true FROM calendars_meeting WHERE number >= 100000"
        )


def loop() -> int:
    """What is usually written: for each meeting and each of its rules count the day, then get or create the duty.

    It commits as whoever calls it does; answers how many duties it made.
    """
    from calendars.duties import meetings as lines
    from calendars.models import Meeting
    from deadlines.ids import Subject, duty_id
    from deadlines.models import Counting, Duty
    from deadlines.readings import readings_of
    from law import workdays
    from law.deadlines import dates
    from law.register import rule

    first_day = dt.date(YEAR, 1, 1)
    made = 0
    rows = Meeting.objects.filter(state__in=("planned", "held"), date__lte=TODAY + lines.CHECKLIST_AHEAD)
    for meeting in rows.select_related("holder", "calendar").order_by("pk")[:SAMPLE]:
        readings = readings_of(meeting.calendar.region_id, first_day)
        week = meeting.holder.kind in rule(lines.ONE_WEEK, first_day).bound.akims
        announce = lines.ONE_WEEK if week else lines.TWO_WEEKS
        for rule_id in (announce, *lines.RESULTS, *lines.CHECKLIST):
            wording = rule(rule_id, first_day)
            anchors = {"meeting.date": meeting.date, "meeting.end_date": meeting.held_on or meeting.date}
            found = dates(wording, anchors, readings, workdays)
            counting, _new = Counting.objects.get_or_create(
                wording=wording.key,
                readings="",
                day=meeting.date if found.due_on else Counting.NO_DAY,
                other_day=Counting.NO_DAY,
                number=0,
                defaults={
                    "safe_on": found.safe_on,
                    "due_on": found.due_on,
                    "late_after": found.late_after,
                    "derivation": [step.as_data() for step in found.derivation],
                },
            )
            Duty.objects.get_or_create(
                id=duty_id(Subject.MEETING, meeting.pk, rule_id),
                defaults={
                    "rule_id": rule_id,
                    "year": YEAR,
                    "debtor_id": meeting.holder_id,
                    "region_id": meeting.calendar.region_id,
                    "counting": counting,
                    "due_on": found.due_on,
                    "late_after": found.late_after,
                    "opened_on": TODAY,
                },
            )
            made += 1
    return made


def main() -> None:
    with frame.database("akim_benchmark_sweep"):
        from django.conf import settings
        from django.db import connection, transaction
        from django.utils.module_loading import import_string

        from deadlines.models import Counting, Duty
        from deadlines.services import bring_in_line
        from deadlines.services.statement import statement

        frame.load_classifier()
        meetings = fill()

        def together() -> int:
            with transaction.atomic():
                return loop()

        def sweep() -> None:
            with transaction.atomic():
                bring_in_line(TODAY, [YEAR])

        def fresh(work: Callable[[], Any]) -> tuple[float, Any]:
            """Seconds of some work on an empty ledger, and its answer."""
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE deadlines_duty, deadlines_counting CASCADE")
            begun = time.perf_counter()
            answer = work()
            return time.perf_counter() - begun, answer

        made = loop()
        # By turns, so that other work on the machine meets all alike.
        runs = [[fresh(work)[0] for work in (loop, together, sweep)] for _run in range(RUNS)]
        each, at_once, first = (statistics.median(times) for times in zip(*runs, strict=True))
        duties, countings = Duty.objects.count(), Counting.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE deadlines_duty, deadlines_counting")

        told = [item for name in settings.DUTY_SOURCES for item in import_string(name)(TODAY, [YEAR])]
        stated = statement([(0, item) for item in told])

        def select() -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT COUNT(*), COUNT(c.id), COUNT(d.id) FROM ({stated.sql}) f"
                    " LEFT JOIN deadlines_counting c ON c.wording = f.wording AND c.readings = f.readings"
                    " AND c.day = f.day AND c.other_day = f.other_day AND c.number = f.number"
                    " LEFT JOIN deadlines_duty d ON d.id = f.id",
                    stated.params,
                )
                cursor.fetchall()

        own = frame.seconds(select)
        again = frame.seconds(sweep)
        with transaction.atomic():
            counts = bring_in_line(TODAY, [YEAR])
        written = sum(vars(counts).values())
        peer, spared = (seconds / made * duties for seconds in (each, at_once))
        frame.table(
            f"Sweep of {YEAR}: {duties} duties of {meetings} meetings, {countings} countings",
            [
                (
                    f"get_or_create, {made} duties run and multiplied",
                    f"{peer:.0f} s",
                    f"{each / made * 1000:.2f} ms each",
                ),
                ("the same in one transaction", f"{spared:.0f} s", f"{at_once / made * 1000:.2f} ms each"),
                (
                    f"first sweep (median of {RUNS})",
                    f"{first:.2f} s",
                    f"{peer / first:.0f} times faster (mark 300); than one transaction {spared / first:.0f} times",
                ),
                ("its own SELECT", f"{own:.2f} s", ""),
                ("repeated at once", f"{again:.2f} s", f"{again / own:.2f} of its SELECT (mark 3), {written} rows"),
            ],
        )
        reminding.measure(TODAY)


if __name__ == "__main__":
    main()
