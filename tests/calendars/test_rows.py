"""Every change of the calendar's rows passes one pipeline: who may, what the act forbids, who was first."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from calendars.models import Meeting, MeetingState, Step
from calendars.services import (
    Change,
    Conflict,
    Create,
    Met,
    WallHit,
    accept,
    apply,
    apply_across,
    hold,
    hold_many,
    remove,
    return_,
    undo,
)
from calendars.terms import most_report_minutes
from journal.models import Entry
from territories.scope import clock
from tests import factories


def row(holder, place, date=dt.date(2027, 3, 10), **more) -> dict:
    return {
        "holder_id": holder.pk,
        "place_id": place.pk,
        "address": "клуб",
        "date": date,
        "time": dt.time(10),
        "planned_minutes": 120,
        "report_minutes": 30,
        "format": "in_person",
        "broadcast": "later",
        "broadcast_note": "",
        "languages": "both",
        "remarks": "",
        "off_calendar": False,
    } | more


def plan(calendar, person, *rows):
    return apply(calendar, [Create(values) for values in rows], by=person.who, label="planning")


def test_the_region_plans_a_meeting_and_it_serves_the_place(land, our_calendar, editor):
    [meeting] = plan(our_calendar, editor, row(land.A, land.a1)).meetings
    assert (meeting.state, meeting.number) == (MeetingState.PLANNED, 1)
    assert list(meeting.targets.values_list("holder_id", "target_id")) == [(land.A.pk, land.a1.pk)]


def test_a_raions_akim_in_a_village_closes_the_okrug(land, our_calendar, editor):
    [meeting] = plan(our_calendar, editor, row(land.R, land.a1)).meetings
    assert list(meeting.targets.values_list("target_id", flat=True)) == [land.A.pk]


def test_the_oblasts_akim_in_a_village_closes_the_raion(land, our_calendar, editor):
    [meeting] = plan(our_calendar, editor, row(land.O, land.a1)).meetings
    assert list(meeting.targets.values_list("target_id", flat=True)) == [land.R.pk]


def test_an_office_below_only_proposes(land, our_calendar, okrug_office):
    [meeting] = plan(our_calendar, okrug_office, row(land.A, land.a1)).meetings
    assert (meeting.state, meeting.proposed_by) == (MeetingState.PROPOSED, okrug_office.user)


def test_an_office_cannot_enter_a_meeting_of_another_akim(land, our_calendar, okrug_office):
    with pytest.raises(WallHit) as hit:
        plan(our_calendar, okrug_office, row(land.B, land.b1))
    assert [p.field for p in hit.value.problems[0]] == ["holder"]


def test_a_neighbour_cannot_write_into_our_calendar(land, our_calendar, neighbour):
    with pytest.raises(PermissionDenied):
        plan(our_calendar, neighbour, row(land.N, land.NR))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"report_minutes": 31}, "report_minutes"),
        ({"planned_minutes": 0, "report_minutes": 0}, "planned_minutes"),
        ({"date": dt.date(2028, 1, 1)}, "date"),
    ],
)
def test_what_the_act_plainly_forbids_is_a_wall(land, our_calendar, editor, change, field):
    with pytest.raises(WallHit) as hit:
        plan(our_calendar, editor, row(land.A, land.a1, **change))
    assert [p.field for p in hit.value.problems[0]] == [field]


def test_exactly_a_quarter_of_the_time_is_allowed(land, our_calendar, editor):
    plan(our_calendar, editor, row(land.A, land.a1, planned_minutes=120, report_minutes=30))


@pytest.mark.parametrize(
    ("holder", "place", "field"), [("a1", "a1", "holder"), ("A", "b1", "place"), ("N", "NA", "holder")]
)
def test_only_akims_meet_people_and_only_in_their_own_territory(land, our_calendar, editor, holder, place, field):
    with pytest.raises(WallHit) as hit:
        plan(our_calendar, editor, row(getattr(land, holder), getattr(land, place)))
    assert field in [p.field for p in hit.value.problems[0]]


def test_one_bad_row_of_many_and_nothing_is_written(land, our_calendar, editor):
    with pytest.raises(WallHit) as hit:
        plan(our_calendar, editor, row(land.A, land.a1), row(land.A, land.a2, report_minutes=90))
    assert list(hit.value.problems) == [1]
    assert not Meeting.objects.exists()
    assert not Entry.objects.filter(action="meeting.planned").exists()


def test_a_place_that_no_longer_exists_on_that_day_is_refused(land, our_calendar, editor):
    land.a1.valid_to = dt.date(2027, 1, 31)
    land.a1.save()
    with pytest.raises(WallHit):
        plan(our_calendar, editor, row(land.A, land.a1))


def test_the_second_of_two_editors_is_told_and_nothing_is_overwritten(land, our_calendar, editor, approver):
    [meeting] = plan(our_calendar, editor, row(land.A, land.a1)).meetings
    apply(our_calendar, [Change(meeting.pk, {"address": "school"}, 1)], by=approver.who, label="x")
    with pytest.raises(Conflict) as conflict:
        apply(our_calendar, [Change(meeting.pk, {"address": "library"}, 1)], by=editor.who, label="x")
    assert conflict.value.meeting.address == "school"
    assert conflict.value.fields == ["address"]
    meeting.refresh_from_db()
    assert (meeting.address, meeting.version) == ("school", 2)


def test_every_change_is_in_the_journal_with_who_what_and_under_which_post(land, our_calendar, editor):
    [meeting] = plan(our_calendar, editor, row(land.A, land.a1)).meetings
    apply(our_calendar, [Change(meeting.pk, {"date": dt.date(2027, 4, 1)}, 1)], by=editor.who, label="x")
    entry = Entry.objects.filter(action="meeting.edited").get()
    assert (entry.was, entry.became) == ({"date": "2027-03-10"}, {"date": "2027-04-01"})
    assert (entry.actor_id, entry.scope_path, entry.address) == (editor.user.pk, land.O.path, "127.0.0.1")
    assert str(editor.post) == entry.post_text


def test_saving_without_a_change_writes_nothing(land, our_calendar, editor):
    [meeting] = plan(our_calendar, editor, row(land.A, land.a1)).meetings
    outcome = apply(our_calendar, [Change(meeting.pk, row(land.A, land.a1), 1)], by=editor.who, label="x")
    meeting.refresh_from_db()
    assert (outcome.unchanged, outcome.step, meeting.version) == (1, None, 1)


def test_undo_puts_a_moved_meeting_back(land, our_calendar, editor):
    [meeting] = plan(our_calendar, editor, row(land.A, land.a1)).meetings
    change = {"date": dt.date(2027, 5, 5), "place_id": land.a2.pk}
    step = apply(our_calendar, [Change(meeting.pk, change, 1)], by=editor.who, label="x").step
    undo(step, by=editor.who)
    meeting.refresh_from_db()
    assert (meeting.date, meeting.place_id) == (dt.date(2027, 3, 10), land.a1.pk)
    assert list(meeting.targets.values_list("target_id", flat=True)) == [land.a1.pk]


def test_undo_of_planning_takes_the_rows_out_again(land, our_calendar, editor):
    step = plan(our_calendar, editor, row(land.A, land.a1), row(land.A, land.a2)).step
    undo(step, by=editor.who)
    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.REMOVED}
    assert not Meeting.objects.visible_to(editor.who).exists()


def test_undo_does_not_run_over_what_somebody_else_has_done_since(land, our_calendar, editor, approver):
    outcome = plan(our_calendar, editor, row(land.A, land.a1))
    apply(our_calendar, [Change(outcome.meetings[0].pk, {"address": "school"}, 1)], by=approver.who, label="x")
    with pytest.raises(Conflict):
        undo(outcome.step, by=editor.who)
    assert Meeting.objects.get().state == MeetingState.PLANNED


def test_nobody_undoes_another_persons_step_or_the_same_step_twice(land, our_calendar, editor, approver):
    step = plan(our_calendar, editor, row(land.A, land.a1)).step
    with pytest.raises(PermissionDenied):
        undo(step, by=approver.who)
    undo(step, by=editor.who)
    with pytest.raises(PermissionDenied):
        undo(step, by=editor.who)
    assert Step.objects.get().undone_at


def test_the_region_accepts_or_returns_what_an_office_proposed(land, our_calendar, editor, okrug_office):
    good, bad = plan(our_calendar, okrug_office, row(land.A, land.a1), row(land.A, land.a2)).meetings
    accept(our_calendar, factories.seen_of([good]), by=editor.who)
    return_(our_calendar, factories.seen_of([bad]), remark="other day", by=editor.who)
    states = dict(Meeting.objects.values_list("pk", "state"))
    assert states == {good.pk: MeetingState.PLANNED, bad.pk: MeetingState.RETURNED}
    with pytest.raises(PermissionDenied):
        accept(our_calendar, factories.seen_of([bad]), by=okrug_office.who)


def test_an_office_cannot_change_its_row_once_it_is_in_the_calendar(land, our_calendar, editor, okrug_office):
    [meeting] = plan(our_calendar, okrug_office, row(land.A, land.a1)).meetings
    accept(our_calendar, factories.seen_of([meeting]), by=editor.who)
    with pytest.raises(PermissionDenied):
        apply(our_calendar, [Change(meeting.pk, {"address": "x"}, 2)], by=okrug_office.who, label="x")


def test_an_office_holds_its_own_planned_meeting_on_its_day_and_not_before(land, our_calendar, okrug_office):
    meeting = factories.meeting(our_calendar, land.A, land.a1)
    before, after = dt.date(2027, 3, 9), dt.date(2027, 3, 10)
    with pytest.raises(ValidationError):
        hold(meeting, on=after, attendance=40, seen_version=1, today=before, by=okrug_office.who)
    hold(meeting, on=after, attendance=40, seen_version=1, today=after, by=okrug_office.who)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.held_on, meeting.attendance) == (MeetingState.HELD, after, 40)


def test_a_row_taken_out_of_the_draft_keeps_its_number_for_itself(land, our_calendar, editor):
    [first] = plan(our_calendar, editor, row(land.A, land.a1)).meetings
    remove(our_calendar, factories.seen_of([first]), by=editor.who)
    [second] = plan(our_calendar, editor, row(land.A, land.a2)).meetings
    assert (first.number, second.number) == (1, 2)


def test_writing_thirty_rows_asks_the_database_as_often_as_writing_twenty(land, our_calendar, editor):
    counts = []
    for month, many in ((3, 21), (5, 30)):
        with CaptureQueriesContext(connection) as asked:
            plan(our_calendar, editor, *(row(land.A, land.a1, dt.date(2027, month, 1 + n)) for n in range(many)))
        counts.append(len(asked))
    # SQLite cuts long inserts into pieces by the number of values; PostgreSQL does not.
    assert counts[1] - counts[0] <= (0 if connection.vendor == "postgresql" else 4)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_saving_at_the_same_moment_leave_one_winner(land, our_calendar, editor, approver):
    meeting = factories.meeting(our_calendar, land.A, land.a1)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def save(person, address: str) -> None:
        start.wait()
        try:
            apply(our_calendar, [Change(meeting.pk, {"address": address}, 1)], by=person.who, label="x")
            outcomes.append("written")
        except Conflict:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=args) for args in ((editor, "school"), (approver, "library"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["told", "written"]
    assert Meeting.objects.get().version == 2


@pytest.mark.parametrize("planned", [1, 59, 60, 119, 120, 240])
def test_the_wall_of_the_database_stands_where_the_register_puts_it(land, our_calendar, planned):
    """826-3.3.h1: what the act allows is kept, a minute more is not, whoever writes the row."""
    most = most_report_minutes(planned, dt.date(2027, 1, 1))
    factories.meeting(our_calendar, land.R, land.A, planned_minutes=planned, report_minutes=most)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.meeting(our_calendar, land.R, land.A, planned_minutes=planned, report_minutes=most + 1)


@pytest.mark.parametrize(
    ("days", "place", "stands"),
    [(0, "A", True), (5, "A", True), (-1, "A", False), (5, "B", False)],
)
def test_a_meeting_moved_earlier_or_elsewhere_must_be_announced_anew(land, our_calendar, editor, days, place, stands):
    """A-05: the window starts again; moved to a later day at the same place the first announcement stands."""
    told = {"announced_on": dt.date(2027, 2, 20), "announced_url": "https://example.kz/1"}
    meeting = factories.meeting(our_calendar, land.R, land.A, dt.date(2027, 3, 10), **told)
    values = {"date": meeting.date + dt.timedelta(days=days), "place_id": getattr(land, place).pk, "address": "школа"}
    done = apply(our_calendar, [Change(meeting.pk, values, seen_version=meeting.version)], by=editor.who, label="move")
    meeting.refresh_from_db()
    assert (meeting.announced_on is not None, bool(meeting.announced_url)) == (stands, stands)
    undo(done.step, by=editor.who)
    meeting.refresh_from_db()
    assert meeting.announced_on == told["announced_on"]


def in_two_regions(land) -> list[Meeting]:
    """A planned meeting in our calendar, and one in the neighbour's."""
    return [
        factories.meeting(factories.calendar(land.O), land.A, land.a1),
        factories.meeting(factories.calendar(land.N), land.NA, land.na),
    ]


