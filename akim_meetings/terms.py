"""What is kept for a term only: each kind of data with its setting and the job that deletes it.

`manage.py check` refuses a term that is none, the page of background work shows each one beside the last run of its
job, and `docs/operations.md` has the same table; `tests/akim_meetings/test_terms.py` holds the three together.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import checks
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from journal.models import Heartbeat

#: A job that keeps a term wakes every hour; after a day and a bit without a sign of life it stands still.
STILL_AFTER = dt.timedelta(hours=26)


@dataclass(frozen=True)
class Term:
    """One kind of data. `job`: the name of its heartbeat; `task`: who deletes; `least` and `most` in the unit."""

    setting: str
    data: str | Promise
    job: str
    task: str
    most: int
    least: int = 1
    seconds: bool = False

    @property
    def value(self) -> Any:
        return getattr(settings, self.setting)

    @property
    def words(self) -> str:
        """The term as people say it."""
        count = self.value
        if not self.seconds:
            return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
        if count < 7200:
            return ngettext("%(count)s minute", "%(count)s minutes", count // 60) % {"count": count // 60}
        return ngettext("%(count)s hour", "%(count)s hours", count // 3600) % {"count": count // 3600}


FORGET, TIDY = ("forget", "issues.tasks.forget"), ("tidy", "akim_meetings.tasks.tidy")
EXPORTS, IMPORTS = ("tidy_exports", "reporting.exports.tidy"), ("tidy_imports", "calendars.tasks.tidy")
ANSWERS = ("forget_answers", "journal.tasks.forget_answers")
TERMS = (
    Term("PERSONAL_DATA_DAYS", _("names and contacts of those who asked or demanded"), *FORGET, 3660),
    Term("LETTER_ADDRESS_DAYS", _("addresses of citizens in letters that were settled"), *FORGET, 3660),
    Term("UNCONFIRMED_DAYS", _("addresses that never confirmed that they want to follow"), *FORGET, 90),
    Term("TABLE_DAYS", _("tables of offices that were brought and not taken in"), *FORGET, 90),
    Term("IMPORT_FILE_DAYS", _("Excel files of calendars that were brought"), *IMPORTS, 3660),
    Term("UNDO_DAYS", _("steps in a calendar that can be undone"), *IMPORTS, 3660),
    Term("EXPORT_DAYS", _("files that were taken out"), *EXPORTS, 3660),
    Term("IDEMPOTENCY_DAYS", _("answers of the API kept for a repetition"), *ANSWERS, 90),
    Term("SESSION_LONGEST_SECONDS", _("sessions, with their addresses and browsers"), *TIDY, 86400 * 30, 300, True),
    Term("SESSION_IDLE_SECONDS", _("sessions without a request"), *TIDY, 86400 * 30, 60, True),
    Term("LETTER_FILE_DAYS", _("letters written as files where there is no mail server"), *TIDY, 3660),
    Term("TASK_FAILURE_DAYS", _("failed background work"), *TIDY, 3660),
    Term("TRAINING_COPY_DAYS", _("the copy for training"), *TIDY, 3660),
)


def shown() -> list[tuple[Term, dt.datetime | None, bool]]:
    """Each term with the last run of its job, and whether that stands still. A job that never ran has no run."""
    beats = dict(Heartbeat.objects.filter(name__in={term.job for term in TERMS}).values_list("name", "finished_at"))
    return [(term, beats.get(term.job), stands_still(beats.get(term.job))) for term in TERMS]


def stands_still(last: dt.datetime | None) -> bool:
    return last is not None and timezone.now() - last > STILL_AFTER


@checks.register("akim_meetings")
def terms_that_can_be_kept(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A term of no days would delete what is in use, one of no end keeps personal data for ever."""
    found: list[checks.CheckMessage] = []
    for term in TERMS:
        value = term.value
        if isinstance(value, bool) or not isinstance(value, int) or not term.least <= value <= term.most:
            unit = "seconds" if term.seconds else "days"
            found.append(
                checks.Error(
                    f"{term.setting} is {value!r}, not a whole number of {unit} from {term.least} to {term.most}.",
                    hint="Set it in the environment, or take it away: .env.example tells the usual value.",
                    id="akim_meetings.E001",
                )
            )
    if not found and settings.SESSION_IDLE_SECONDS > settings.SESSION_LONGEST_SECONDS:
        found.append(
            checks.Error(
                "SESSION_IDLE_SECONDS is longer than SESSION_LONGEST_SECONDS: it would never end a session.",
                id="akim_meetings.E002",
            )
        )
    return found
