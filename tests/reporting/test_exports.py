"""Taking summaries out: at once or by a worker, cancelled, on a full disk, by whom, for how long."""

import datetime as dt
import io
import json
import resource
import threading
import zipfile
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection

from issues.models import Issue
from journal.models import Entry
from reporting.exports import services
from reporting.exports.models import ExportJob, ExportState
from reporting.summaries import plain
from reporting.summaries.model import Asked

from .test_summaries import book

DAY = dt.date(2027, 6, 1)
HERE = "/staff/exports/"
ASKED = {"year": 2027, "unit": "", "language": "kk", "form": "xlsx"}


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel(dt.datetime(2027, 6, 1, 5, tzinfo=dt.UTC)) as clock:
        yield clock


def raised(unit, count: int, start: int = 1) -> None:
    Issue.objects.bulk_create(
        Issue(
            unit=unit, region=unit.region or unit, place=unit, year=2027, number=number,
            raised_on=dt.date(2027, 3, 1), text_kk=f"Жол {number}",
        )
        for number in range(start, start + count)
    )  # fmt: skip


@pytest.fixture
def issues(land):
    raised(land.A, 3)


def asked(person, kind="issues", **fields) -> Asked:
    return Asked(kind, 2027, person.who, DAY, **fields)


def stored() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def actions() -> list[str]:
    return list(Entry.objects.filter(object_type="reporting.exportjob").order_by("pk").values_list("action", flat=True))


# -- At once --------------------------------------------------------------------------------------
def test_a_small_file_is_there_at_once_and_its_way_stands_in_the_journal(issues, editor):
    client = editor.client
    answer = client.post(f"{HERE}new/issues/", ASKED, follow=True)
    job = ExportJob.objects.get()
    file = client.get(f"{HERE}{job.pk}/file/")

    assert "Ready" in answer.content.decode()
    assert (job.state, job.rows, job.kept_until) == (ExportState.DONE, 5, DAY + dt.timedelta(days=30))
    assert file["Content-Disposition"] == f'attachment; filename="issues-{editor.post.territory.code}-2027-kk.xlsx"'
    content = b"".join(file.streaming_content)
    assert len(content) == job.size
    assert len(book(content).worksheets) == 4
    assert actions() == ["export.asked", "export.made", "export.taken"]


