"""The Celery app and the whole timetable of beat.

Intervals only: every entry wakes an idempotent sweep that asks the database what is true now, so
a tick that is lost, late or doubled changes nothing. An entry expires before it could pile up.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "akim_meetings.settings")

app = Celery("akim_meetings", task_cls="akim_meetings.tasks:KeptTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["akim_meetings", "journal", "territories", "deadlines", "calendars", "issues", "reporting"])


def every(seconds: float, task: str) -> dict:
    """A timetable entry that is dropped when no worker took it within three intervals."""
    return {"task": task, "schedule": seconds, "options": {"expires": 3 * seconds}}


app.conf.beat_scheduler = "akim_meetings.timetable:Ticker"
app.conf.beat_schedule = {
    "drain": every(2, "journal.tasks.drain"),
    "reap": every(5, "journal.tasks.reap"),
    "load_waiting": every(15, "territories.tasks.load_waiting"),
    "read_waiting": every(15, "calendars.tasks.read_waiting"),
    "tidy": every(3600, "akim_meetings.tasks.tidy"),
    "seal": every(60, "journal.tasks.seal"),
    "forget_answers": every(3600, "journal.tasks.forget_answers"),
    "forget": every(3600, "issues.tasks.forget"),
    "look": every(600, "issues.tasks.look"),
    "tell_followers": every(600, "issues.tasks.tell_followers"),
    "tell_superiors": every(600, "issues.tasks.tell_superiors"),
    "work_on_tables": every(15, "issues.tables.work_on_waiting"),
    "run_exports": every(15, "reporting.exports.run_waiting"),
    "tidy_imports": every(3600, "calendars.tasks.tidy"),
    "tidy_exports": every(3600, "reporting.exports.tidy"),
    "sweep": every(60, "deadlines.tasks.sweep"),
    "keep_desk": every(60, "reporting.tasks.keep_desk"),
    "recount_desk": every(86400, "reporting.tasks.recount_desk"),
    "send_on": every(15, "reporting.tasks.send_on"),
}
