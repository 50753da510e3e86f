"""Reminders as sets: run twice, late, at once, over a standstill, in quiet hours, by a clock that is wrong."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deadlines import services, tasks
from deadlines.ids import Subject
from deadlines.models import Duty, HouseRules, Reminder, Stage
from deadlines.services import hold_back, reminders, sweep, write_digests
from deadlines.services.ladder import house_rules
from journal.models import Notice, OutboxControl
from territories.models import Organisation, Role
from territories.models.organisations import OrganisationKind
from tests import factories
from tests.cast import Person

BEGIN = dt.date(2026, 11, 2)


@pytest.fixture
def watching(db) -> HouseRules:
    return house_rules(BEGIN)


@pytest.fixture
def owed(land, watching) -> Duty:
    """The okrug A owes an announcement by Wednesday, 10 March 2027."""
    return factories.duty("826-3.4.f", land.A, Subject.MEETING, 1, due_on=dt.date(2027, 3, 10))


def remind(day: str, at: str = "12:00") -> tuple[int, int]:
    """How many reminders a sweep of that day and hour would write, and how many letters."""
    today = dt.date.fromisoformat(day)
    shown = reminders.remind(today)
    told, written = write_digests(today, dt.time.fromisoformat(at))
    return shown + told, written


def stages(person, channel: str = "page") -> list[int]:
    rows = Reminder.objects.filter(user=person.user, channel=channel)
    return list(rows.order_by("stage__offset_days").values_list("stage__offset_days", flat=True))


def letters(person) -> list[Notice]:
    return list(Notice.objects.filter(recipient_user=person.user, kind="reminder_digest").order_by("pk"))


# -- The ladder -----------------------------------------------------------------------------------


def test_day_after_day_each_rung_is_said_once_first_below_then_above(
    owed, okrug_office, raion_office, editor, reviewer
):
    day = dt.date(2027, 2, 1)
    while day <= dt.date(2027, 3, 20):
        reminders.remind(day)
        day += dt.timedelta(days=1)
    assert stages(okrug_office) == [-30, -14, -7, -3, -1, 0, 1, 7]
    assert stages(raion_office) == [1, 7]
    assert stages(editor) == stages(reviewer) == []


def test_the_page_tells_at_once_and_the_letter_of_the_weekend_on_monday(owed, okrug_office):
    Duty.objects.update(due_on=dt.date(2027, 2, 27))  # a Saturday
    remind("2027-02-27")
    assert 0 in stages(okrug_office)
    assert letters(okrug_office) == []
    remind("2027-03-01", at="07:59")
    assert letters(okrug_office) == []
    remind("2027-03-01", at="08:00")
    [letter] = letters(okrug_office)
    assert "2 days late" not in letter.subject
    assert 0 in stages(okrug_office, "mail")


def test_a_second_run_writes_nothing(owed, okrug_office):
    assert remind("2027-03-09")[0] > 0
    before = list(Reminder.objects.order_by("pk").values())
    assert remind("2027-03-09") == (0, 0)
    assert list(Reminder.objects.order_by("pk").values()) == before


def test_there_is_one_letter_a_day_and_what_comes_later_waits_for_the_next(land, owed, okrug_office):
    remind("2027-03-09", at="09:00")
    factories.duty("826-3.4.f", land.A, Subject.MEETING, 2, due_on=dt.date(2027, 3, 10))
    remind("2027-03-09", at="15:00")
    assert len(letters(okrug_office)) == 1
    remind("2027-03-10", at="09:00")
    assert len(letters(okrug_office)) == 2


def test_after_three_weeks_of_standstill_over_new_year_one_letter_says_what_was_due_when(land, watching, okrug_office):
    days = [dt.date(2026, 12, 22), dt.date(2026, 12, 31), dt.date(2027, 1, 5), dt.date(2027, 1, 20)]
    for number, day in enumerate(days, start=1):
        factories.duty("826-3.4.f", land.A, Subject.MEETING, number, due_on=day)
    remind("2026-12-18")
    before = len(letters(okrug_office))
    remind("2027-01-08", at="09:00")
    [letter] = letters(okrug_office)[before:]
    for said in ("22 желтоқсан 2026", "31 желтоқсан 2026", "5 қаңтар 2027", "20 қаңтар 2027"):
        assert said in letter.body_text
    assert letter.body_text.index("5 қаңтар") < letter.body_text.index("20 қаңтар")


def test_what_fell_due_before_the_installation_watched_is_never_mailed(owed, okrug_office):
    HouseRules.objects.update(watch_from=dt.date(2027, 3, 8))
    remind("2027-03-09")
    assert stages(okrug_office) == [-1]


def test_a_duty_met_meanwhile_is_not_written_of(owed, okrug_office):
    remind("2027-03-09", at="22:00")
    Duty.objects.update(met_on=dt.date(2027, 3, 10))
    remind("2027-03-10", at="09:00")
    assert letters(okrug_office) == []


def test_a_rung_may_be_for_one_role_and_some_lines_only(land, owed, watching, editor, approver):
    Stage.objects.update(active=False)
    Stage.objects.create(code="x", offset_days=-2, role=Role.REGION_APPROVER, rule_prefix="826-2")
    factories.duty("826-2.1.h2", land.O, Subject.CALENDAR, land.O.pk, "2027", dt.date(2027, 1, 14))
    factories.duty("826-3.4.e", land.O, Subject.MEETING, 3, due_on=dt.date(2027, 1, 14))
    remind("2027-01-12")
    told = Reminder.objects.values_list("user", "duty__rule_id", "channel")
    assert set(told) == {(approver.user.pk, "826-2.1.h2", "page"), (approver.user.pk, "826-2.1.h2", "mail")}


# -- Past the bound office ------------------------------------------------------------------------


def test_the_unit_above_is_the_nearest_one_that_has_staff(owed, okrug_office, editor):
    remind("2027-03-11")
    assert 1 in stages(editor)  # the raion has nobody
    [letter] = letters(editor)
    assert "Төмен тұрған бірлік" in letter.body_text or "Unit below" in letter.body_text


def test_a_late_region_is_told_to_the_government(land, watching, editor, reviewer):
    factories.duty("826-2.1.h2", land.O, Subject.CALENDAR, land.O.pk, "2027", dt.date(2027, 1, 14))
    remind("2027-01-15")
    assert stages(reviewer) == [1]


def body_duty(kind: str) -> Duty:
    body = Organisation.objects.create(key=f"body-{kind}", kind=kind, name_kk="Орган", name_ru="Орган")
    duty = factories.duty("12-1.4.h1", None, Subject.BODY, body.pk, "2026-Q4", dt.date(2027, 1, 12), body=body)
    return duty


def test_a_late_body_is_told_to_the_government_and_the_government_to_the_administration(watching, reviewer):
    ministry, government = body_duty(OrganisationKind.MINISTRY), body_duty(OrganisationKind.GOVERNMENT)
    minister = Person(Role.CENTRAL_BODY, organisation=ministry.body)
    stranger = Person(Role.CENTRAL_BODY)
    control = Person(Role.ADMINISTRATION)
    remind("2027-01-13")

    def told(person) -> set:
        return set(Reminder.objects.filter(user=person.user, channel="page").values_list("duty", "stage__audience"))

    assert {duty for duty, _audience in told(minister)} == {ministry.pk}
    assert told(stranger) == set()
    assert (ministry.pk, "above") in told(reviewer)
    assert (government.pk, "bound") in told(reviewer)
    assert told(control) == {(government.pk, "above")}


# -- The letter -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "late", "today"),
    [("kk", "Кешіккені:", "Бүгін:"), ("ru", "Просрочено:", "Сегодня:"), ("en", "Late:", "Today:")],
)
def test_the_letter_is_grouped_and_in_the_readers_language(land, owed, okrug_office, language, late, today):
    okrug_office.user.language = language
    okrug_office.user.save()
    factories.duty("826-3.4.f", land.A, Subject.MEETING, 2, due_on=dt.date(2027, 3, 9))
    factories.duty("826-3.4.f", land.A, Subject.MEETING, 3, due_on=dt.date(2027, 3, 17))
    remind("2027-03-10", at="10:00")
    [letter] = letters(okrug_office)
    assert letter.body_text.index(late) < letter.body_text.index(today)
    assert f"/staff/duties/{owed.pk}/" in letter.body_text
    for body in (letter.body_text, letter.body_html):
        assert "{" not in body


def test_a_long_letter_names_the_first_and_counts_the_rest(land, watching, okrug_office):
    for number in range(1, 46):
        factories.duty("826-3.4.f", land.A, Subject.MEETING, number, due_on=dt.date(2027, 3, 17))
    remind("2027-03-10")
    [letter] = letters(okrug_office)
    assert "45" in letter.subject
    assert letter.body_text.count("826 3-т.") == 25
    assert Reminder.objects.filter(channel="mail", user=okrug_office.user).values("duty").distinct().count() == 45


def test_what_a_letter_has_told_waits_no_longer_and_what_it_has_not_waits_for_the_next(owed, okrug_office):
    remind("2027-03-09")
    assert not Reminder.objects.filter(waits=True).exists()
    remind("2027-03-10", at="22:00")
    remind("2027-03-11", at="22:00")
    assert stages(okrug_office, "mail")[-1] == -1
    assert Reminder.objects.filter(waits=True, user=okrug_office.user).count() == 2
    remind("2027-03-12", at="10:00")
    assert stages(okrug_office, "mail")[-3:] == [-1, 0, 1]
    assert not Reminder.objects.filter(waits=True, user=okrug_office.user).exists()


def test_what_was_done_before_the_letter_left_is_told_only_if_it_opens_again(owed, okrug_office):
    remind("2027-03-09", at="22:00")
    Duty.objects.update(met_on=dt.date(2027, 3, 9))
    assert remind("2027-03-10", at="10:00") == (0, 0)
    Duty.objects.update(met_on=None)
    remind("2027-03-10", at="10:00")
    assert stages(okrug_office, "mail")[-2:] == [-1, 0]


def test_a_letter_does_not_speak_of_what_waited_for_months(owed, okrug_office):
    remind("2027-03-09", at="22:00")
    assert remind("2027-06-01", at="10:00")[1] == 0
    assert not Reminder.objects.filter(waits=True, day=dt.date(2027, 3, 9)).exists()


def test_the_number_of_statements_does_not_grow_with_the_duties(land, watching, okrug_office):
    remind("2027-03-01")  # the first look of an installation writes its first sign of life
    counts, number = [], 0
    for many in (1, 12):
        for _one in range(many):
            number += 1
            factories.duty("826-3.4.f", land.A, Subject.MEETING, number, due_on=dt.date(2027, 3, 17))
        with CaptureQueriesContext(connection) as asked:
            remind(f"2027-03-1{many % 10}")
        counts.append(len(asked))
    assert counts[0] == counts[1]


# -- Hours and clocks -----------------------------------------------------------------------------


def test_a_letter_still_in_the_outbox_when_quiet_hours_begin_waits_for_their_end(owed, okrug_office, time_machine):
    remind("2027-03-09", at="19:59")
    evening = dt.datetime(2027, 3, 9, 15, 30, tzinfo=dt.UTC)  # 20:30 in Kazakhstan
    assert hold_back(evening) == 1
    [letter] = letters(okrug_office)
    assert letter.next_try == dt.datetime(2027, 3, 10, 3, 0, tzinfo=dt.UTC)
    assert hold_back(evening) == 0
    assert hold_back(dt.datetime(2027, 3, 10, 5, 0, tzinfo=dt.UTC)) == 0


def test_after_a_jump_of_the_clock_duties_are_counted_and_nobody_is_reminded(owed, okrug_office):
    sweep(dt.date(2027, 3, 9), mail=False)
    assert not Reminder.objects.exists()


def test_the_clocks_door_asks_whether_the_clock_is_right(watching, settings, monkeypatch):
    settings.OUTBOX = {"transport": "smtp", "clock_gate": True}
    asked = []
    monkeypatch.setattr(services, "sweep", lambda today, *, at, mail, full_each: asked.append(mail))
    OutboxControl.objects.create(pk=1, clock_seen=timezone.now() - dt.timedelta(days=3))
    tasks.sweep()
    assert OutboxControl.objects.get().held_by_clock
    OutboxControl.objects.update(held=False, held_by_clock=False)
    tasks.sweep()
    assert asked == [False, True]


def test_a_duty_that_was_opened_while_the_clock_ran_ahead_is_reminded_all_the_same(owed, okrug_office):
    Duty.objects.update(opened_on=dt.date(2028, 3, 1))
    remind("2027-03-09")
    assert -1 in stages(okrug_office)


# -- At once --------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_remind_once(land, our_calendar, editor, okrug_office):
    sweep(dt.date(2026, 11, 2))
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 17))
    sweep(dt.date(2027, 2, 1))
    start, found = threading.Barrier(3), []

    def run() -> None:
        try:
            start.wait()
            found.append(sweep(dt.date(2027, 3, 10)))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sweep(dt.date(2027, 3, 10))
    assert len(found) == 3
    keys = list(Reminder.objects.values_list("duty", "stage", "user", "channel"))
    assert len(keys) == len(set(keys)) > 0
    today = Notice.objects.filter(subject_type="digest", subject_version=dt.date(2027, 3, 10).toordinal())
    assert today.filter(recipient_user=okrug_office.user).count() == 1