def test_meetings_of_several_regions_are_recorded_as_held_together(land):
    rows = in_two_regions(land)
    day = rows[0].date
    outcomes = hold_many([Met(row.pk, day, 40, row.version) for row in rows], today=day, by=clock("tests"))
    assert [[m.pk for m in outcome.meetings] for outcome in outcomes] == [[row.pk] for row in rows]
    held = Meeting.objects.order_by("pk").values_list("state", "held_on", "version", "calendar__version")
    assert list(held) == [(MeetingState.HELD, day, 2, 2)] * 2
    entries = Entry.objects.filter(action="meeting.held").order_by("object_id")
    assert [entry.scope_path for entry in entries] == [land.O.path, land.N.path]


def test_a_wall_in_one_calendar_keeps_all_calendars_as_they_were(land):
    ours, theirs = in_two_regions(land)
    asked = [
        (ours.calendar, [Change(ours.pk, {"remarks": "новое"}, None)]),
        (theirs.calendar, [Change(theirs.pk, {"planned_minutes": 0}, None)]),
    ]
    with pytest.raises(WallHit):
        apply_across(asked, by=clock("tests"), label="both")
    assert set(Meeting.objects.values_list("remarks", "version")) == {("", 1)}
    assert not Entry.objects.exists()


def test_a_meeting_is_not_changed_by_way_of_another_calendar(land):
    ours, theirs = in_two_regions(land)
    both = [(ours.calendar, [Change(theirs.pk, {"remarks": "чужое"}, None)]), (theirs.calendar, [])]
    with pytest.raises(PermissionDenied):
        apply_across(both, by=clock("tests"), label="both")


def test_people_of_one_region_do_not_run_meetings_of_two(land, editor):
    rows = in_two_regions(land)
    with pytest.raises(PermissionDenied):
        hold_many([Met(row.pk, row.date, 40, row.version) for row in rows], today=rows[0].date, by=editor.who)


def test_two_calendars_are_changed_in_as_many_statements_as_one(land):
    ours, theirs = in_two_regions(land)

    def statements(*rows: Meeting) -> int:
        asked = [(row.calendar, [Change(row.pk, {"remarks": f"ескерту {len(rows)}"}, None)]) for row in rows]
        with CaptureQueriesContext(connection) as found:
            apply_across(asked, by=clock("tests"), label="some")
        return len(found)

    assert statements(ours) == statements(ours, theirs)
