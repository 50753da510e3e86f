"""The hall page: what is typed is kept once, merges from two laptops, and nothing is lost."""

import datetime as dt
import json
import uuid

import pytest

from issues import hall, services
from issues.models import Audience, HallLine, Instruction, MeetingRecord
from territories.scope import today
from tests import factories

from .factories import CLOCK, issue
from .pages import at, filled, queries, text_of

LINE = "6f0c0d0e-0000-4000-8000-000000000001"
GIVEN = "6f0c0d0e-0000-4000-8000-000000000002"


@pytest.fixture
def now_(land):
    """A meeting of the akim of our okrug A that takes place today."""
    return factories.meeting(factories.calendar(land.O, today().year), land.A, land.a1, today())


def line(values, was=None, pk=LINE):
    return {"key": f"line:{pk}", "kind": "line", "id": pk, "values": values, "was": was or {}}


def send(person, meeting, *changes):
    return person.client.post(
        at("hall_save", meeting.pk), json.dumps({"changes": changes}), content_type="application/json"
    )


def test_a_line_sent_twice_is_one_line(now_, okrug_office):
    for _time in range(2):
        answer = send(okrug_office, now_, line({"question": "Жол қашан жөнделеді?"}))
        assert answer.json()["done"] == [f"line:{LINE}"]
    assert HallLine.objects.get().question == "Жол қашан жөнделеді?"


def test_an_answer_that_was_lost_on_the_way_is_no_clash(now_, okrug_office):
    """The laptop never heard that «Жол» was kept, and sends the longer text against the empty one."""
    send(okrug_office, now_, line({"question": "Жол"}))
    answer = send(okrug_office, now_, line({"question": "Жол қашан?"}, {"question": ""})).json()
    assert answer["clashes"] == {}
    assert HallLine.objects.get().question == "Жол қашан?"


def test_two_laptops_at_once_merge_fields_and_tell_what_clashes(now_, okrug_office, raion_office):
    send(okrug_office, now_, line({"question": "Жол?", "answer": ""}))
    send(raion_office, now_, line({"answer": "Мамырда"}, {"answer": ""}))
    both = send(okrug_office, now_, line({"question": "Жол қашан?"}, {"question": "Жол?"})).json()
    assert both["clashes"] == {}
    clash = send(okrug_office, now_, line({"answer": "Маусымда", "speaker_category": "elders"}, {"answer": ""})).json()
    assert clash["clashes"] == {f"line:{LINE}": {"answer": "Мамырда"}}
    row = HallLine.objects.get()
    assert (row.question, row.answer, row.speaker_category) == ("Жол қашан?", "Мамырда", "elders")
    mine = send(okrug_office, now_, line({"answer": "Маусымда"}, {"answer": "Мамырда"})).json()
    assert mine["clashes"] == {}
    assert HallLine.objects.get().answer == "Маусымда"


def test_lines_of_two_laptops_get_numbers_one_after_another(now_, okrug_office, raion_office):
    for number, person in enumerate((okrug_office, raion_office, okrug_office), 1):
        send(person, now_, line({"question": f"Сұрақ {number}"}, pk=str(uuid.uuid4())))
    assert list(HallLine.objects.order_by("order").values_list("order", flat=True)) == [1, 2, 3]


def test_what_cannot_be_kept_is_refused_by_itself_and_the_rest_is_kept(now_, okrug_office):
    given = {
        "key": "i", "kind": "instruction", "id": GIVEN, "line": LINE,
        "values": {"text": "Жөндеу", "due_on": (today() - dt.timedelta(days=1)).isoformat()}, "was": {},
    }  # fmt: skip
    strange = {"key": "x", "kind": "line", "id": "no uuid", "values": {}, "was": {}}
    answer = send(okrug_office, now_, line({"question": "Жол?"}), given, strange).json()
    assert answer["done"] == [f"line:{LINE}"]
    assert "before the meeting" in answer["refused"]["i"]
    assert "x" in answer["refused"]
    given["values"]["due_on"] = (today() + dt.timedelta(days=30)).isoformat()
    send(okrug_office, now_, given)
    assert Instruction.objects.get().line == HallLine.objects.get()


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"changes": 1}', '{"changes": [1]}', '{"changes": [{"kind": "line"}]}']
)
def test_a_broken_body_is_answered_clearly(now_, okrug_office, body):
    answer = okrug_office.client.post(at("hall_save", now_.pk), body, content_type="application/json")
    assert answer.status_code in (200, 400)
    assert not HallLine.objects.exists()


