"""What failed in the background is seen, asked for again, and forgotten after its term."""

import datetime as dt

import pytest
import time_machine
from celery import shared_task
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone

from akim_meetings import tasks
from journal import services
from journal.actors import Actor
from journal.context import request_id
from journal.models import Entry, Heartbeat, TaskFailure

PAGE = "/staff/operations/"
BY = Actor.system("tests")


@shared_task(name="tests.breaks")
def breaks(number: int) -> None:
    raise ValueError(f"what somebody wrote, {number}")


@pytest.fixture
def broken(db):
    token = request_id.set("request-17")
    breaks.apply_async((7,), throw=False)
    breaks.apply_async((7,), throw=False)
    request_id.reset(token)
    return TaskFailure.objects.get()


def test_a_failed_task_is_kept_once_with_the_request_that_asked_for_it_and_without_what_people_wrote(broken):
    assert (broken.task, broken.arguments, broken.times) == ("tests.breaks", [7], 2)
    assert (broken.error, broken.request_id) == ("builtins.ValueError", "request-17")
    assert "in breaks" in broken.trace
    assert "what somebody wrote, 7" not in f"{broken.error} {broken.trace}"


def test_the_administrator_sees_queues_sweeps_and_failures_and_nobody_else_does(broken, administrator, editor):
    Heartbeat.objects.create(name="sweep", finished_at=timezone.now() - dt.timedelta(hours=2))

    page = administrator.client.get(PAGE)

    text = page.content.decode()
    assert [name for name, _count in page.context["queues"]] == ["sweep", "mail", "files"]
    assert "tests.breaks" in text
    assert "request-17" in text
    assert "stands still" in text
    assert editor.client.get(PAGE).status_code == 403


def test_a_failure_is_asked_for_again_once_and_a_new_one_stands_anew(
    broken, administrator, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        administrator.client.post(f"{PAGE}{broken.pk}/retry/")
    again = administrator.client.post(f"{PAGE}{broken.pk}/retry/", follow=True)

    assert "already" in again.content.decode()
    rows = TaskFailure.objects.order_by("pk").values_list("settled_at", "times")
    assert [(settled is not None, times) for settled, times in rows] == [(True, 2), (False, 1)]
    assert Entry.objects.filter(action="task.retried").count() == 1


def test_what_is_kept_for_a_term_goes_after_it(broken, settings, okrug_office):
    settings.TASK_FAILURE_DAYS = 90
    assert okrug_office.client.get("/staff/").status_code == 200
    assert Session.objects.exists()
    with time_machine.travel(timezone.now() + dt.timedelta(days=89), tick=False):
        assert tasks.tidy()["failures"] == 0
    with time_machine.travel(timezone.now() + dt.timedelta(days=91), tick=False):
        assert tasks.tidy()["failures"] == 1
        assert not Session.objects.exists()


def test_a_failure_that_was_put_aside_is_no_alarm(broken, administrator):
    administrator.client.post(f"{PAGE}{broken.pk}/put-aside/")

    assert "tests.breaks" not in administrator.client.get(PAGE).content.decode()
    with pytest.raises(ValidationError):
        services.put_failure_aside(broken, by=BY)
