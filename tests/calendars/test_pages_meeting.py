"""The meeting's page and panel: its verbs, moving, history, and two people at once."""

import datetime as dt

import pytest
import time_machine

from calendars import services
from calendars.models import Meeting, MeetingState, Step
from territories.models import Role

from .. import factories
from ..cast import Person
from .pages import HTMX, at, filled, text_of, toast_of


@pytest.fixture(autouse=True)
def autumn():
    with time_machine.travel(dt.datetime(2026, 11, 16, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def meeting(our_calendar, land):
    return factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 10))


@pytest.fixture
def colleague(land):
    """A second editor of the region."""
    return Person(Role.REGION_EDITOR, land.O)


def page(person, meeting, **headers):
    return person.client.get(at("meeting", meeting.pk), headers=headers)


def run(person, meeting, verb, **data):
    address = at("verb", meeting.pk, verb)
    return person.client.post(address, {"version": meeting.version} | data, follow=True)


# -- What is shown --------------------------------------------------------------------------------
def test_the_page_says_when_where_who_and_what_is_next(editor, meeting, land):
    words = text_of(page(editor, meeting))
    assert "10 March 2027, Wednesday in 114 days" in words
    assert f"akim: {land.R.name()}" in words
    assert "last day: 24.02.2027, Wed in 100 days why this date" in words
    assert "Record the announcement" in words


def test_the_panel_is_the_same_meeting_without_the_frame(editor, meeting):
    panel = page(editor, meeting, **HTMX).content.decode()
    assert 'id="panel-title"' in panel
    assert "<html" not in panel


def test_a_strangers_meeting_does_not_exist(neighbour, secretary, meeting):
    assert page(neighbour, meeting).status_code == 404
    assert page(secretary, meeting).status_code == 403


def test_an_office_reads_the_accepted_meeting_but_cannot_edit_it(okrug_office, our_calendar, land):
    accepted = factories.meeting(our_calendar, land.A, land.a1)
    assert "Edit" not in text_of(page(okrug_office, accepted))
    assert okrug_office.client.get(at("edit", accepted.pk)).status_code == 403
    assert okrug_office.client.get(at("move", accepted.pk)).status_code == 403


def test_the_history_tells_who_changed_what(editor, meeting, land):
    item = services.Change(meeting.pk, {"date": dt.date(2027, 3, 11), "place_id": land.V.pk}, 1)
    services.apply(meeting.calendar, [item], by=editor.who, label="x")
    words = text_of(page(editor, meeting))
    assert str(editor.user) in words
    assert "10 March 2027, Wednesday 11 March 2027, Thursday" in words
    assert f"{land.P.name()} {land.V.name()}" in words


# -- Verbs ------------------------------------------------------------------------------------------
def test_an_announcement_is_recorded_with_its_day_and_address(editor, meeting):
    with time_machine.travel(dt.datetime(2027, 2, 20, 5, tzinfo=dt.UTC)):
        answer = run(editor, meeting, "announce", on="2027-02-19", url="https://example.kz/news/1")
    meeting.refresh_from_db()
    assert (meeting.announced_on, meeting.announced_url) == (dt.date(2027, 2, 19), "https://example.kz/news/1")
    assert "Announced" in text_of(answer)


def test_a_late_announcement_asks_for_its_reason_and_is_kept_as_a_fact(editor, meeting):
    with time_machine.travel(dt.datetime(2027, 3, 5, 5, tzinfo=dt.UTC)):
        refused = run(editor, meeting, "announce", on="2027-03-04", url="", reason=" ")
        answer = run(editor, meeting, "announce", on="2027-03-04", url="", reason="Газет кешікті")
    assert refused.status_code == 422
    assert "Write the reason" in text_of(refused)
    words = text_of(answer)
    assert "last day: 24.02.2027, Wed breach why this date" in words
    assert "Газет кешікті" in words


def test_an_announcement_of_the_future_is_refused_at_its_field(editor, meeting):
    answer = run(editor, meeting, "announce", on="2027-02-19", url="")
    assert answer.status_code == 422
    assert "cannot lie in the future" in text_of(answer)


def test_a_meeting_is_recorded_as_held_with_attendance(editor, meeting):
    with time_machine.travel(dt.datetime(2027, 3, 11, 5, tzinfo=dt.UTC)):
        run(editor, meeting, "hold", on="2027-03-10", attendance="120")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.held_on, meeting.attendance) == ("held", dt.date(2027, 3, 10), 120)


def test_holding_is_offered_only_from_its_day_on(editor, meeting):
    assert editor.client.get(at("verb", meeting.pk, "hold")).status_code == 403


def test_a_meeting_is_cancelled_only_with_a_reason_in_words(editor, meeting):
    assert run(editor, meeting, "cancel", reason=" ... ").status_code == 422
    run(editor, meeting, "cancel", reason="Су тасқыны")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancel_reason) == (MeetingState.CANCELLED, "Су тасқыны")


