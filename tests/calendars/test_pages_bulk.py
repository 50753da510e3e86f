"""One action for many meetings: previews, one step, what is left alone."""

import datetime as dt

import pytest
import time_machine

from calendars import services
from calendars.models import Meeting, MeetingState, Step

from .. import factories
from .pages import HTMX, at, filled, text_of, toast_of


@pytest.fixture(autouse=True)
def autumn():
    with time_machine.travel(dt.datetime(2026, 11, 16, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def three(our_calendar, land):
    return [
        factories.meeting(our_calendar, land.R, place, dt.date(2027, 3, day))
        for place, day in ((land.P, 9), (land.V, 10), (land.A, 11))
    ]


def keys(meetings):
    return [f"{m.pk}:{m.version}" for m in meetings]


def act(person, meetings, action, **data):
    sent = {"row": keys(meetings), "action": action, "action_given": 1, **data}
    return person.client.post(at("bulk"), sent, headers=HTMX)


def days():
    return list(Meeting.objects.order_by("pk").values_list("date", flat=True))


def test_a_move_by_weeks_is_shown_before_it_is_written(editor, three):
    answer = act(editor, three, "move", amount=1, measure="weeks")
    words = text_of(answer)
    assert "3 meetings would move" in words
    assert "16.03.2027" in words
    assert days() == [dt.date(2027, 3, d) for d in (9, 10, 11)]


def test_a_confirmed_move_is_one_step_that_undo_takes_back(editor, three):
    shown = act(editor, three, "move", amount=1, measure="weeks")
    done = editor.client.post(at("bulk"), filled(shown), headers=HTMX)
    assert days() == [dt.date(2027, 3, d) for d in (16, 17, 18)]
    assert Step.objects.count() == 1
    editor.client.post(toast_of(done)["url"], headers=HTMX)
    assert days() == [dt.date(2027, 3, d) for d in (9, 10, 11)]


def test_a_move_never_ends_on_a_day_off(editor, three):
    shown = act(editor, three, "move", amount=4, measure="days")
    editor.client.post(at("bulk"), filled(shown), headers=HTMX)
    assert all(day.weekday() < 5 for day in days())


def test_the_hour_of_many_is_set_at_once(editor, three):
    assert "3 meetings" in toast_of(act(editor, three, "time", time="15:00"))["text"]
    assert set(Meeting.objects.values_list("time", flat=True)) == {dt.time(15)}


def test_minutes_beyond_a_quarter_are_refused_whole(editor, three):
    answer = act(editor, three, "minutes", planned_minutes=60, report_minutes=20)
    assert answer.status_code == 422
    assert "at most a quarter" in text_of(answer)
    assert set(Meeting.objects.values_list("planned_minutes", flat=True)) == {120}


@pytest.mark.parametrize(
    ("action", "data", "column"),
    [
        ("format", {"format": "with_video"}, "format"),
        ("broadcast", {"broadcast": "yes"}, "broadcast"),
        ("languages", {"languages": "ru"}, "languages"),
    ],
)
def test_a_property_of_many_is_set_at_once(editor, three, action, data, column):
    act(editor, three, action, **data)
    assert set(Meeting.objects.values_list(column, flat=True)) == {data[column]}


def test_an_action_asks_first_for_its_values(editor, three):
    answer = editor.client.post(at("bulk"), {"row": keys(three), "action": "move"}, headers=HTMX)
    assert answer.status_code == 200
    assert 'name="amount"' in answer.content.decode()
    assert "error-summary" not in answer.content.decode()


def test_an_action_without_its_value_says_what_is_missing(editor, three):
    answer = act(editor, three, "move", amount="", measure="weeks")
    assert answer.status_code == 422
    assert "Fill this in" in text_of(answer)


def test_an_action_without_rows_asks_to_choose(editor, three):
    answer = act(editor, [], "accept")
    assert answer.status_code == 422
    assert "Choose at least one meeting" in text_of(answer)


def test_all_that_fit_the_filter_are_taken(editor, our_calendar, land, three):
    other = factories.meeting(our_calendar, land.A, land.a1)
    sent = {"every": 1, "filters": "level=raion", "action": "time", "action_given": 1, "time": "16:00"}
    editor.client.post(at("bulk"), sent, headers=HTMX)
    assert set(Meeting.objects.exclude(pk=other.pk).values_list("time", flat=True)) == {dt.time(16)}
    assert Meeting.objects.get(pk=other.pk).time == dt.time(10)


def test_taking_out_leaves_held_meetings_alone(editor, our_calendar, land, three):
    held = factories.meeting(our_calendar, land.R, land.B, state=MeetingState.HELD)
    shown = act(editor, [*three, held], "remove")
    words = text_of(shown)
    assert "3 meetings would leave the draft" in words
    assert "1 is left alone" in words
    editor.client.post(at("bulk"), filled(shown), headers=HTMX)
    assert Meeting.objects.filter(state=MeetingState.REMOVED).count() == 3
    assert Meeting.objects.get(pk=held.pk).state == MeetingState.HELD


def test_a_row_changed_meanwhile_stops_the_whole_action_and_says_so(editor, approver, three):
    item = services.Change(three[1].pk, {"address": "Мектеп"}, 1)
    services.apply(three[1].calendar, [item], by=approver.who, label="x")
    answer = act(editor, three, "time", time="15:00")
    assert answer.status_code == 409
    assert "Nothing was written: 1 meeting" in text_of(answer)
    assert set(Meeting.objects.values_list("time", flat=True)) == {dt.time(10)}
    editor.client.post(at("bulk"), filled(answer), headers=HTMX)
    assert set(Meeting.objects.values_list("time", flat=True)) == {dt.time(15)}


@pytest.mark.parametrize("action", [{"action": "time", "time": "15:00"}, {"action": "move"}, {"action": "accept"}])
def test_a_row_taken_out_meanwhile_is_told_and_nothing_is_written(editor, approver, three, action):
    services.remove(three[0].calendar, {three[1].pk: 1}, by=approver.who)
    answer = act(editor, three, **action, amount=1, measure="weeks")
    assert answer.status_code == 409
    assert "Nothing was written: 1 of the chosen meetings is not among the rows" in text_of(answer)
    assert {m.version for m in Meeting.objects.exclude(pk=three[1].pk)} == {1}


def test_sent_again_after_a_row_was_taken_out_the_action_works_on_the_others(editor, approver, three):
    services.remove(three[0].calendar, {three[1].pk: 1}, by=approver.who)
    answer = act(editor, three, "time", time="15:00")
    editor.client.post(at("bulk"), filled(answer), headers=HTMX)
    assert [m.time.hour for m in Meeting.objects.order_by("pk")] == [15, 10, 15]


def test_a_foreign_row_is_told_in_the_same_words_as_one_that_never_was(editor, their_calendar, land, three):
    theirs = factories.meeting(their_calendar, land.O, land.K4)
    sent = {"action": "time", "time": "15:00", "action_given": 1}

    def told(key):
        answer = editor.client.post(at("bulk"), sent | {"row": [*keys(three), key]}, headers=HTMX)
        return answer.status_code, text_of(answer)

    assert told(f"{theirs.pk}:1") == told("999999999:1") == told(f"{'9' * 28}:1") == told("?")
    assert set(Meeting.objects.values_list("time", flat=True)) == {dt.time(10)}


def test_more_rows_than_one_action_takes_are_refused_with_the_most(editor, three, monkeypatch):
    monkeypatch.setattr("calendars.views.bulk.MOST_ROWS", 2)
    for chosen in ({"row": keys(three)}, {"every": 1, "filters": ""}):
        answer = editor.client.post(
            at("bulk"), {**chosen, "action": "time", "action_given": 1, "time": "16:00"}, headers=HTMX
        )
        assert answer.status_code == 422
        assert "At most 2 meetings at once" in text_of(answer)
    assert set(Meeting.objects.values_list("time", flat=True)) == {dt.time(10)}


def test_rows_left_alone_are_counted_with_their_reason_with_and_without_scripts(editor, our_calendar, land, three):
    held = factories.meeting(our_calendar, land.R, land.B, state=MeetingState.HELD)
    told = "1 was left alone: it can no longer be edited by your office (1)."
    assert told in toast_of(act(editor, [*three, held], "time", time="15:00"))["text"]
    sent = {"row": keys(Meeting.objects.all()), "action": "time", "action_given": 1, "time": "16:00"}
    assert told in text_of(editor.client.post(at("bulk"), sent, follow=True))


def test_meetings_are_repeated_in_the_other_half_year_where_they_are_missing(editor, our_calendar, land, three):
    factories.meeting(our_calendar, land.R, land.V, dt.date(2027, 9, 8))
    shown = act(editor, three, "repeat")
    words = text_of(shown)
    assert "2 new meetings would be planned" in words
    assert "1 is left alone" in words
    editor.client.post(at("bulk"), filled(shown), headers=HTMX)
    second = Meeting.objects.filter(date__month__gt=6).exclude(place=land.V)
    assert {(m.place_id, m.date, m.time) for m in second} == {
        (land.P.pk, dt.date(2027, 9, 7), dt.time(10)),
        (land.A.pk, dt.date(2027, 9, 9), dt.time(10)),
    }


def test_repeating_twice_adds_nothing(editor, three):
    editor.client.post(at("bulk"), filled(act(editor, three, "repeat")), headers=HTMX)
    assert "None of the chosen" in text_of(act(editor, three, "repeat"))
    assert Meeting.objects.count() == 6


def test_a_region_accepts_and_returns_many_proposals(editor, our_calendar, land):
    rows = [
        factories.meeting(our_calendar, land.A, place, state=MeetingState.PROPOSED)
        for place in (land.a1, land.a2, land.a3)
    ]
    act(editor, rows[:2], "accept")
    act(editor, rows[2:], "return", remark="Басқа күн керек")
    states = list(Meeting.objects.order_by("pk").values_list("state", flat=True))
    assert states == [MeetingState.PLANNED, MeetingState.PLANNED, MeetingState.RETURNED]


def test_an_office_changes_no_rows_of_the_region(okrug_office, our_calendar, land):
    accepted = factories.meeting(our_calendar, land.A, land.a1)
    act(okrug_office, [accepted], "time", time="15:00")
    assert Meeting.objects.get().time == dt.time(10)


def test_a_neighbour_cannot_reach_our_rows(neighbour, their_calendar, three):
    answer = act(neighbour, three, "time", time="15:00")
    assert answer.status_code == 409
    assert "3 of the chosen meetings are not among the rows" in text_of(answer)
    assert set(Meeting.objects.values_list("time", flat=True)) == {dt.time(10)}


def test_without_scripts_the_action_returns_to_its_list(editor, three):
    def answer(back):
        sent = {"row": keys(Meeting.objects.all()), "action": "time", "action_given": 1, "time": "15:00"}
        return editor.client.post(at("bulk"), sent | {"back": back}).headers["Location"]

    assert answer(at("list")) == at("list")
    assert answer("https://evil.example/").startswith("/staff/calendar/list/")
