"""The settings of an office on PostgreSQL, with two addresses more and without the second factor.

Where files lie, the key and the database come from the environment, as in an office. `BENCHMARK_DAY` is the civil day
on which everything happens: the clock of the program runs so much ahead, in every process alike.
"""

import datetime as dt
import os
from zoneinfo import ZoneInfo

from django.utils import timezone

from akim_meetings.settings import *  # noqa: F403

DEBUG = False
ROOT_URLCONF = "benchmarks.trivial_urls"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
SECOND_FACTOR_REQUIRED = False
# Sessions are made once for a run of an hour; nobody types his password again in between.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 86_400
# As in an office, but not compressed: nobody fetches these files here.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
if _DAY := os.environ.get("BENCHMARK_DAY"):
    _AHEAD = dt.date.fromisoformat(_DAY) - dt.datetime.now(ZoneInfo(TIME_ZONE)).date()  # noqa: F405
    timezone.now = lambda: dt.datetime.now(dt.UTC) + _AHEAD
