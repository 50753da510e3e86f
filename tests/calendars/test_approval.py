"""The akim's office approves the calendar: what is frozen, what is asked first, what happens twice."""

import datetime as dt
import json
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections
from django.utils.translation import override

from calendars.difference import Difference, digest
from calendars.models import CalendarVersion, Meeting, MeetingState, VersionRow
from calendars.services import cancel
from calendars.services.approval import HolesNotConfirmed, StaleCalendar
from journal.models import Entry, Notice
from territories.scope import Who

from .. import factories
from .approving import PDF, TODAY, approved, fill, upload


@pytest.fixture
def filled(our_calendar, land):
    fill(our_calendar, land)
    return our_calendar


def test_approval_freezes_every_planned_row_as_version_one(filled, approver):
    version = approved(filled, approver.who).version

    rows = list(version.rows.order_by("number"))
    assert version.number == 1
    assert version.row_count == len(rows) == 5
    assert version.rows_sha256 == digest(row.data for row in rows)
    assert rows[0].data["place"]["ru"] == "Raion (рус)"
    assert version.scan.read() == PDF
    entry = Entry.objects.get(action="calendar.approved")
    assert entry.became["order_number"] == "1-ө"
    assert entry.actor == approver.user


def test_later_edits_leave_the_frozen_rows_alone(filled, approver):
    version = approved(filled, approver.who).version
    Meeting.objects.filter(calendar=filled).update(date=dt.date(2027, 9, 9), address="elsewhere")

    assert {row.data["date"] for row in version.rows.all()}.isdisjoint({"2027-09-09"})
    assert version.rows_sha256 == digest(row.data for row in version.rows.all())


def test_proposals_stay_outside_the_version_and_are_counted(filled, land, approver):
    factories.meeting(filled, land.A, land.a1, state=MeetingState.PROPOSED)

    version = approved(filled, approver.who).version

    assert version.row_count == 5
    assert Entry.objects.get(action="calendar.approved").became["proposals_left_out"] == 1


def test_holes_must_be_confirmed_and_are_named(filled, approver):
    with pytest.raises(HolesNotConfirmed) as refused:
        approved(filled, approver.who, holes_confirmed=False)

    snapshot = refused.value.snapshot
    assert snapshot["required"] == 50
    assert snapshot["missing"] == 50 - snapshot["planned"] > 0
    assert {"line", "holder", "target", "period", "missing"} == set(snapshot["holes"][0])
    assert not CalendarVersion.objects.exists()
    assert not VersionRow.objects.exists()


def test_a_refused_approval_leaves_no_file_behind(filled, approver, settings):
    with pytest.raises(HolesNotConfirmed):
        approved(filled, approver.who, holes_confirmed=False)

    assert [p for p in settings.MEDIA_ROOT.rglob("*") if p.is_file()] == []


def test_the_same_request_repeated_shows_the_first_version(filled, approver):
    first = approved(filled, approver.who, idempotency_key="one-form")
    second = approved(filled, approver.who, idempotency_key="one-form")

    assert (first.repeated, second.repeated) == (False, True)
    assert first.version == second.version
    assert CalendarVersion.objects.count() == 1


def test_a_second_tab_with_the_old_page_is_told_that_the_calendar_changed(filled, approver):
    seen = filled.version
    approved(filled, approver.who)

    with pytest.raises(StaleCalendar) as stale:
        approved(filled, approver.who, seen_version=seen, order_number="other", reason="x")

    assert stale.value.newest.number == 1
    assert CalendarVersion.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keys", [("same", "same"), ("one", "two")])
def test_two_clicks_at_once_make_one_version_and_one_set_of_notices(keys):
    from territories.models import Role

    from ..cast import Land, Person

    land = Land()
    calendar = factories.calendar(land.O)
    fill(calendar, land)
    factories.maslikhat(land.O, "m@example.kz")
    who = Person(Role.REGION_APPROVER, land.O).who
    seen = calendar.version
    gate = threading.Barrier(2)
    answers = []

    def click(key):
        try:
            gate.wait()
            answers.append(approved(calendar, who, idempotency_key=key, seen_version=seen))
        except StaleCalendar as stale:
            answers.append(stale)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 2
    assert CalendarVersion.objects.count() == 1
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("order_number", {"order_number": "  "}),
        ("order_date", {"order_date": TODAY + dt.timedelta(days=1)}),
    ],
)
def test_a_wrong_order_is_refused_at_its_field(filled, approver, field, changed):
    with pytest.raises(ValidationError) as refused:
        approved(filled, approver.who, **changed)

    assert list(refused.value.message_dict) == [field]


def test_an_empty_calendar_cannot_be_approved(our_calendar, approver):
    with pytest.raises(ValidationError):
        approved(our_calendar, approver.who)


