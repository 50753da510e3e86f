"""What each kind of fact makes somebody owe, from which day, and what meets it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calendars.models import CalendarVersion, Meeting, VersionRow
from deadlines import ids
from deadlines.ids import Subject, duty_id
from deadlines.models import Counting, Duty, ReadingChoice
from deadlines.services import AnchorDays, FactSet, Proofs, Rows, bring_in_line
from deadlines.services.counting import readings_from, readings_text, touching
from deadlines.wording import described, proof_of
from journal.models import Entry
from law import workdays
from law.deadlines import dates
from law.readings import Readings
from law.register import rule
from territories.models import Organisation, Territory
from territories.models.organisations import OrganisationKind
from tests import factories

HELD_ON = dt.date(2027, 3, 15)
RESULTS = ("826-3.5.c1", "826-3.5.c2", "826-3.5.c3")


@pytest.fixture(autouse=True)
def calendars_alone(settings):
    """What the calendars tell, without the rooms further left."""
    settings.DUTY_SOURCES = ["calendars.duties.facts"]


def of_meeting(meeting, rule_id: str) -> Duty:
    return Duty.objects.get(pk=duty_id(Subject.MEETING, meeting.pk, rule_id))


def of_akim(unit, rule_id: str, period: str) -> Duty:
    return Duty.objects.get(pk=duty_id(Subject.AKIM, unit.pk, rule_id, period))


def frozen_in_version(meeting, person) -> None:
    """A corrected version of the calendar holds the meeting."""
    version = CalendarVersion.objects.create(
        calendar=meeting.calendar,
        number=2,
        order_number="7",
        reason="-",
        order_date=HELD_ON,
        approved_at=timezone.now(),
        approved_by=person.user,
        row_count=1,
    )
    VersionRow.objects.create(
        version=version,
        meeting=meeting,
        **{name: getattr(meeting, name) for name in ("number", "holder", "place", "date")},
        data={},
    )


def body(kind: str, key: str) -> Organisation:
    return Organisation.objects.create(key=key, kind=kind, name_kk=key, name_ru=key)


def owed_by(found: Organisation) -> set[tuple[str, str, str]]:
    return {(duty.rule_id, duty.period, str(duty.due_on)) for duty in Duty.objects.filter(body=found)}


# -- The akim's norms -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holder", "line", "period", "last_day"),
    [
        ("O", "a", "2027", "2027-12-31"),
        ("R", "c", "2027-H1", "2027-06-30"),
        ("R", "c", "2027-H2", "2027-12-31"),
        ("K", "d", "2027-H1", "2027-06-30"),
        ("A", "d", "2027-H2", "2027-12-31"),
        ("V", "e", "2027-H1", "2027-06-30"),
    ],
)
def test_every_akim_owes_his_line_by_the_end_of_its_period(land, holder, line, period, last_day):
    bring_in_line(dt.date(2027, 1, 10))
    found = of_akim(getattr(land, holder), f"826-2.1.{line}", period)
    assert (str(found.due_on), found.late_after, found.met_on) == (last_day, found.due_on, None)


def test_an_akim_without_targets_owes_no_line(land):
    bring_in_line(dt.date(2027, 1, 10))
    assert not Duty.objects.filter(debtor=land.C, rule_id__startswith="826-2.1").exists()


def test_a_line_is_met_on_the_day_on_which_the_last_target_was_held(land, our_calendar):
    days = {land.a1: dt.date(2027, 2, 3), land.a2: dt.date(2027, 5, 4), land.a3: dt.date(2027, 4, 1)}
    for place, day in days.items():
        factories.meeting(our_calendar, land.A, place, day, state="held", held_on=day)
        bring_in_line(dt.date(2027, 6, 1))
    assert of_akim(land.A, "826-2.1.d", "2027-H1").met_on == dt.date(2027, 5, 4)
    assert of_akim(land.A, "826-2.1.d", "2027-H2").met_on is None


@pytest.mark.parametrize("fields", [{"state": "planned"}, {"state": "held", "format": "video_only"}])
def test_a_target_that_was_only_planned_or_seen_by_video_is_not_held(land, our_calendar, fields):
    factories.meeting(our_calendar, land.B, land.b1, HELD_ON, **fields)
    bring_in_line(dt.date(2027, 6, 1))
    assert of_akim(land.B, "826-2.1.d", "2027-H1").met_on is None


# -- One meeting a year of every akim --------------------------------------------------------------


def test_akims_of_all_levels_owe_one_meeting_by_the_end_of_the_year(land):
    """Those too to whom the lines of paragraph 2 name nobody: a city of raion significance without parts (A-11)."""
    bring_in_line(dt.date(2027, 1, 10))
    found = Duty.objects.filter(rule_id="826-1.h1")
    assert {duty.debtor for duty in found} == set(Territory.objects.filter(own_akim=True))
    assert {str(duty.due_on) for duty in found} == {"2027-12-31"}
    assert (of_akim(land.C, "826-1.h1", "2027").region, of_akim(land.O, "826-1.h1", "2027").region) == (land.O, land.O)


def test_the_first_meeting_that_an_akim_held_wherever_it_was_keeps_the_year(land, our_calendar):
    factories.meeting(our_calendar, land.C, land.a1, dt.date(2027, 4, 2), state="held")
    factories.meeting(our_calendar, land.C, land.C, dt.date(2027, 2, 2), state="held", held_on=dt.date(2027, 2, 3))
    factories.meeting(our_calendar, land.V, land.V, dt.date(2027, 2, 2))
    bring_in_line(dt.date(2027, 6, 1))
    kept = of_akim(land.C, "826-1.h1", "2027")
    assert (kept.met_on, proof_of(kept).kind) == (dt.date(2027, 2, 3), "REC")
    assert of_akim(land.V, "826-1.h1", "2027").met_on is None, "planned is not held"
    Meeting.objects.filter(holder=land.C).update(state="cancelled")
    assert bring_in_line(dt.date(2027, 6, 2)).reopened == 1


@pytest.mark.parametrize(
    ("reading", "corrected", "counts"),
    [("after_correction", False, False), ("after_correction", True, True), ("always", False, True)],
)
def test_a_meeting_outside_the_calendar_keeps_the_year_as_it_is_read(
    land, our_calendar, approver, reading, corrected, counts
):
    meeting = factories.meeting(our_calendar, land.A, land.a1, HELD_ON, state="held", off_calendar=True)
    if corrected:
        frozen_in_version(meeting, approver)
    choose(approver, "off_calendar_counts", reading)
    bring_in_line(dt.date(2027, 6, 1))
    assert (of_akim(land.A, "826-1.h1", "2027").met_on is not None) is counts


@pytest.mark.parametrize(
    ("reading", "asked"), [("not_required", ""), ("required", "early late"), ("pro_rata", "early")]
)
def test_an_akim_of_a_part_of_the_year_owes_as_a_part_of_a_period_is_read(land, approver, reading, asked):
    early, late = land.V, land.P
    Territory.objects.filter(pk=early.pk).update(valid_from=dt.date(2027, 3, 1))
    Territory.objects.filter(pk=late.pk).update(valid_from=dt.date(2027, 10, 1))
    Territory.objects.filter(pk=land.B.pk).update(excluded=True, excluded_reason="№ 5")
    choose(approver, "partial_unit", reading)
    bring_in_line(dt.date(2027, 12, 1))
    owing = set(Duty.objects.filter(rule_id="826-1.h1", year=2027).values_list("debtor", flat=True))
    names = {"early": early.pk, "late": late.pk, "excluded": land.B.pk}
    assert " ".join(name for name, pk in names.items() if pk in owing) == asked


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("kk", "Барлық деңгейдегі әкімдер жыл бойы халықпен кездесулер өткізеді."),
        ("ru", "Акимы всех уровней в течение года проводят встречи с населением."),
        ("en", "Akims of all levels hold meetings with the population during the year."),
    ],
)
def test_the_meeting_of_the_year_is_explained_in_each_language(land, lang, sentence):
    bring_in_line(dt.date(2027, 1, 10))
    found = described(of_akim(land.V, "826-1.h1", "2027"), lang, steps=True)
    assert found["sentence"] == sentence
    assert found["title"]
    assert len(found["steps"]) >= 3
    assert any("31" in step and "2027" in step for step in found["steps"])


# -- Each meeting ---------------------------------------------------------------------------------


def test_a_planned_meeting_already_tells_the_last_day_of_its_results(land, our_calendar):
    meeting = factories.meeting(our_calendar, land.A, land.a1, HELD_ON)
    bring_in_line(dt.date(2027, 1, 10))
    assert {str(of_meeting(meeting, rule_id).due_on) for rule_id in RESULTS} == {"2027-03-25"}


def test_results_are_counted_from_the_day_on_which_the_meeting_was_really_held(land, our_calendar):
    meeting = factories.meeting(our_calendar, land.A, land.a1, HELD_ON)
    bring_in_line(dt.date(2027, 1, 10))
    Meeting.objects.update(state="held", held_on=dt.date(2027, 3, 17))
    assert bring_in_line(dt.date(2027, 3, 18)).redated >= 3
    assert {str(of_meeting(meeting, rule_id).due_on) for rule_id in RESULTS} == {"2027-03-27"}


def test_lines_of_one_timing_share_their_days_but_each_names_itself(land, our_calendar):
    meeting = factories.meeting(our_calendar, land.A, land.a1, HELD_ON)
    bring_in_line(dt.date(2027, 1, 10))
    told = {of_meeting(meeting, rule_id).counting.derivation[0]["params"]["line"] for rule_id in RESULTS}
    assert told == set(RESULTS)


@pytest.mark.parametrize(("today", "opened"), [("2027-01-13", False), ("2027-01-14", True), ("2027-09-01", True)])
def test_the_checklist_opens_sixty_days_before_the_meeting(land, our_calendar, today, opened):
    meeting = factories.meeting(our_calendar, land.A, land.a1, HELD_ON)
    day = dt.date.fromisoformat(today)
    bring_in_line(day)
    rows = Duty.objects.of_subject(Subject.MEETING, meeting.pk).with_state(day)
    checklist = [row for row in rows if row.due_on is None]
    assert bool(checklist) == opened
    assert {row.state for row in checklist} <= {"no_number"}
    if opened:
        assert {"826-3.4.a1", "826-3.4.c", "826-3.5.a1", "826-3.5.b2", "826-4.h2"} <= {r.rule_id for r in checklist}


def test_a_checklist_once_open_stays_though_the_meeting_moves_to_a_far_day(land, our_calendar):
    fields = {"announced_on": dt.date(2027, 2, 1), "announced_url": "https://akimat.example/1"}
    meeting = factories.meeting(our_calendar, land.A, land.a1, HELD_ON, **fields)
    bring_in_line(dt.date(2027, 2, 2))
    Meeting.objects.update(date=dt.date(2027, 11, 3))
    assert bring_in_line(dt.date(2027, 2, 3)).dropped == 0
    announced = of_meeting(meeting, "826-3.4.d")
    assert (announced.met_on, announced.trace) == (dt.date(2027, 2, 1), "")
    assert of_meeting(meeting, "826-3.4.a1").cancelled_at is None


@pytest.mark.parametrize(
    ("broadcast", "note", "met", "comments"),
    [
        ("yes", "https://live.example/1", True, True),
        ("no", "no line to the village", True, False),
        ("yes", "", False, True),
        ("later", "", False, False),
    ],
)
def test_a_broadcast_or_its_reason_is_proved_when_the_meeting_was_held(
    land, our_calendar, broadcast, note, met, comments
):
    fields = {"broadcast": broadcast, "broadcast_note": note, "state": "held", "held_on": HELD_ON}
    meeting = factories.meeting(our_calendar, land.A, land.a1, HELD_ON, **fields)
    bring_in_line(dt.date(2027, 3, 16))
    assert (of_meeting(meeting, "826-3.2.h1").met_on == HELD_ON) == met
    found = Duty.objects.filter(pk=duty_id(Subject.MEETING, meeting.pk, "826-3.2.h2"))
    assert found.exists() == comments


@pytest.mark.parametrize(
    ("today", "quarters"),
    [("2027-03-20", ["2027-Q1"]), ("2027-05-01", ["2027-Q1", "2027-Q2"]), ("2027-12-01", ["2027-Q1", "2027-Q4"])],
)
def test_from_the_quarter_of_his_first_meeting_on_an_akim_reports_progress(land, our_calendar, today, quarters):
    factories.meeting(our_calendar, land.A, land.a1, HELD_ON, state="held", held_on=HELD_ON)
    bring_in_line(dt.date.fromisoformat(today))
    found = {duty.period: str(duty.due_on) for duty in Duty.objects.filter(rule_id="826-3.5.d1", debtor=land.A)}
    assert {found[quarters[0]], found[quarters[-1]]} <= {"2027-04-25", "2027-07-25", "2028-01-25"}
    assert set(quarters) <= set(found)
    assert not Duty.objects.filter(rule_id="826-3.5.d1", debtor=land.B).exists()


# -- The centre -----------------------------------------------------------------------------------


def test_the_government_owes_calendars_and_lists_by_the_table_of_the_register(db):
    government = body(OrganisationKind.GOVERNMENT, "government-office")
    bring_in_line(dt.date(2027, 1, 10))
    assert owed_by(government) == {
        ("826-5.1.h1", "2027", "2027-01-31"),
        ("826-5.2.h1", "2027", "2027-02-14"),
        ("826-5.2.h2", "2027", "2027-02-14"),
        ("826-5.2.h3", "2027", "2027-08-14"),
        ("826-5.2.h4", "2027", "2027-08-14"),
    }


def test_a_ministry_meets_and_informs_each_quarter_and_renews_its_list(db):
    health = body(OrganisationKind.MINISTRY, "min-health")
    bring_in_line(dt.date(2027, 4, 1))
    assert owed_by(health) == {
        ("12-1.1.h2", "2027-Q1", "2027-03-31"),
        ("12-1.1.h2", "2027-Q2", "2027-06-30"),
        ("12-1.4.h1", "2027-Q1", "2027-04-10"),
        ("12-1.4.h1", "2027-Q2", "2027-07-10"),
        ("826-5.3.h2", "2027-Q1", "None"),
        ("826-5.3.h2", "2027-Q2", "None"),
    }


@pytest.mark.parametrize("key", ["min-defence", "min-mfa", "min-emergency", "min-mia", "min-justice"])
def test_five_ministries_are_left_out_of_resolution_12_but_not_of_the_decree(db, key):
    ministry = body(OrganisationKind.MINISTRY, key)
    bring_in_line(dt.date(2027, 1, 10))
    assert {rule_id for rule_id, _period, _day in owed_by(ministry)} == {"826-5.3.h2"}


def test_the_body_on_access_to_information_owes_drafts_and_summaries_twice_a_year(db):
    found = body(OrganisationKind.MINISTRY, "min-culture-info")
    bring_in_line(dt.date(2027, 1, 10))
    assert {row for row in owed_by(found) if row[0].startswith("12-3")} == {
        ("12-3.1.h1", "2027", "2027-12-14"),
        ("12-3.1.h2", "2027", "2027-06-14"),
        ("12-3.3.h1", "2027", "2027-06-14"),
        ("12-3.3.h2", "2027", "2027-12-14"),
    }


def test_a_holding_renews_its_list_and_holds_no_meetings(db):
    holding = body(OrganisationKind.HOLDING, "org-holding")
    bring_in_line(dt.date(2027, 1, 10))
    assert {rule_id for rule_id, _period, _day in owed_by(holding)} == {"826-5.3.h2"}


# -- The years ------------------------------------------------------------------------------------


def test_an_earlier_year_is_swept_while_something_with_a_date_is_open_in_it(land, our_calendar):
    meeting = factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 12, 20), state="held")
    bring_in_line(dt.date(2027, 12, 21))
    Meeting.objects.update(held_on=dt.date(2027, 12, 22))
    bring_in_line(dt.date(2028, 1, 3))
    assert str(of_meeting(meeting, RESULTS[0]).due_on) == "2028-01-01"


# -- Other rooms ----------------------------------------------------------------------------------


def told_by_another_room(monkeypatch, settings, *items):
    import tests.deadlines.test_facts as here

    monkeypatch.setattr(here, "other_room", lambda today, years: items, raising=False)
    settings.DUTY_SOURCES = [*settings.DUTY_SOURCES, "tests.deadlines.test_facts.other_room"]


def days_of(meeting, **columns) -> Rows:
    """One row about a meeting, as a room would select it."""
    parts = ", ".join(f"{value} AS {name}" for name, value in columns.items())
    sql = f"SELECT id AS subject_id, {parts} FROM calendars_meeting WHERE id = %s"
    return Rows.raw(sql, [meeting.pk], ["subject_id", *columns])


@pytest.mark.parametrize(
    ("reception", "due", "late_after"),
    [
        ("2027-03-20", "2027-03-30", "2027-03-30"),
        # Later than ten days after the meeting: it moves only the last day that some reading allows.
        ("2027-03-30", "2027-03-25", "2027-04-09"),
    ],
)
def test_a_reception_that_another_room_tells_moves_the_ten_days(
    land, our_calendar, monkeypatch, settings, reception, due, late_after
):
    meeting = factories.meeting(
        our_calendar, land.A, land.a1, HELD_ON, state="held", held_on=HELD_ON, remarks=reception
    )
    rows = Rows.of(Meeting.objects.filter(pk=meeting.pk), subject_id="pk", day="announced_on")
    Meeting.objects.update(announced_on=reception)
    told_by_another_room(monkeypatch, settings, AnchorDays("reception.end_date", Subject.MEETING, rows))
    bring_in_line(dt.date(2027, 3, 16))
    found = of_meeting(meeting, RESULTS[0])
    assert (str(found.due_on), str(found.late_after)) == (due, late_after)


def test_proofs_of_another_room_meet_duties_on_the_earliest_day(land, our_calendar, monkeypatch, settings):
    meeting = factories.meeting(our_calendar, land.A, land.a1, HELD_ON, state="held", held_on=HELD_ON)
    later = days_of(meeting, met_on="held_on", evidence="'LINK|||https://b.example/|'")
    Meeting.objects.update(announced_on=dt.date(2027, 3, 1))
    earlier = days_of(meeting, met_on="announced_on", evidence="'LINK|||https://a.example/|'")
    proofs = (Proofs(("826-3.5.c1",), Subject.MEETING, rows) for rows in (later, earlier))
    told_by_another_room(monkeypatch, settings, *proofs)
    bring_in_line(dt.date(2027, 3, 16))
    found = of_meeting(meeting, "826-3.5.c1")
    assert (found.met_on, found.evidence) == (dt.date(2027, 3, 1), "LINK|||https://a.example/|")
    assert of_meeting(meeting, "826-3.5.c2").met_on is None


def test_a_later_room_speaks_for_a_line_in_the_stead_of_an_earlier_one(land, our_calendar, monkeypatch, settings):
    factories.meeting(our_calendar, land.A, land.a1, HELD_ON, state="held", held_on=HELD_ON)
    only_b = Rows.of(type(land.B).objects.filter(pk=land.B.pk), subject_id="pk", debtor_id="pk", region_id="region_id")
    fixed = {"period.end": dt.date(2027, 3, 31)}
    facts = FactSet(("826-3.5.d1",), Subject.AKIM, 2027, only_b, period="2027-Q1", fixed=fixed)
    told_by_another_room(monkeypatch, settings, facts)
    bring_in_line(dt.date(2027, 5, 1))
    assert {duty.debtor for duty in Duty.objects.filter(rule_id="826-3.5.d1")} == {land.B}


# -- What became of met duties --------------------------------------------------------------------


@pytest.fixture
def announced(land, our_calendar) -> Meeting:
    day = dt.date(2027, 3, 1)
    meeting = factories.meeting(our_calendar, land.A, land.a1, HELD_ON, announced_on=day, announced_url="https://a.kz")
    bring_in_line(dt.date(2027, 3, 2))
    return meeting


def test_a_met_duty_stays_as_it_was_met_when_its_fact_is_gone_and_says_so(announced):
    Meeting.objects.update(state="cancelled")
    bring_in_line(dt.date(2027, 3, 3))
    found = of_meeting(announced, "826-3.4.f")
    assert (found.met_on, found.trace, found.cancelled_at) == (dt.date(2027, 3, 1), "fact_gone", None)
    assert Entry.objects.filter(action="duty.fact_gone", object_id=str(found.pk)).count() == 1


def test_a_fact_that_comes_back_takes_the_mark_away(announced):
    Meeting.objects.update(state="cancelled")
    bring_in_line(dt.date(2027, 3, 3))
    Meeting.objects.update(state="planned")
    bring_in_line(dt.date(2027, 3, 4))
    assert of_meeting(announced, "826-3.4.f").trace == ""
    assert of_meeting(announced, RESULTS[0]).cancelled_at is None


def test_a_proof_that_is_taken_back_opens_the_duty_again_and_the_journal_tells_it(announced):
    Meeting.objects.update(announced_on=None)
    counts = bring_in_line(dt.date(2027, 3, 3))
    found = of_meeting(announced, "826-3.4.f")
    assert (found.met_on, found.met_by, found.trace, found.evidence) == (None, "", "reopened", "")
    entry = Entry.objects.get(action="duty.reopened", object_id=str(found.pk))
    assert (entry.was["met_on"], counts.reopened) == ("2027-03-01", 2)


def test_a_day_edited_afterwards_is_kept_with_its_trace(announced):
    Meeting.objects.update(announced_on=dt.date(2027, 2, 20))
    bring_in_line(dt.date(2027, 4, 1))
    found = of_meeting(announced, "826-3.4.f")
    assert (found.met_on, found.noted_on, found.trace) == (dt.date(2027, 2, 20), dt.date(2027, 4, 1), "changed")
    assert found.entered_afterwards


def test_a_sweep_that_runs_again_writes_nothing_whatever_has_happened(announced):
    for change in ({"announced_on": None}, {"state": "cancelled"}, {"state": "held", "held_on": HELD_ON}):
        Meeting.objects.update(**change)
        bring_in_line(dt.date(2027, 3, 20))
        before = list(Duty.objects.order_by("pk").values())
        again = bring_in_line(dt.date(2027, 3, 20))
        assert set(vars(again).values()) == {0}
        assert list(Duty.objects.order_by("pk").values()) == before


def test_the_number_of_questions_does_not_grow_with_the_meetings(land, our_calendar):
    numbers = []
    for place in (land.a1, land.a2, land.a3):
        factories.meeting(our_calendar, land.A, place, HELD_ON)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            bring_in_line(dt.date(2027, 1, 20))
        numbers.append(len(asked))
    assert numbers[1] == numbers[2]


# -- Countings ------------------------------------------------------------------------------------


def test_duties_of_one_day_share_one_counting(land, our_calendar):
    for place in (land.a1, land.a2, land.a3):
        factories.meeting(our_calendar, land.A, place, HELD_ON)
    bring_in_line(dt.date(2027, 1, 10))
    assert Duty.objects.filter(rule_id="826-3.4.f").count() == 3
    assert Counting.objects.filter(wording__startswith="826-3.4.f@").count() == 1


def choose(person, key: str, value: str, region=None) -> None:
    ReadingChoice.objects.create(
        key=key,
        value=value,
        region=region,
        valid_from=dt.date(2026, 1, 1),
        document="№ 1",
        reason="-",
        decided_by=person.user,
    )


def test_a_region_with_a_reading_of_its_own_is_counted_apart(land, our_calendar, their_calendar, approver):
    ours = factories.meeting(our_calendar, land.A, land.a1, HELD_ON)
    theirs = factories.meeting(their_calendar, land.NA, land.na, HELD_ON)
    choose(approver, "back_mode", "full_days", land.N)
    bring_in_line(dt.date(2027, 1, 10))
    assert str(of_meeting(ours, "826-3.4.f").due_on) == "2027-03-08"
    assert str(of_meeting(theirs, "826-3.4.f").due_on) == "2027-03-07"


def test_bodies_owe_by_the_readings_of_the_nation_whatever_a_region_has_chosen(land, approver):
    information = Organisation.objects.create(
        key="min-culture-info", kind=OrganisationKind.MINISTRY, name_kk="Орган", name_ru="Орган"
    )
    choose(approver, "until_edge", "inclusive", land.N)
    bring_in_line(dt.date(2027, 1, 10))
    assert str(Duty.objects.get(rule_id="12-3.1.h1", body=information).due_on) == "2027-12-14"


def test_a_reading_that_does_not_touch_a_line_does_not_count_it_anew(land, our_calendar, approver):
    factories.meeting(our_calendar, land.A, land.a1, HELD_ON)
    bring_in_line(dt.date(2027, 1, 10))
    before = dict(Duty.objects.filter(rule_id="826-3.4.f").values_list("pk", "counting"))
    choose(approver, "until_edge", "inclusive")
    bring_in_line(dt.date(2027, 1, 10))
    assert dict(Duty.objects.filter(rule_id="826-3.4.f").values_list("pk", "counting")) == before


def test_readings_are_written_down_and_read_again(db):
    chosen = Readings.default().with_(back_mode="full_days", notice_internal_days=7)
    assert readings_text(Readings.default(), "826-3.4.e") == ""
    for rule_id in ("826-3.4.e", "826-2.1.f2", "826-2.2.h1"):
        again = readings_from(readings_text(chosen, rule_id))
        assert all(again.of(key, rule_id) == chosen.of(key, rule_id) for key in touching(rule_id))


ANCHORS = {
    "year": 2027,
    "period.end": dt.date(2027, 3, 31),
    "meeting.date": HELD_ON,
    "meeting.end_date": HELD_ON,
    "reception.end_date": dt.date(2027, 4, 1),
    "off_calendar": 1,
    "calendar.corrected_at": HELD_ON,
}


def test_a_counting_asks_for_no_reading_that_its_key_leaves_out(db, land, our_calendar):
    factories.meeting(our_calendar, land.A, land.a1, HELD_ON, off_calendar=True)
    body(OrganisationKind.GOVERNMENT, "government-office")
    body(OrganisationKind.MINISTRY, "min-culture-info")
    bring_in_line(dt.date(2027, 3, 16))
    for rule_id in set(Duty.objects.values_list("rule_id", flat=True)):
        found = dates(rule(rule_id, dt.date(2027, 1, 1)), ANCHORS, Readings.default(), workdays)
        assert set(found.readings) <= set(touching(rule_id)), rule_id


def test_every_id_in_the_ledger_is_the_one_that_its_facts_ask_for(announced):
    for duty in Duty.objects.all():
        part = ids.parts(duty.pk)
        assert (part.rule_id, duty_id(*part)) == (duty.rule_id, duty.pk)
