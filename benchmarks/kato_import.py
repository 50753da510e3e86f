"""Loading the classifier of 15,594 rows beside reading the file with csv and inserting its rows in bulk.

    DATABASE_URL=postgres://user@127.0.0.1:5432/postgres python -m benchmarks.kato_import

Mark: at most 10 times. Loading tells kinds and parents, fills paths, search and order, keeps the state of
each unit, makes 2,820 offices and maslikhats and writes the journal; the peer only inserts the rows.
"""

from __future__ import annotations

import csv

from benchmarks import frame


def main() -> None:
    with frame.database("akim_benchmark_kato"):
        from django.db import connection, transaction

        from territories.kato.reading import read
        from territories.models import Territory
        from territories.scope import clock
        from territories.services.editions import load_edition

        def in_a_transaction(work) -> float:
            """Median of runs that are each undone, so that every run meets the same empty tables."""

            def once() -> None:
                with transaction.atomic():
                    work()
                    transaction.set_rollback(True)

            return frame.seconds(once)

        def peer() -> None:
            with frame.CLASSIFIER.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            Territory.objects.bulk_create(
                Territory(code=row["kato"], kind="village", name_ru=row["name_ru"], name_kk=row["name_kk"])
                for row in rows
            )

        def ours() -> None:
            table = read(frame.CLASSIFIER.read_bytes(), frame.CLASSIFIER.name)
            load_edition(table, by=clock("benchmark"))

        inserted, loaded = in_a_transaction(peer), in_a_transaction(ours)
        connection.close()
        frame.table(
            "Loading the classifier, 15,594 rows (medians of 5)",
            [
                ("csv and bulk_create", f"{inserted:.2f} s", ""),
                ("import_kato", f"{loaded:.2f} s", f"{loaded / inserted:.1f} times; mark: at most 10"),
            ],
        )


if __name__ == "__main__":
    main()