def test_a_correction_needs_a_reason_and_a_change(filled, approver):
    approved(filled, approver.who)
    with pytest.raises(ValidationError) as nothing_new:
        approved(filled, approver.who)
    Meeting.objects.filter(calendar=filled, number=1).update(address="Hall 2")
    with pytest.raises(ValidationError) as no_reason:
        approved(filled, approver.who, reason=" ")

    assert "1" in nothing_new.value.messages[0]
    assert list(no_reason.value.message_dict) == ["reason"]


def test_a_correction_tells_only_what_is_different(filled, land, approver):
    approved(filled, approver.who)
    rows = {m.number: m for m in filled.meetings.select_related("holder", "calendar")}
    Meeting.objects.filter(pk=rows[1].pk).update(date=dt.date(2027, 3, 17))
    Meeting.objects.filter(pk=rows[2].pk).update(address="Hall 2")
    cancel(rows[3], reason="Road closed", seen_version=1, by=approver.who)
    factories.meeting(filled, land.K4, land.k41, dt.date(2027, 6, 1))

    version = approved(filled, approver.who).version

    found = Difference.restored(version.difference)
    told = {(row.kind, row.number): row for row in found.rows}
    assert version.number == 2
    assert set(told) == {("moved", 1), ("changed", 2), ("cancelled", 3), ("added", 6)}
    assert told["moved", 1].fields == ("date",)
    assert (told["moved", 1].was["date"], told["moved", 1].became["date"]) == ("2027-03-10", "2027-03-17")
    assert told["changed", 2].fields == ("address",)
    assert told["cancelled", 3].reason == "Road closed"


def test_the_version_remembers_the_coverage_of_its_day(filled, land, approver):
    version = approved(filled, approver.who).version

    assert version.coverage["required"] == 50
    assert version.coverage["planned"] == 5
    assert version.coverage["lines"]["a"] == {"required": 2, "planned": 2, "held": 0}
    json.dumps(version.coverage)


def test_a_meeting_outside_the_calendar_counts_once_a_version_holds_it(filled, land, approver):
    factories.meeting(filled, land.K4, land.k41, dt.date(2027, 6, 1), off_calendar=True)

    version = approved(filled, approver.who).version

    assert version.coverage["planned"] == 6


@pytest.mark.parametrize("role", ["editor", "raion_office", "neighbour", "reviewer", "administrator", "secretary"])
def test_nobody_but_the_approver_of_the_region_approves(filled, role, request):
    person = request.getfixturevalue(role)

    with pytest.raises(PermissionDenied):
        approved(filled, person.who)

    assert not CalendarVersion.objects.exists()


def test_the_clock_cannot_approve(filled):
    with pytest.raises(PermissionDenied):
        approved(filled, Who(system="sweep"))


@pytest.mark.second_factor
def test_an_approver_without_a_second_factor_is_told_to_set_it_up(filled, approver):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    with override("en"), pytest.raises(PermissionDenied) as refused:
        approved(filled, approver.who)
    TOTP.activate(approver.user, generate_totp_secret())

    assert "second factor" in str(refused.value)
    assert approved(filled, approver.who).version.number == 1


def test_freezing_two_hundred_rows_takes_as_many_queries_as_freezing_five(
    filled, land, approver, django_assert_max_num_queries
):
    with django_assert_max_num_queries(80) as few:
        approved(filled, approver.who)
    for day in range(200):
        factories.meeting(filled, land.a1 and land.A, land.a1, dt.date(2027, 1, 20) + dt.timedelta(days=day))
    with django_assert_max_num_queries(80) as many:
        approved(filled, approver.who)

    # A correction also reads the previous version and its cancelled rows.
    assert len(many) - len(few) <= 6
    assert connection.vendor in ("sqlite", "postgresql")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("order.pdf", b"PK\x03\x04 a zip"),
        ("order.pdf", b"<html>%PDF-1.4</html>"),
        ("order.pdf", b""),
        ("order.exe", b"MZ"),
        ("order.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024)),
    ],
    ids=["a zip called pdf", "html with a pdf inside", "empty", "a program", "more than ten megabytes"],
)
def test_only_a_real_scan_of_ten_megabytes_is_taken(name, data):
    from territories.scans import read_scan

    with pytest.raises(ValidationError):
        read_scan(upload(name, data))


def test_a_scan_lies_under_our_own_name_and_keeps_a_clean_one_to_show():
    from territories.scans import read_scan

    scan = read_scan(upload("../../Бұйрық\r\n№ 5\u202e.exe.pdf"))

    assert scan.stored_name.endswith(".pdf")
    assert "/" not in scan.stored_name
    assert scan.shown_name == "Бұйрық № 5 .exe.pdf"
    assert scan.content_type == "application/pdf"