def test_html_and_controls_in_a_line_are_text(now_, okrug_office):
    send(okrug_office, now_, line({"question": "<script>alert(1)</script>\u0000</script>"}))
    page = okrug_office.client.get(at("hall", now_.pk)).content.decode()
    assert "<script>alert(1)" not in page
    assert HallLine.objects.get().question == "<script>alert(1)</script></script>"


def test_a_line_taken_out_stays_as_a_row(now_, okrug_office):
    send(okrug_office, now_, line({"question": "Қате"}))
    send(okrug_office, now_, line({"removed": True}))
    assert HallLine.objects.get().removed_at is not None
    assert hall.state(now_)["lines"][0]["removed"] is True


def press(event, moment, pk="clock"):
    return {"key": pk, "kind": "clock", "id": event, "values": {"event": event, "at": moment}, "was": {}}


def test_the_first_press_of_the_clock_counts_and_measures_the_report(now_, okrug_office):
    begin = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=40)
    moments = {"report_started": begin, "report_ended": begin + dt.timedelta(minutes=25, seconds=10)}
    for event, moment in moments.items():
        send(okrug_office, now_, press(event, moment.isoformat()))
    send(okrug_office, now_, press("report_ended", dt.datetime.now(dt.UTC).isoformat()))
    record = MeetingRecord.objects.get()
    assert record.report_minutes == 26
    assert record.started_at == begin
    before = send(okrug_office, now_, press("ended", (begin - dt.timedelta(hours=1)).isoformat())).json()
    assert "before the beginning" in before["refused"]["clock"]


def test_a_clock_that_runs_ahead_is_set_to_now(now_, okrug_office):
    send(okrug_office, now_, press("started", (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).isoformat()))
    assert MeetingRecord.objects.get().started_at <= dt.datetime.now(dt.UTC)
    assert send(okrug_office, now_, press("started", "yesterday")).json()["refused"]


def test_attendance_by_category_is_counted_and_a_clash_is_told(now_, okrug_office, raion_office):
    def came(number, was=None):
        values = {"category": "opposition", "present": number}
        return {"key": "a", "kind": "audience", "id": "opposition", "values": values, "was": {"present": was}}

    send(okrug_office, now_, came(3))
    assert send(raion_office, now_, came(5)).json()["clashes"] == {"a": {"present": 3}}
    send(raion_office, now_, came(5, 3))
    assert Audience.objects.get().present == 5
    assert "whole number" in send(okrug_office, now_, came("many", 5)).json()["refused"]["a"]


def test_before_its_day_nothing_is_typed(land, okrug_office):
    day = today() + dt.timedelta(days=3)
    coming = factories.meeting(factories.calendar(land.O, day.year), land.A, land.a1, day)
    answer = send(okrug_office, coming, line({"question": "Ерте"}))
    assert answer.status_code == 409
    assert "has not begun" in answer.json()["error"]
    assert "works from the day" in text_of(okrug_office.client.get(at("hall", coming.pk)))


def test_a_stranger_types_nothing(now_, neighbour, administrator):
    assert send(neighbour, now_, line({"question": "?"})).status_code == 404
    assert send(administrator, now_, line({"question": "?"})).status_code == 403


def test_the_agenda_is_the_frozen_pool_and_the_page_costs_the_same(now_, okrug_office, land):
    rows = [issue(land.A, f"Мәселе {n}", meeting=now_, raised_on=today(), today=today()) for n in range(3)]
    services.freeze_pool(now_, rows[:1], today=today(), by=CLOCK)
    few = queries(okrug_office.client, at("hall", now_.pk))
    services.freeze_pool(now_, rows, today=today(), by=CLOCK)
    for number in range(3):
        send(okrug_office, now_, line({"question": f"Сұрақ {number}"}, pk=str(uuid.uuid4())))
    assert queries(okrug_office.client, at("hall", now_.pk)) == few
    assert "Мәселе 2" in text_of(okrug_office.client.get(at("hall", now_.pk)))


def test_the_meeting_is_recorded_as_held_with_the_sum_of_the_categories(now_, okrug_office):
    services.record_audience(now_, category="residents", values={"present": 40}, seen_version=None, by=CLOCK)
    page = okrug_office.client.get(at("hall_hold", now_.pk))
    assert filled(page)["attendance"] == "40"
    okrug_office.client.post(at("hall_hold", now_.pk), filled(page))
    now_.refresh_from_db()
    assert (now_.state, now_.attendance) == ("held", 40)
