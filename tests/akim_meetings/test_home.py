"""The first page answers every role: what must I do now?"""

import datetime as dt

import pytest
from django.utils import timezone

from deadlines.services import sweep
from journal.heartbeats import beat
from journal.models import Notice
from territories.models import Role
from tests import factories
from tests.cast import Person

ROLES_IN_A_UNIT = (Role.REGION_EDITOR, Role.REGION_APPROVER, Role.EXECUTOR, Role.MASLIKHAT)
ROLES_OF_THE_NATION = (
    Role.ADMINISTRATOR,
    Role.GOVERNMENT,
    Role.ADMINISTRATION,
    Role.CENTRAL_BODY,
    Role.INFORMATION_BODY,
)


@pytest.mark.once
@pytest.mark.parametrize("role", [*ROLES_IN_A_UNIT, *ROLES_OF_THE_NATION])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_role_gets_its_page_in_every_language(land, our_calendar, role, language):
    person = Person(role, land.O if role in ROLES_IN_A_UNIT else None)
    client = person.client
    client.cookies["language"] = language
    factories.meeting(our_calendar, land.A, land.a1)
    sweep(dt.date(2026, 12, 20))
    assert client.get("/staff/?year=2027").status_code == 200


def test_staff_of_a_region_see_what_is_late_first(land, editor, time_machine):
    time_machine.move_to(dt.datetime(2027, 1, 18, 5, tzinfo=dt.UTC))
    sweep(dt.date(2027, 1, 18))
    page = editor.client.get("/staff/").content.decode()
    assert page.index("14 January 2027") < page.index("19 January 2027")


def test_an_office_sees_its_own_unit_and_not_its_neighbours(land, our_calendar, okrug_office):
    sweep(dt.date(2026, 12, 20))
    factories.meeting(our_calendar, land.B, land.b1, dt.date(2027, 3, 15))
    page = okrug_office.client.get("/staff/?year=2027").content.decode()
    assert "Bastau" not in page


def test_the_page_asks_the_database_as_often_for_three_meetings_as_for_one(
    land, our_calendar, editor, django_assert_max_num_queries
):
    client = editor.client
    client.get("/staff/?year=2027")
    with django_assert_max_num_queries(25):
        client.get("/staff/?year=2027")
    for village in (land.a1, land.a2, land.a3):
        factories.meeting(our_calendar, land.A, village)
    sweep(dt.date(2026, 12, 20))
    with django_assert_max_num_queries(25):
        client.get("/staff/?year=2027")


def test_the_administrator_is_told_when_nothing_runs(administrator):
    assert "stand still" in administrator.client.get("/staff/").content.decode()


def test_readyz_is_red_until_the_timetable_has_done_its_work(db, nobody):
    answer = nobody.get("/readyz")
    assert answer.status_code == 503
    assert set(answer.json()["wrong"]) >= {"sweep", "drain"}


def test_healthz_needs_neither_database_nor_login(nobody):
    assert nobody.get("/healthz").json() == {"alive": True}


def test_readyz_is_green_when_jobs_work_and_red_when_a_letter_is_stuck(db, nobody, settings, tmp_path):
    settings.CELERY_BROKER_URL = "memory://"
    for name in ("sweep", "drain", "reap"):
        beat(name, {})
    assert "letters" not in nobody.get("/readyz").json()["wrong"]
    letter = Notice.objects.create(
        kind="account", subject_type="t", subject_id="1", recipient_email="a@test.example", message_id="<1@t>"
    )
    Notice.objects.filter(pk=letter.pk).update(created_at=timezone.now() - dt.timedelta(minutes=11))
    assert "letters" in nobody.get("/readyz").json()["wrong"]
