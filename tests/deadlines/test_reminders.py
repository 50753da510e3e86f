"""Who is reminded of what, when, and never twice."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from calendars.duties.meetings import ONE_WEEK
from calendars.duties.regional import APPROVE, DEVELOP, NOTIFY, SUBMIT
from deadlines import tasks
from deadlines.ids import Subject, duty_id
from deadlines.models import Duty, Reminder
from deadlines.services import sweep
from journal.delivery import drain
from journal.models import Notice
from tests import factories
from tests.cast import Person


def told(person, day: str | None = None) -> int:
    """Reminders of what is owed for the calendar of 2027: develop, approve, notify, submit."""
    rows = Reminder.objects.filter(
        user=person.user, channel="page", duty__year=2027, duty__rule_id__in=(DEVELOP, APPROVE, NOTIFY, SUBMIT)
    )
    return rows.filter(day=day).count() if day else rows.count()


def test_staff_of_the_region_hear_of_the_calendar_thirty_days_ahead(land, editor, approver, neighbour):
    sweep(dt.date(2026, 11, 1))
    assert told(editor) == 0
    sweep(dt.date(2026, 12, 15))
    # 14 January less 30 days: draft, approval and notice; the submission follows five days later.
    assert told(editor) == told(approver) == told(neighbour) == 3
    sweep(dt.date(2026, 12, 20))
    assert told(editor) == 4


def test_running_the_sweep_twice_reminds_nobody_twice(land, editor):
    sweep(dt.date(2026, 11, 1))
    sweep(dt.date(2026, 12, 15))
    before = (Reminder.objects.count(), Notice.objects.count())
    sweep(dt.date(2026, 12, 15))
    assert (Reminder.objects.count(), Notice.objects.count()) == before


def test_one_digest_a_day_says_everything_that_is_due(land, editor):
    sweep(dt.date(2026, 11, 1))
    sweep(dt.date(2026, 12, 15))
    [notice] = Notice.objects.filter(recipient_user=editor.user)
    assert notice.body_text.count("14") >= 2


def test_after_three_weeks_of_standstill_one_letter_says_what_was_due_when(land, editor):
    sweep(dt.date(2026, 11, 1))
    sweep(dt.date(2027, 1, 12))
    assert Notice.objects.filter(recipient_user=editor.user).count() == 1
    assert told(editor) >= 6


def test_the_unit_above_hears_only_after_the_day_has_passed(land, our_calendar, editor, raion_office, okrug_office):
    sweep(dt.date(2027, 1, 20))
    meeting = factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 15))
    sweep(dt.date(2027, 2, 1))
    sweep(dt.date(2027, 3, 8))
    about = {"duty": duty_id(Subject.MEETING, meeting.pk, ONE_WEEK), "channel": "page"}
    assert set(Reminder.objects.filter(**about).values_list("user", flat=True)) == {okrug_office.user.pk}
    sweep(dt.date(2027, 3, 9))
    assert Reminder.objects.filter(user=raion_office.user, **about).count() == 1
    assert not Reminder.objects.filter(user=editor.user, **about).exists()


def test_a_region_that_is_late_is_reported_to_the_government(land, editor, reviewer):
    sweep(dt.date(2026, 11, 1))
    sweep(dt.date(2027, 1, 14))
    assert told(reviewer) == 0
    sweep(dt.date(2027, 1, 15))
    assert told(reviewer) == 6  # two regions; draft, approval and notice


def test_a_duty_that_is_met_is_not_reminded_any_more(land, our_calendar, okrug_office):
    sweep(dt.date(2027, 1, 20))
    meeting = factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 15), announced_on=dt.date(2027, 1, 25))
    sweep(dt.date(2027, 3, 9))
    assert not Reminder.objects.filter(duty=duty_id(Subject.MEETING, meeting.pk, ONE_WEEK)).exists()


def test_stages_before_the_duty_was_known_are_not_made_up_for(land, our_calendar, okrug_office):
    sweep(dt.date(2027, 3, 1))
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 13))
    sweep(dt.date(2027, 3, 4))
    stages = Reminder.objects.filter(duty__rule_id=ONE_WEEK, channel="page").values_list("stage__code", flat=True)
    assert list(stages) == []
    sweep(dt.date(2027, 3, 5))
    assert list(stages.all()) == ["before-1"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_letter_is_written_in_its_readers_language(land, language):
    person = Person("region_editor", land.O)
    person.user.language = language
    person.user.save()
    sweep(dt.date(2026, 11, 1))
    sweep(dt.date(2026, 12, 15))
    [notice] = Notice.objects.filter(recipient_user=person.user)
    assert {"kk": "қаңтар", "ru": "января", "en": "January"}[language] in notice.body_text


def test_who_has_left_his_post_is_not_reminded(land, editor):
    sweep(dt.date(2026, 11, 1))
    editor.post.valid_to = dt.date(2026, 12, 1)
    editor.post.save()
    sweep(dt.date(2026, 12, 15))
    assert told(editor) == 0


def test_duties_source_of_the_settings_is_ours(settings):
    assert settings.DUTY_SOURCES[0] == "calendars.duties.facts"


def test_a_digest_of_a_later_day_waits_for_that_day(land, editor, outbox_of_files):
    """Swept ahead, by hand or under a clock that was wrong: nothing is sent before its day."""
    sweep(dt.date(2026, 11, 1))
    sweep(dt.date(2026, 12, 15))
    drain(today=dt.date(2026, 12, 14))
    assert Notice.objects.get(recipient_user=editor.user).state == "pending"
    drain(today=dt.date(2026, 12, 15))
    assert Notice.objects.get(recipient_user=editor.user).state == "sent"


def test_a_machine_that_does_not_know_the_day_does_not_sweep(land, editor, monkeypatch):
    monkeypatch.setattr("journal.clock.database_now", lambda: timezone.now() + dt.timedelta(days=3))
    tasks.sweep()
    assert Duty.objects.count() == 0
    with pytest.raises(CommandError, match="clocks"):
        call_command("sweep")
    call_command("sweep", "--today=2026-12-15")
    assert Duty.objects.exists()


@pytest.fixture
def outbox_of_files(settings, tmp_path):
    settings.OUTBOX = {"transport": "file", "folder": tmp_path / "mail"}
