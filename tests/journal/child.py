"""A worker in a process of its own, for tests that kill it: `python -m tests.journal.child WORD [N]`.

Reads DATABASE_URL, FAILPOINT and OUTBOX (JSON) from the environment.
"""

import json
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django
from django.conf import settings

django.setup()
settings.OUTBOX = json.loads(os.environ["OUTBOX"])

from journal.delivery import drain, reap  # noqa: E402
from journal.models import Notice  # noqa: E402


def recover(seconds: float) -> None:
    """What beat would do after the crash, until nothing is open; then print what became of the letters."""
    ends = time.monotonic() + seconds
    while Notice.objects.filter(state__in=Notice.OPEN).exists() and time.monotonic() < ends:
        reap()
        drain()
        time.sleep(0.1)
    dump()


def dump() -> None:
    rows = [
        {
            "message_id": notice.message_id,
            "state": notice.state,
            "resolved_by": notice.resolved_by,
            "history": [attempt.outcome for attempt in notice.history.all()],
        }
        for notice in Notice.objects.order_by("pk").prefetch_related("history")
    ]
    print(json.dumps(rows))


if __name__ == "__main__":
    word, *rest = sys.argv[1:]
    if word == "drain":
        print("drained", dict(drain()), flush=True)
    elif word == "recover":
        recover(float(rest[0]))
    else:
        sys.exit(2)