def test_a_meeting_leaves_the_draft_and_comes_back_by_undo(editor, meeting):
    run(editor, meeting, "remove")
    assert Meeting.objects.get().state == MeetingState.REMOVED
    assert page(editor, meeting).status_code == 404
    editor.client.post(at("undo", Step.objects.get().pk))
    assert Meeting.objects.get().state == MeetingState.PLANNED


def test_an_unknown_verb_does_not_exist(editor, meeting):
    assert editor.client.get(at("verb", meeting.pk, "explode")).status_code == 404


# -- Proposals --------------------------------------------------------------------------------------
@pytest.fixture
def proposal(our_calendar, land):
    return factories.meeting(our_calendar, land.A, land.a1, state=MeetingState.PROPOSED)


def test_the_region_sees_how_many_proposals_wait(editor, proposal):
    assert "Proposals 1" in text_of(editor.client.get(at("month", 3)))


def test_the_region_accepts_a_proposal(editor, proposal):
    run(editor, proposal, "accept")
    assert Meeting.objects.get().state == MeetingState.PLANNED


def test_the_region_returns_a_proposal_and_the_office_proposes_again(editor, okrug_office, proposal):
    run(editor, proposal, "return", remark="Аптаның басқа күні")
    words = text_of(page(okrug_office, proposal))
    assert "Аптаның басқа күні" in words
    assert "Propose again" in words
    proposal.refresh_from_db()
    run(okrug_office, proposal, "propose")
    assert Meeting.objects.get().state == MeetingState.PROPOSED


def test_an_office_does_not_accept_its_own_proposal(okrug_office, proposal):
    assert run(okrug_office, proposal, "accept").status_code == 403
    assert Meeting.objects.get().state == MeetingState.PROPOSED


# -- Moving -----------------------------------------------------------------------------------------
def test_a_dropped_chip_shows_what_changes_and_saves_nothing(editor, meeting):
    answer = editor.client.post(at("move", meeting.pk), {"day": "2027-08-04"}, headers=HTMX)
    words = text_of(answer)
    assert "24 February 2027, Wednesday why this date 21 July 2027, Wednesday" in words
    assert "a required meeting will be missing" in words
    assert "closes a missing meeting" in words
    assert Meeting.objects.get().date == dt.date(2027, 3, 10)


def test_moving_warns_of_clashes_and_days_off(editor, meeting, our_calendar, land):
    factories.meeting(our_calendar, land.R, land.V, dt.date(2027, 3, 27))
    words = text_of(editor.client.get(at("move", meeting.pk, day="2027-03-27")))
    assert "day off" in words
    assert "another meeting at that hour" in words


def test_a_move_out_of_the_year_cannot_be_saved(editor, meeting):
    words = text_of(editor.client.get(at("move", meeting.pk, day="2028-03-08")))
    assert "must lie in 2027" in words
    answer = editor.client.post(at("move", meeting.pk), {"day": "2028-03-08", "version": 1, "save": 1})
    assert answer.status_code == 422
    assert Meeting.objects.get().date == dt.date(2027, 3, 10)


def test_a_confirmed_move_is_saved_and_can_be_undone(editor, meeting):
    data = {"day": "2027-03-17", "version": 1, "save": 1}
    answer = editor.client.post(at("move", meeting.pk), data, headers=HTMX)
    assert Meeting.objects.get().date == dt.date(2027, 3, 17)
    assert "calendarChanged" in answer["HX-Trigger"]
    undone = editor.client.post(toast_of(answer)["url"], headers=HTMX)
    assert "Undone" in toast_of(undone)["text"]
    assert Meeting.objects.get().date == dt.date(2027, 3, 10)


# -- Two people -------------------------------------------------------------------------------------
def edit_form(person, meeting):
    return filled(person.client.get(at("edit", meeting.pk)))


def test_the_second_editor_is_shown_both_values_and_nothing_is_overwritten(editor, colleague, meeting):
    mine = edit_form(editor, meeting)
    theirs = edit_form(colleague, meeting)
    colleague.client.post(at("edit", meeting.pk), theirs | {"date": "2027-03-17", "address": "Мектеп"})
    answer = editor.client.post(at("edit", meeting.pk), mine | {"date": "2027-03-24", "remarks": "күту"})
    assert answer.status_code == 409
    words = text_of(answer)
    assert str(colleague.user) in words
    assert "17 March 2027" in words
    assert "24 March 2027" in words
    assert "Мектеп" in words
    assert "күту" in words
    assert Meeting.objects.get().date == dt.date(2027, 3, 17)


