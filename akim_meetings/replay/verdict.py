"""The ledger in a form that does not depend on ids, and what the separate checker says of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from akim_meetings.ledger_dump import dump
from calendars.models import CalendarVersion, Meeting
from deadlines import ids
from deadlines.ids import Subject
from deadlines.models import Counting, Duty
from issues.models import Demand
from territories.models import Organisation, Territory


@dataclass(frozen=True)
class Verdict:
    """How many duties the checker compared, how many differences it found, and the first of them in its words."""

    duties: int
    differences: int
    words: str


def recount(today: dt.date, years: Sequence[int], folder: Path | None = None) -> Verdict:
    """Write the raw events and the ledger as files and let `python -m checker` recount the one from the other."""
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="ledger-") as name:
            return recount(today, years, Path(name))
    counts = dump(folder, today=today, years=years)
    asked = [sys.executable, "-m", "checker", str(folder), "--most", "20"]
    found = subprocess.run(asked, capture_output=True, text=True, cwd=settings.BASE_DIR, check=False)  # noqa: S603
    if found.returncode not in (0, 1) or found.stderr:
        raise RuntimeError(found.stderr or found.stdout)
    last = found.stdout.strip().splitlines()[-1]
    differences = 0 if found.returncode == 0 else int(last.split()[0])
    return Verdict(counts["duties"], differences, found.stdout.strip())


def digest(years: Sequence[int]) -> str:
    """SHA-256 of the ledger's lines: equal for two replays of one seed, whatever their ids are."""
    found = hashlib.sha256()
    for line in sorted(lines(years)):
        found.update(line.encode())
    return found.hexdigest()


def lines(years: Sequence[int]) -> Iterator[str]:
    """Each duty by the codes of its units and the numbers of its meetings, with its days and how it was met."""
    codes: dict[int | None, str] = dict(Territory.objects.values_list("pk", "code"))
    bodies: dict[int | None, str] = dict(Organisation.objects.values_list("pk", "key"))
    meetings = Meeting.objects.values_list("pk", "calendar__region_id", "calendar__year", "number")
    versions = CalendarVersion.objects.values_list("pk", "calendar__region_id", "calendar__year", "number")
    demands = Demand.objects.values_list("pk", "unit_id", "received_on", "meeting__number")
    numbered = {
        kind: {pk: f"{codes[region]}-{year}-{number}" for pk, region, year, number in rows.iterator(5000)}
        for kind, rows in ((Subject.MEETING, meetings), (Subject.VERSION, versions), (Subject.DEMAND, demands))
    }
    names = {**numbered, Subject.CALENDAR: codes, Subject.AKIM: codes, Subject.BODY: bodies}
    countings = dict(Counting.objects.values_list("pk", "wording"))
    columns = ("due_on", "late_after", "opened_on", "met_on", "noted_on", "met_by", "trace")
    rows = Duty.objects.filter(year__in=years).values_list(
        "pk", "rule_id", "counting_id", "debtor_id", "body_id", "cancelled_at", *columns
    )
    for pk, rule, counting, debtor, body, cancelled, *values in rows.iterator(5000):
        part = ids.parts(pk)
        subject = names.get(part.kind, {}).get(part.subject_id, f"{part.kind}")
        who = codes.get(debtor) or bodies.get(body)
        told = [rule, countings[counting], subject, part.period, who, cancelled is not None, *values]
        yield "|".join(str(value) for value in told) + "\n"
