"""The coverage board: totals, raions that open, cells that lead to planning, proposals of days."""

import datetime as dt
import re

import pytest
import time_machine

from calendars.models import Calendar, Meeting, MeetingState

from .. import factories
from .pages import HTMX, at, filled, queries, text_of


@pytest.fixture(autouse=True)
def autumn():
    with time_machine.travel(dt.datetime(2026, 11, 16, 5, tzinfo=dt.UTC), tick=False):
        yield


def board(person, **query):
    return person.client.get(at("coverage", **query))


def test_the_board_counts_the_fifty_meetings_of_the_oblast(editor, our_calendar):
    words = text_of(board(editor))
    assert "All lines 50 0 0 50 0 %" in words.replace("\xa0", " ")


def test_a_planned_meeting_counts_and_stands_in_its_cell(editor, our_calendar, land):
    meeting = factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 10))
    page = board(editor, raion=land.R.pk)
    assert "All lines 50 1 0 49" in text_of(page).replace("\xa0", " ")
    assert f"/meetings/{meeting.pk}/" in page.content.decode()
    assert "10.03" in page.content.decode()


def test_a_hole_leads_to_entry_with_akim_place_and_day_chosen(editor, our_calendar, land):
    page = editor.client.get(at("coverage_group", land.R.pk)).content.decode()
    link = re.search(rf'href="([^"]*cell=c\.{land.R.pk}\.{land.P.pk}\.2027-H2)"', page)[1].replace("&amp;", "&")
    form = editor.client.get(link)
    sent = filled(form)
    assert (sent["holder"], sent["place"]) == (str(land.R.pk), str(land.P.pk))
    assert dt.date.fromisoformat(sent["date"]).month > 6


def test_only_the_holes_are_shown_when_asked_for(editor, our_calendar, land):
    factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 10))
    factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 9, 10))
    everything = editor.client.get(at("coverage_group", land.R.pk)).content.decode()
    holes = editor.client.get(at("coverage_group", land.R.pk, holes=1)).content.decode()
    assert land.P.name_kk in everything or "Poselok" in everything
    assert "10.03" in everything
    assert "10.03" not in holes


def test_the_fact_asks_for_held_meetings(editor, our_calendar, land):
    factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 10))
    words = text_of(board(editor, show="fact")).replace("\xa0", " ")
    assert "All lines 50 1 0" in words
    assert "0 %" in words


def test_a_filter_by_line_shows_that_line_only(editor, our_calendar, land):
    page = editor.client.get(at("coverage_group", land.R.pk, line="d")).content.decode()
    assert f"cell=d.{land.A.pk}" in page
    assert f"cell=c.{land.R.pk}" not in page


def test_a_proposal_of_an_office_waits_in_its_cell(editor, our_calendar, land):
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 10), state=MeetingState.PROPOSED)
    page = editor.client.get(at("coverage_group", land.R.pk)).content.decode()
    assert "cell-wait" in page
    assert f"cell=d.{land.A.pk}.{land.a1.pk}.2027-H1" not in page


def test_an_office_plans_holes_of_its_own_akims_only(okrug_office, our_calendar, land):
    page = okrug_office.client.get(at("coverage_group", land.R.pk)).content.decode()
    assert f"cell=d.{land.A.pk}.{land.a1.pk}" in page
    assert f"cell=c.{land.R.pk}" not in page


def test_the_board_asks_the_same_number_of_queries_for_any_plan(editor, our_calendar, land):
    client, address = editor.client, at("coverage", raion=land.R.pk)
    factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 10))
    with_one = queries(client, address)
    for day in (11, 12):
        factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, day))
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 9), state=MeetingState.PROPOSED)
    assert queries(client, address) == with_one


def test_the_first_use_opens_the_calendar(editor, land):
    page = editor.client.get(at("coverage"))
    assert "Open the calendar of 2027" in text_of(page)
    answer = editor.client.post(at("open"), follow=True)
    assert "Start from a proposed plan" in text_of(answer)
    assert Calendar.objects.get().region == land.O


def test_an_office_cannot_open_the_calendar(okrug_office, land):
    assert "Open the calendar" not in text_of(okrug_office.client.get(at("coverage")))
    assert okrug_office.client.post(at("open")).status_code == 403
    assert not Calendar.objects.exists()


def propose(person, **data):
    preview = person.client.post(at("propose"), data)
    return preview, filled(preview)


def test_a_proposed_plan_fills_every_hole_in_one_step(editor, our_calendar):
    preview, sent = propose(editor, all="1")
    assert "Plan 50 meetings" in text_of(preview)
    assert not Meeting.objects.exists()
    answer = editor.client.post(at("propose_apply"), sent, follow=True)
    assert Meeting.objects.filter(state=MeetingState.PLANNED).count() == 50
    assert "100 %" in text_of(answer).replace("\xa0", " ")
    assert editor.user.pk == Meeting.objects.first().created_by_id


def test_the_selected_holes_alone_get_days(editor, our_calendar, land):
    cell = f"c.{land.R.pk}.{land.P.pk}.2027-H1"
    _preview, sent = propose(editor, cell=cell)
    editor.client.post(at("propose_apply"), sent)
    meeting = Meeting.objects.get()
    assert (meeting.holder, meeting.place, meeting.date.month <= 6) == (land.R, land.P, True)


def test_a_hole_that_was_filled_meanwhile_is_left_alone_and_told(editor, our_calendar, land):
    cell = f"c.{land.R.pk}.{land.P.pk}.2027-H1"
    _preview, sent = propose(editor, cell=cell)
    factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 10))
    answer = editor.client.post(at("propose_apply"), sent, follow=True)
    assert Meeting.objects.count() == 1
    assert "1 was left alone: it is planned meanwhile" in text_of(answer)


def test_a_chosen_hole_that_is_none_any_more_is_told_before_planning(editor, our_calendar, land):
    cells = [f"c.{land.R.pk}.{unit.pk}.2027-H1" for unit in (land.P, land.A)]
    factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 10))
    preview, sent = propose(editor, cell=cells)
    assert "1 was left alone: it is planned meanwhile" in text_of(preview)
    assert len(sent["plan"].splitlines()) == 1


def test_proposals_of_an_office_wait_for_the_region(okrug_office, our_calendar, land):
    _preview, sent = propose(okrug_office, all="1")
    okrug_office.client.post(at("propose_apply"), sent)
    states = set(Meeting.objects.values_list("holder", "state"))
    assert states == {(land.A.pk, MeetingState.PROPOSED)}
    assert Meeting.objects.count() == 6


def test_the_proposed_plan_lies_on_working_days_that_can_be_announced(editor, our_calendar):
    _preview, sent = propose(editor, all="1")
    days = [dt.date.fromisoformat(line.split("=")[1][:10]) for line in sent["plan"].splitlines()]
    assert min(days) >= dt.date(2027, 1, 1)
    assert all(day.weekday() < 5 for day in days)


def test_a_group_of_another_region_does_not_exist(editor, our_calendar, their_calendar, land):
    assert editor.client.get(at("coverage_group", land.NR.pk), headers=HTMX).status_code == 404


def test_readers_of_versions_do_not_see_the_board(secretary, reviewer, our_calendar):
    assert [p.client.get(at("coverage")).status_code for p in (secretary, reviewer)] == [403, 403]
