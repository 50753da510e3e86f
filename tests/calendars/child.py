"""An import in a process of its own, for tests that kill it: `python -m tests.calendars.child WORD JOB`.

Reads DATABASE_URL, VAR_DIR and FAILPOINT from the environment. Prints what the calendar holds afterwards.
"""

import datetime as dt
import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from calendars.models import ImportJob, Meeting, MeetingTarget, Step  # noqa: E402
from calendars.services import importing  # noqa: E402
from journal.models import Entry  # noqa: E402
from territories.scope import clock  # noqa: E402

TODAY = dt.date(2026, 11, 21)


def state(pk: int) -> dict:
    job = ImportJob.objects.get(pk=pk)
    return {
        "state": job.state,
        "attempts": job.attempts,
        "rows": len(job.rows),
        "meetings": Meeting.objects.count(),
        "targets": MeetingTarget.objects.count(),
        "steps": Step.objects.count(),
        "entries": Entry.objects.filter(action__in=["meeting.planned", "calendar.imported"]).count(),
    }


if __name__ == "__main__":
    word, pk = sys.argv[1], int(sys.argv[2])
    if word == "read":
        importing.read(pk, today=TODAY)
    elif word == "commit":
        importing.commit(ImportJob.objects.get(pk=pk), by=clock("import_calendar"))
    print(json.dumps(state(pk)))
