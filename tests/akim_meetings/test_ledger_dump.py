"""The ledger as files: what a sweep left of a half-played year is what the separate checker counts from the events."""

import datetime as dt
import json
import random

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from akim_meetings.ledger_dump import dump
from calendars.models import CalendarVersion, Meeting, Submission
from checker.ledger import differences
from deadlines.ids import Subject, duty_id
from deadlines.models import Duty, ReadingChoice
from deadlines.services import Proof, bring_in_line, record_evidence, withdraw_evidence
from law import register
from territories.models import Territory
from territories.models.organisations import Organisation, OrganisationKind
from territories.scope import clock
from tests import factories

TODAY = dt.date(2027, 9, 6)
LAW = register.ACTS_FOLDER.parent


@pytest.fixture
def year(land, our_calendar, approver):
    """A year in which some meetings were announced late, moved, cancelled, held by video, and the calendar approved."""
    rng = random.Random(826)
    day = timezone.make_aware(dt.datetime(2027, 1, 12, 23, 30))
    version = CalendarVersion.objects.create(
        calendar=our_calendar,
        number=1,
        order_number="12",
        order_date=day.date(),
        scan_name="order.pdf",
        approved_at=day,
        approved_by=approver.user,
        row_count=0,
    )
    sent = day + dt.timedelta(days=8)
    Submission.objects.create(
        version=version, letter_number="5", letter_date=sent.date(), submitted_at=sent, submitted_by=approver.user
    )
    for kind, key in (("government", "government"), ("ministry", "min-health"), ("ministry", "min-defence")):
        names = {"name_kk": key, "name_ru": key}
        Organisation.objects.create(kind=OrganisationKind(kind), key=key, **names)
    holders = [(land.O, land.R), (land.O, land.K), (land.R, land.A), (land.A, land.a1), (land.A, land.a2)]
    for n in range(40):
        holder, place = holders[n % len(holders)]
        on = dt.date(2027, 1, 20) + dt.timedelta(days=rng.randrange(330))
        held = on < TODAY and n % 7 != 3
        factories.meeting(
            our_calendar,
            holder,
            place,
            on,
            state="held" if held else "cancelled" if n % 7 == 3 else "planned",
            held_on=on if held else None,
            announced_on=on - dt.timedelta(days=rng.choice((5, 7, 13, 14, 20))) if on < TODAY else None,
            off_calendar=n % 9 == 4,
            format="video_only" if n % 11 == 6 else "in_person",
        )
    ReadingChoice.objects.create(
        key="back_mode",
        value="full_days",
        region=land.O,
        valid_from=dt.date(2027, 1, 1),
        document="№ 1",
        reason="a reading",
        decided_by=approver.user,
    )
    bring_in_line(TODAY, [2027])


def found(tmp_path):
    dump(tmp_path, today=TODAY, years=[2027])
    return differences(tmp_path, LAW)


