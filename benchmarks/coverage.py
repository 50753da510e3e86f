"""Coverage of the nation from 60,000 meetings: one statement beside a query per pair.

    DATABASE_URL=postgres://user@127.0.0.1:5432/postgres python -m benchmarks.coverage

Marks: at least 200 times faster than a query per pair; one oblast within a quarter of the nation's time.
The query per pair is run for every tenth cell and multiplied.
"""

from __future__ import annotations

import datetime as dt

from benchmarks import frame

YEARS = (2027, 2026, 2028, 2025)
MEETINGS = 60_000
EVERY = 10


def fill() -> int:
    """Whole plans of the nation, year by year, until there are 60,000 meetings."""
    from calendars import demo
    from calendars.models import Meeting
    from territories.models import Territory
    from territories.scope import clock

    regions = list(Territory.objects.regions().filter(valid_to=None))
    for year in YEARS:
        for region in regions:
            if Meeting.objects.count() >= MEETINGS:
                break
            demo.fill(region, year, share=1.0, seed=826, by=clock("benchmark"))
    Meeting.objects.filter(date__lt=dt.date(2027, 6, 1)).update(state="held")
    frame.analyze()
    return Meeting.objects.count()


def main() -> None:
    with frame.database("akim_benchmark_coverage"):
        from calendars import coverage
        from calendars.models import MeetingTarget
        from law.periods import period_from
        from territories.models import Territory

        frame.load_classifier()
        meetings = fill()
        regions = list(Territory.objects.regions().filter(valid_to=None))
        oblast = [region for region in regions if region.code == "610000000"]
        cells = coverage.cells(regions, 2027)

        def per_pair() -> None:
            for cell in cells[::EVERY]:
                period = period_from(cell.period)
                MeetingTarget.objects.filter(
                    holder=cell.holder_id,
                    target=cell.target_id,
                    at_place=True,
                    meeting__state__in=("planned", "held"),
                    meeting__date__range=(period.start, period.end),
                ).count()

        peer = frame.seconds(per_pair, runs=3) * len(cells) / len(cells[::EVERY])

        def counted(work) -> float:
            """Seconds of counting anew: what pages keep until something changes is forgotten each time."""

            def anew() -> None:
                coverage.made.clear()
                work()

            return frame.seconds(anew, runs=15)

        nation = counted(lambda: coverage.totals(regions, 2027))
        one = counted(lambda: coverage.totals(oblast, 2027))
        board = counted(lambda: coverage.cells(oblast, 2027))
        frame.table(
            f"Coverage of 2027: {len(cells)} cells, {meetings} meetings in {len(YEARS)} years",
            [
                ("a query per pair, nation", f"{peer:.2f} s", "peer"),
                ("one statement, nation", f"{nation * 1000:.1f} ms", f"{peer / nation:.0f} times faster (mark 200)"),
                ("one statement, Turkistan", f"{one * 1000:.1f} ms", f"{one / nation:.2f} of the nation (mark 0.25)"),
                ("the board of Turkistan, 2,005 cells", f"{board * 1000:.1f} ms", ""),
            ],
        )


if __name__ == "__main__":
    main()
