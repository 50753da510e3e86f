"""Every kind of data with a term has a setting, a usual value, a job on the timetable and a line in the docs."""

import datetime as dt
import os
import re
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from akim_meetings import settings as given
from akim_meetings import tasks, terms
from akim_meetings.celery import app
from akim_meetings.training import FILE
from issues.tasks import forget
from journal.models import Heartbeat
from journal.tasks import forget_answers
from reporting.exports.tasks import tidy as tidy_exports

DOCS = Path("docs/operations.md").read_text(encoding="utf-8")
TABLE = DOCS.partition("## What is kept for how long")[2].partition("\n## ")[0]
NAMES = [term.setting for term in terms.TERMS]


def wrong() -> list[str]:
    return [error.msg.partition(" ")[0] for error in terms.terms_that_can_be_kept(None)]


def test_the_docs_the_example_and_the_settings_name_the_same_terms():
    example = Path(".env.example").read_text(encoding="utf-8")
    assert re.findall(r"\| `([A-Z_]+)` \|", TABLE) == NAMES
    assert [name for name in NAMES if f"\n{name}=" not in example] == []


def test_no_term_in_the_settings_is_without_a_decision():
    numbers = {name for name, value in vars(given).items() if name.isupper() and isinstance(value, int)}
    days = {name for name in numbers if re.search(r"_(DAYS|SECONDS)$", name)}
    # How long a link is good, and what browsers are told: not data.
    assert days - set(NAMES) == {"ACKNOWLEDGE_LINK_DAYS", "SECURE_HSTS_SECONDS"}


@pytest.mark.parametrize("term", terms.TERMS, ids=NAMES)
def test_the_docs_tell_the_usual_value_and_the_job_of_each_term(term):
    line = next(line for line in TABLE.splitlines() if f"`{term.setting}`" in line)
    with override("en"):
        assert f"| {term.words} |" in line
    assert f"`{term.task}`" in line
    assert all(Path(path).exists() for path in re.findall(r"`(tests/[^`]+)`", line))


def test_each_job_is_on_the_timetable_at_least_once_a_night():
    waking = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}
    assert all(waking[term.task] <= 86400 for term in terms.TERMS)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [0, -1, 10**9, 1.5, True, None, "30"])
def test_a_term_that_is_none_is_refused_at_the_start(settings, name, value):
    assert wrong() == []
    setattr(settings, name, value)
    assert wrong() == [name]


def test_an_idle_session_must_not_outlive_its_longest_age(settings):
    settings.SESSION_IDLE_SECONDS = settings.SESSION_LONGEST_SECONDS + 1
    assert wrong() == ["SESSION_IDLE_SECONDS"]


def test_every_job_leaves_the_sign_of_life_that_its_terms_name(db):
    from calendars.tasks import tidy as tidy_calendars

    for job in (tasks.tidy, forget, forget_answers, tidy_exports, tidy_calendars):
        job()
    assert {term.job for term in terms.TERMS} == set(Heartbeat.objects.values_list("name", flat=True))


def test_the_administrator_sees_each_term_and_a_job_that_stands_still(administrator, settings):
    settings.EXPORT_DAYS = 17
    Heartbeat.objects.create(name="tidy_exports", finished_at=timezone.now() - dt.timedelta(hours=27))
    page = administrator.client.get("/staff/operations/")
    text = re.sub(r"\s+", " ", page.content.decode())
    assert "17 days" in text
    assert [name for name in NAMES if name not in text] == []
    assert "a nightly job has stood still" in text
    assert "has not run yet" in text


def test_letters_written_as_files_and_the_copy_for_training_go_after_their_terms(db, settings, tmp_path):
    settings.MEDIA_ROOT, settings.MAIL_FOLDER = tmp_path, tmp_path / "mail"
    settings.TRAINING_COPY_DAYS, settings.LETTER_FILE_DAYS = 3, 5
    for file in (tmp_path / "training" / FILE, tmp_path / "mail" / "2026-10-01_000001_x.eml"):
        file.parent.mkdir()
        file.write_bytes(b"x")
        os.utime(file, (timezone.now().timestamp(),) * 2)

    def after(days: int) -> tuple[int, int]:
        with time_machine.travel(timezone.now() + dt.timedelta(days=days, minutes=1), tick=False):
            done = tasks.tidy()
        return done["copies"], done["letters"]

    assert [after(2), after(3), after(4), after(5)] == [(0, 0), (1, 0), (0, 0), (0, 1)]
