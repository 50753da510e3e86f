"""Settings of the processes under fault: those of production, with waits cut short and failpoints allowed.

What an hour decides in an office is decided here within seconds, in the same proportions: a lease is
twice the time of a letter, doubt waits longer than the relay keeps an idle connection.
"""

import json
import os

from akim_meetings.settings import *  # noqa: F403
from akim_meetings.settings import OUTBOX

FAILPOINTS_ALLOWED = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECOND_FACTOR_REQUIRED = False
OUTBOX = {
    **OUTBOX,
    "step_seconds": 1.5,
    "final_seconds": 1.5,
    "total_seconds": 4,
    "lease_seconds": 8,
    "doubt_wait_seconds": 6,
    "budget_seconds": 10,
    "retry_seconds": (1, 4),
    "relay_fault_seconds": (1, 4),
    "relay_limit_seconds": (1, 4),
    **json.loads(os.environ.get("FAULTS_OUTBOX", "{}")),
}