def test_what_is_wrong_with_the_wish_is_told_at_the_field(issues, editor):
    answer = editor.client.post(f"{HERE}new/issues/", ASKED | {"year": "x", "state": "none"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"year", "state"}


def test_a_summary_with_nothing_in_it_says_so(land, editor):
    answer = editor.client.post(f"{HERE}new/calendar/", ASKED, follow=True)

    assert "No approved calendar for 2027" in answer.content.decode()
    assert ExportJob.objects.get().state == ExportState.FAILED
    assert stored() == []


def test_nobody_else_gets_the_file_not_even_the_administrator(issues, editor, approver, administrator):
    job = services.ask(asked(editor), "csv")
    services.run(job.pk, today=DAY)

    for other in (approver, administrator):
        assert other.client.get(f"{HERE}{job.pk}/file/").status_code == 404


# -- By a worker ----------------------------------------------------------------------------------
def test_a_large_file_waits_for_a_worker_and_the_same_wish_is_one_job(issues, editor, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)
    job = services.ask(asked(editor), "xlsx")

    assert not services.is_quick(job)
    assert services.ask(asked(editor), "xlsx") == job
    assert services.run(job.pk, today=DAY)
    assert not services.run(job.pk, today=DAY)


def test_only_so_many_exports_of_a_post_may_wait(issues, editor):
    for form in ("xlsx", "csv", "json", "pdf", "docx"):
        services.ask(asked(editor), form)

    with pytest.raises(ValidationError, match="5 of your exports"):
        services.ask(asked(editor), "zip")


def test_a_post_that_has_ended_takes_out_nothing_more(issues, editor):
    job = services.ask(asked(editor), "xlsx")
    editor.post.valid_to = DAY - dt.timedelta(days=1)
    editor.post.save()
    services.run(job.pk, today=DAY)
    job.refresh_from_db()

    assert (job.state, bool(job.fault), stored()) == (ExportState.FAILED, True, [])


def test_a_job_whose_worker_died_is_taken_up_by_the_next(issues, editor, june):
    job = services.ask(asked(editor), "csv")
    ExportJob.objects.filter(pk=job.pk).update(
        state="running", lease_until=dt.datetime(2027, 6, 1, 4, tzinfo=dt.UTC), attempts=1
    )

    assert list(services.waiting()) == [job]
    assert services.run(job.pk, today=DAY)


def test_a_job_that_always_kills_its_worker_is_given_up(issues, editor):
    job = services.ask(asked(editor), "csv")
    ExportJob.objects.filter(pk=job.pk).update(attempts=services.MOST_ATTEMPTS)
    services.run(job.pk, today=DAY)
    job.refresh_from_db()

    assert (job.state, "three times" in job.fault) == (ExportState.FAILED, True)


def test_a_cancelled_job_leaves_no_half_file_and_says_so(issues, editor, monkeypatch):
    monkeypatch.setattr(services, "BEAT", 0)
    job = services.ask(asked(editor), "csv")
    real = services.files.write

    def cancelled_meanwhile(*args):
        ExportJob.objects.filter(pk=job.pk).update(cancel_asked=True)
        return real(*args)

    monkeypatch.setattr(services.files, "write", cancelled_meanwhile)
    services.run(job.pk, today=DAY)
    page = editor.client.get(f"{HERE}{job.pk}/").content.decode()

    assert "nothing of it is kept" in page
    assert stored() == []
    assert actions()[-1] == "export.cancelled"


def test_a_job_in_the_queue_is_cancelled_at_once(issues, editor):
    job = services.ask(asked(editor), "csv")
    editor.client.post(f"{HERE}{job.pk}/cancel/")
    job.refresh_from_db()

    assert job.state == ExportState.CANCELLED
    assert not services.run(job.pk, today=DAY)


def test_a_full_disk_leaves_no_half_file_and_says_so(land, editor):
    raised(land.A, 3_000)
    job = services.ask(asked(editor), "json")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A limit on the size of files is the nearest to a full disk that a test may make.
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        services.run(job.pk, today=DAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    job.refresh_from_db()

    assert (job.state, "disk is full" in job.fault) == (ExportState.FAILED, True)
    assert stored() == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_file_shows_one_moment_though_rows_change_while_it_is_written(land, editor, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time on SQLite")
    raised(land.A, 5)
    job = services.ask(asked(editor), "json")
    monkeypatch.setattr(services, "BEAT", 0)
    monkeypatch.setattr(plain, "CHUNK", 1)
    changed = []

    def change_once():
        raised(land.A, 7, start=100)
        changed.append(True)
        connection.close()

    real = services.Pulse.tick

    def tick(self, rows):
        if not changed:
            other = threading.Thread(target=change_once)
            other.start()
            other.join()
        real(self, rows)

    monkeypatch.setattr(services.Pulse, "tick", tick)
    assert services.run(job.pk, today=DAY)
    job.refresh_from_db()

    data = json.loads(Path(job.file.path).read_text())
    assert changed
    assert len(data["sheets"][-1]["rows"]) == 5 == sum(row[1] for row in data["sheets"][0]["rows"])
    assert Issue.objects.count() == 12


def test_files_are_kept_thirty_days_and_their_rows_for_ever(issues, editor, june):
    job = services.ask(asked(editor), "csv")
    services.run(job.pk, today=DAY)

    assert services.tidy(DAY + dt.timedelta(days=30)) == 0
    assert services.tidy(DAY + dt.timedelta(days=31)) == 1
    assert stored() == []
    assert "no longer kept" in editor.client.get(f"{HERE}{job.pk}/").content.decode()
    assert editor.client.get(f"{HERE}{job.pk}/file/").status_code == 404


def test_the_list_costs_as_many_queries_for_ten_exports_as_for_one(issues, editor, django_assert_max_num_queries):
    client = editor.client

    def count():
        with django_assert_max_num_queries(60) as found:
            client.get(HERE)
        return len(found)

    services.run(services.ask(asked(editor), "csv").pk, today=DAY)
    client.get(HERE)
    one = count()
    for _n in range(9):
        services.run(services.ask(asked(editor), "csv").pk, today=DAY)

    assert count() == one


# -- For programs ---------------------------------------------------------------------------------
def test_a_program_asks_gets_a_job_and_takes_its_file(issues, reviewer, land):
    client = reviewer.client
    answer = client.post(
        "/api/v1/exports/",
        {"kind": "meetings", "year": 2027, "unit": land.O.code, "format": "zip", "client_key": "a"},
        content_type="application/json",
    )
    again = client.post(
        "/api/v1/exports/", {"kind": "meetings", "year": 2027, "client_key": "a"}, content_type="application/json"
    )
    services.run(answer.json()["id"], today=DAY)
    shown = client.get(answer["Location"]).json()

    assert (answer.status_code, again.json()["id"]) == (202, answer.json()["id"])
    assert shown["state"] == "done"
    with zipfile.ZipFile(io.BytesIO(b"".join(client.get(shown["file"]).streaming_content))) as made:
        assert len(made.namelist()) == 2


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"kind": "nothing"}, "kind"),
        ({"year": 1}, "year"),
        ({"unit": "999999999"}, "unit"),
        ({"format": "xls"}, "format"),
        ({"filters": {"state": "x"}}, "filters"),
    ],
)
def test_a_program_is_told_which_field_is_wrong(land, reviewer, wish, field):
    body = {"kind": "issues", "year": 2027} | wish
    answer = reviewer.client.post("/api/v1/exports/", body, content_type="application/json")

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