def test_the_second_editor_chooses_field_by_field(editor, colleague, meeting):
    mine, theirs = edit_form(editor, meeting), edit_form(colleague, meeting)
    colleague.client.post(at("edit", meeting.pk), theirs | {"date": "2027-03-17", "address": "Мектеп"})
    answer = editor.client.post(at("edit", meeting.pk), mine | {"date": "2027-03-24", "remarks": "күту"})
    again = filled(answer) | {"take_date": "mine"}
    assert (again["take_address"], again["take_remarks"]) == ("theirs", "mine")
    editor.client.post(at("edit", meeting.pk), again)
    saved = Meeting.objects.get()
    assert (saved.date, saved.address, saved.remarks) == (dt.date(2027, 3, 24), "Мектеп", "күту")


def test_a_third_change_meanwhile_asks_again(editor, colleague, meeting):
    mine, theirs = edit_form(editor, meeting), edit_form(colleague, meeting)
    colleague.client.post(at("edit", meeting.pk), theirs | {"date": "2027-03-17"})
    first = editor.client.post(at("edit", meeting.pk), mine | {"date": "2027-03-24"})
    colleague.client.post(at("edit", meeting.pk), edit_form(colleague, meeting) | {"date": "2027-03-18"})
    second = editor.client.post(at("edit", meeting.pk), filled(first) | {"take_date": "mine"})
    assert second.status_code == 409
    assert "18 March 2027" in text_of(second)
    assert Meeting.objects.get().date == dt.date(2027, 3, 18)


def test_a_move_over_a_change_asks_which_day(editor, colleague, meeting):
    data = {"day": "2027-03-24", "was": "2027-03-10", "version": 1, "save": 1}
    colleague.client.post(at("move", meeting.pk), data | {"day": "2027-03-17"})
    answer = editor.client.post(at("move", meeting.pk), data, headers=HTMX)
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#dialog-body"
    editor.client.post(at("move", meeting.pk), filled(answer) | {"take_date": "mine"}, headers=HTMX)
    assert Meeting.objects.get().date == dt.date(2027, 3, 24)


def test_a_cell_over_a_change_asks_and_keeps_theirs_if_chosen(editor, colleague, meeting):
    services.apply(
        meeting.calendar, [services.Change(meeting.pk, {"address": "Мектеп"}, 1)], by=colleague.who, label="x"
    )
    data = {"value": "Клуб", "version": "1", "seen": ""}
    answer = editor.client.post(at("cell", meeting.pk, "address"), data, headers=HTMX)
    assert answer.status_code == 409
    assert "Мектеп" in text_of(answer)
    assert "Клуб" in text_of(answer)
    again = filled(answer) | {"take_address": "theirs"}
    editor.client.post(at("cell", meeting.pk, "address"), again, headers=HTMX)
    assert Meeting.objects.get().address == "Мектеп"


def test_a_verb_over_a_change_shows_the_meeting_as_it_stands(editor, colleague, meeting):
    item = services.Change(meeting.pk, {"date": dt.date(2027, 3, 17)}, 1)
    services.apply(meeting.calendar, [item], by=colleague.who, label="x")
    answer = run(editor, meeting, "cancel", reason="Су тасқыны")
    assert answer.status_code == 409
    words = text_of(answer)
    assert "17 March 2027" in words
    assert "Су тасқыны" in words
    editor.client.post(at("verb", meeting.pk, "cancel"), filled(answer))
    assert Meeting.objects.get().state == MeetingState.CANCELLED


def test_a_step_over_which_somebody_worked_is_not_undone(editor, colleague, meeting):
    editor.client.post(at("move", meeting.pk), {"day": "2027-03-17", "version": 1, "save": 1})
    colleague.client.post(at("move", meeting.pk), {"day": "2027-03-18", "version": 2, "save": 1})
    answer = editor.client.post(at("undo", Step.objects.get(user=editor.user).pk), headers=HTMX)
    assert "nothing was put back" in toast_of(answer)["text"]
    assert Meeting.objects.get().date == dt.date(2027, 3, 18)


def test_a_step_of_another_person_does_not_exist(editor, colleague, meeting):
    editor.client.post(at("move", meeting.pk), {"day": "2027-03-17", "version": 1, "save": 1})
    assert colleague.client.post(at("undo", Step.objects.get().pk)).status_code == 404


def test_a_wall_is_shown_at_its_field_while_editing(editor, meeting):
    sent = edit_form(editor, meeting) | {"report_minutes": "90"}
    answer = editor.client.post(at("edit", meeting.pk), sent)
    assert answer.status_code == 422
    assert "at most a quarter" in text_of(answer)


def test_saving_without_a_change_changes_nothing(editor, meeting):
    editor.client.post(at("edit", meeting.pk), edit_form(editor, meeting))
    assert Meeting.objects.get().version == 1
    assert not Step.objects.exists()