def test_what_a_sweep_left_is_what_the_events_ask_for(year, tmp_path):
    assert found(tmp_path) == []
    duties = [json.loads(line) for line in (tmp_path / "duties.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["state"] for row in duties} >= {"met", "open", "breach", "no_number"}
    assert {row["about"] for row in duties} == {"calendar", "akim", "meeting", "body"}


@pytest.mark.parametrize("partial_unit", ["not_required", "required", "pro_rata"])
def test_a_year_in_which_the_classifier_changed_is_recounted(year, land, approver, tmp_path, partial_unit):
    """An okrug with its village went in spring, a village came; one was renamed, one is left out from now on."""
    choice = {"document": "№ 2", "reason": "a reading", "decided_by": approver.user}
    ReadingChoice.objects.create(key="partial_unit", value=partial_unit, valid_from=dt.date(2027, 1, 1), **choice)
    edition = dt.date(2027, 4, 15)
    went, came = Territory.objects.filter(pk__in=[land.B.pk, land.b1.pk]), Territory.objects.filter(pk=land.V.pk)
    went.update(valid_to=edition - dt.timedelta(days=1))
    came.update(valid_from=edition)
    Territory.objects.filter(pk=land.a1.pk).update(code="610000009", name_kk="Жаңа", name_ru="Новое")
    Territory.objects.filter(pk=land.a3.pk).update(excluded=True, excluded_reason="№ 3")
    bring_in_line(TODAY, [2027])
    assert found(tmp_path) == []
    line = Duty.objects.filter(debtor=land.V, rule_id="826-2.1.e", cancelled_at=None).first()
    Duty.objects.filter(pk=line.pk).update(debtor=land.B)
    assert [(one.duty[0], one.what) for one in found(tmp_path)] == [("826-2.1.e", "debtor")]
    Duty.objects.filter(rule_id="826-1.h1", debtor=land.A).delete()
    assert (("826-1.h1", "akim", land.A.pk, "2027"), "missing") in {(one.duty, one.what) for one in found(tmp_path)}


def test_a_duty_that_somebody_altered_in_the_database_is_named(year, tmp_path):
    row = Duty.objects.filter(rule_id="826-3.4.e", met_on=None, due_on__isnull=False, cancelled_at=None).first()
    Duty.objects.filter(pk=row.pk).update(due_on=row.due_on + dt.timedelta(days=1))
    (wrong,) = found(tmp_path)
    assert (wrong.duty[0], wrong.duty[2], wrong.what) == ("826-3.4.e", row.subject_id, "due_on")


def test_a_fact_that_no_sweep_has_seen_yet_is_named(year, tmp_path):
    meeting = Meeting.objects.filter(state="planned").first()
    Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")
    assert {(one.duty[2], one.what) for one in found(tmp_path)} == {(meeting.pk, "surplus")}
    bring_in_line(TODAY, [2027])
    assert found(tmp_path) == []


def test_a_deleted_duty_is_missed(year, land, tmp_path):
    Duty.objects.filter(pk=duty_id(Subject.AKIM, land.A.pk, "826-2.1.d", "2027-H1")).delete()
    assert [(one.duty, one.what) for one in found(tmp_path)] == [
        (("826-2.1.d", "akim", land.A.pk, "2027-H1"), "missing")
    ]


def test_the_command_says_how_many_rows_each_file_holds(year, tmp_path, capsys):
    call_command("dump_ledger", output=tmp_path / "dump", today=TODAY, years=[2027])
    assert "meetings 40, targets 40" in capsys.readouterr().out
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("dump_ledger", output=tmp_path / "file" / "dump", today=TODAY)


# -- Resolution No. 12 ----------------------------------------------------------------------------
def of_body(key: str, rule_id: str, period: str) -> Duty:
    body = Organisation.objects.get(key=key)
    return Duty.objects.get(pk=duty_id(Subject.BODY, body.pk, rule_id, period))


@pytest.fixture
def ministries(year):
    """What first heads and the authorised body owe, proved in time, late, by a proof taken back, or not at all."""
    names = {"name_kk": "Ақпарат", "name_ru": "Информация"}
    Organisation.objects.create(kind=OrganisationKind.MINISTRY, key="min-culture-info", **names)
    bring_in_line(TODAY, [2027])
    by = clock("test")
    for key, rule_id, period, day in (
        ("min-health", "12-1.1.h2", "2027-Q1", dt.date(2027, 2, 10)),
        ("min-health", "12-1.4.h1", "2027-Q1", dt.date(2027, 4, 8)),
        ("min-health", "12-1.4.h1", "2027-Q2", dt.date(2027, 7, 28)),
        ("min-culture-info", "12-3.1.h1", "2027", dt.date(2027, 6, 10)),
        ("min-culture-info", "12-1.4.h1", "2027-Q1", dt.date(2027, 4, 9)),
    ):
        proof = Proof(kind="SENT", done_on=day, number="12/7", note="entered from the archive")
        row = record_evidence(of_body(key, rule_id, period), proof, seen_version=None, today=TODAY, by=by)
    withdraw_evidence(row, reason="another letter", seen_version=None, today=TODAY, by=by)
    bring_in_line(TODAY, [2027])


def test_the_duties_of_resolution_12_are_recounted_from_the_directory_and_the_proofs(ministries, tmp_path):
    assert found(tmp_path) == []
    duties = [json.loads(line) for line in (tmp_path / "duties.jsonl").read_text(encoding="utf-8").splitlines()]
    ours = [row for row in duties if row["rule"].startswith("12-")]
    assert {row["rule"] for row in ours} == {
        "12-1.1.h2", "12-1.4.h1", "12-3.1.h1", "12-3.1.h2", "12-3.3.h1", "12-3.3.h2"
    }  # fmt: skip
    assert {row["state"] for row in ours} >= {"met", "open", "breach"}
    assert {row["trace"] for row in ours} == {"", "reopened"}
    assert not [row for row in ours if row["body"] == Organisation.objects.get(key="min-defence").pk]


@pytest.mark.parametrize(
    ("key", "rule_id", "period", "change", "what"),
    [
        ("min-health", "12-1.4.h1", "2027-Q2", {"due_on": dt.date(2027, 7, 29)}, "due_on"),
        ("min-health", "12-1.1.h2", "2027-Q2", {"met_on": dt.date(2027, 6, 1), "met_by": "fact"}, "met_on"),
        ("min-culture-info", "12-3.1.h1", "2027", {"met_on": None, "met_by": "", "noted_on": None}, "met_on"),
        ("min-culture-info", "12-3.3.h2", "2027", {"late_after": dt.date(2028, 1, 1)}, "late_after"),
    ],
)
def test_a_duty_of_a_body_that_somebody_altered_is_named(ministries, tmp_path, key, rule_id, period, change, what):
    duty = of_body(key, rule_id, period)
    Duty.objects.filter(pk=duty.pk).update(**change)
    wrong = [one for one in found(tmp_path) if one.what == what]
    assert [(one.duty[0], one.duty[2], one.duty[3]) for one in wrong] == [(rule_id, duty.subject_id, period)]


def test_a_lost_quarter_and_one_that_an_excluded_ministry_does_not_owe_are_named(ministries, tmp_path):
    lost = of_body("min-health", "12-1.1.h2", "2027-Q3")
    left_out = Organisation.objects.get(key="min-defence")
    Duty.objects.filter(pk=lost.pk).delete()
    surplus = of_body("min-health", "12-1.4.h1", "2027-Q3")
    surplus.pk, surplus.body = duty_id(Subject.BODY, left_out.pk, "12-1.4.h1", "2027-Q3"), left_out
    surplus.save(force_insert=True)
    assert {(one.duty[2], one.what) for one in found(tmp_path)} == {
        (lost.subject_id, "missing"), (left_out.pk, "surplus")
    }  # fmt: skip
