"""Year, month, day, list and print: what they show, to whom, with how many queries."""

import datetime as dt

import pytest
import time_machine

from calendars.models import Meeting, MeetingState

from .. import factories
from .pages import HTMX, at, queries, text_of


@pytest.fixture(autouse=True)
def autumn():
    with time_machine.travel(dt.datetime(2026, 11, 16, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def spring(our_calendar, land):
    """Three meetings of March: of the raion, of an okrug, of the city."""
    return [
        factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 10), address="Мәдениет үйі"),
        factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 11)),
        factories.meeting(our_calendar, land.K, land.K1, dt.date(2027, 3, 12), state=MeetingState.HELD),
    ]


ADDRESSES = {
    "year": at("year"),
    "month": at("month", 3),
    "list": at("list"),
    "day": at("day", "2027-03-10"),
    "print": at("print"),
    "proposals": at("proposals"),
    "steps": at("steps"),
}


@pytest.mark.parametrize("page", ADDRESSES)
def test_a_page_asks_the_same_number_of_queries_for_one_and_three_meetings(editor, our_calendar, land, page):
    states = {"proposals": MeetingState.PROPOSED}
    state = states.get(page, MeetingState.PLANNED)
    factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 10), state=state)
    client = editor.client
    with_one = queries(client, ADDRESSES[page])
    factories.meeting(our_calendar, land.R, land.V, dt.date(2027, 3, 10), state=state)
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 10), state=state)
    assert queries(client, ADDRESSES[page]) == with_one


def test_the_month_shows_each_meeting_with_hour_place_akim_and_state(editor, spring, land):
    page = editor.client.get(at("month", 3))
    assert page.content.decode().count('class="chip ') == 3
    words = text_of(page)
    assert "Planned: 10:00" in words
    assert "Held: 10:00" in words
    assert land.a1.name() in words
    assert land.A.name() in words


def test_a_chip_of_the_month_can_be_dragged_by_those_who_enter_meetings(editor, administrator, spring):
    assert f"/meetings/{spring[0].pk}/move/" in editor.client.get(at("month", 3)).content.decode()
    other = administrator.client.get(at("month", 3, unit=spring[0].calendar.region)).content.decode()
    assert "chip " in other
    assert "draggable" not in other


def test_more_meetings_than_fit_are_offered_as_a_number(editor, our_calendar, land):
    for hour in range(8, 17):
        factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 10), time=dt.time(hour))
    page = editor.client.get(at("month", 3)).content.decode()
    assert page.count('class="chip ') == 6
    assert ">+3<" in page
    day = editor.client.get(at("day", "2027-03-10"), headers=HTMX)
    assert text_of(day).count(land.P.name()) == 9


def test_the_month_refreshes_itself_without_the_frame_of_the_page(editor, spring):
    piece = editor.client.get(at("month", 3), headers=HTMX | {"HX-Target": "calendar-body"})
    assert piece.content.decode().lstrip().startswith('<div id="calendar-body"')
    assert "HX-Request" in piece["Vary"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"level": "okrug"}, 1),
        ({"line": "c"}, 1),
        ({"line": "d"}, 2),
        ({"state": "held"}, 1),
        ({"state": "planned"}, 2),
        ({"q": "aksu"}, 1),
        ({"q": "Мәдениет"}, 1),
        ({"q": "2"}, 1),
        ({"since": "2027-03-11"}, 2),
        ({"until": "2027-03-10"}, 1),
        ({"q": "nowhere"}, 0),
        ({"level": "nonsense", "line": "z", "since": "yesterday"}, 3),
    ],
)
def test_a_filter_in_the_address_narrows_the_list(editor, spring, query, found):
    page = editor.client.get(at("list", **query)).content.decode()
    assert page.count('<tr id="row-') == found


def test_a_filter_by_raion_takes_its_akim_and_everything_below(editor, spring, land):
    page = editor.client.get(at("list", raion=land.R.pk)).content.decode()
    assert page.count('<tr id="row-') == 2


def test_the_list_is_sorted_by_any_column_both_ways(editor, spring):
    def order(by):
        page = editor.client.get(at("list", order=by)).content.decode()
        return [pk for _place, pk in sorted((page.index(f'id="row-{m.pk}"'), m.pk) for m in spring)]

    assert order("date") == [m.pk for m in spring]
    assert order("-date") == [m.pk for m in reversed(spring)]
    assert order("place") == order("-place")[::-1]


def test_a_hundred_rows_make_a_page(editor, our_calendar, land):
    for number in range(101):
        factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 1) + dt.timedelta(days=number))
    first = editor.client.get(at("list")).content.decode()
    second = editor.client.get(at("list", page=2)).content.decode()
    assert (first.count('<tr id="row-'), second.count('<tr id="row-')) == (100, 1)


def test_an_office_sees_meetings_of_its_akim_and_those_held_in_its_unit(okrug_office, our_calendar, land):
    factories.meeting(our_calendar, land.A, land.a1)
    factories.meeting(our_calendar, land.R, land.A)
    factories.meeting(our_calendar, land.R, land.P)
    assert okrug_office.client.get(at("list")).content.decode().count('<tr id="row-') == 2


def test_a_neighbour_sees_nothing_of_our_draft(neighbour, spring, their_calendar):
    for name in ("list", "print"):
        words = text_of(neighbour.client.get(at(name)))
        assert spring[0].place.name() not in words


def test_the_chosen_unit_narrows_every_view(editor, spring, land):
    page = editor.client.get(at("list", unit=land.K)).content.decode()
    assert page.count('<tr id="row-') == 1


def test_the_year_darkens_days_by_their_load(editor, spring):
    page = editor.client.get(at("year")).content.decode()
    assert page.count('class="load-4') == 3
    assert "3 meetings in the calendar" in text_of(editor.client.get(at("year")))


def test_a_day_that_is_no_day_does_not_exist(editor, our_calendar):
    for address in (at("day", "2027-02-30"), at("month", 13), at("month", 0), at("day", "2026-03-10")):
        assert editor.client.get(address).status_code == 404


def test_empty_views_say_what_to_do_next(editor, our_calendar):
    assert "Start with the required meetings" in text_of(editor.client.get(at("list")))
    assert "See which meetings are missing" in text_of(editor.client.get(at("month", 3)))
    assert "Clear the filter" in text_of(editor.client.get(at("list", q="x")))
    assert "No proposal waits" in text_of(editor.client.get(at("proposals")))
    assert "You have changed nothing" in text_of(editor.client.get(at("steps")))


def test_the_print_view_has_every_row_without_buttons(editor, our_calendar, land):
    for number in range(101):
        factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 1) + dt.timedelta(days=number))
    words = text_of(editor.client.get(at("print")))
    assert words.count(land.P.name()) == 101
    assert Meeting.objects.count() == 101


# -- Editing inside the list ----------------------------------------------------------------------
def test_a_cell_is_edited_in_its_place_and_the_row_comes_back(editor, spring):
    meeting = spring[0]
    address = at("cell", meeting.pk, "date")
    form = editor.client.get(address, headers=HTMX)
    assert 'type="date"' in form.content.decode()
    answer = editor.client.post(address, {"value": "2027-03-17", "version": "1"}, headers=HTMX)
    meeting.refresh_from_db()
    assert meeting.date == dt.date(2027, 3, 17)
    assert answer.content.decode().lstrip().startswith(f'<tr id="row-{meeting.pk}"')
    assert "Undo" in answer["HX-Trigger"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("time", "25:00", "between 00:00 and 23:59"),
        ("time", "түстен кейін", "between 00:00 and 23:59"),
        ("date", "1/2/27", "15.01.2027"),
        ("date", "20226-01-01", "15.01.2027"),
        ("date", "2028-01-10", "must lie in 2027"),
        ("address", "...", "in words"),
        ("address", "x" * 301, "300"),
    ],
)
def test_a_wrong_value_of_a_cell_is_refused_in_words(editor, spring, field, value, said):
    answer = editor.client.post(at("cell", spring[0].pk, field), {"value": value, "version": "1"}, headers=HTMX)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert Meeting.objects.get(pk=spring[0].pk).version == 1


def test_an_hour_with_a_point_is_understood(editor, spring):
    editor.client.post(at("cell", spring[0].pk, "time"), {"value": "9.30", "version": "1"}, headers=HTMX)
    assert Meeting.objects.get(pk=spring[0].pk).time == dt.time(9, 30)


def test_a_held_meeting_is_not_edited_in_the_list(editor, spring):
    assert editor.client.get(at("cell", spring[2].pk, "date")).status_code == 403
    assert "cell" not in editor.client.get(at("list", state="held")).content.decode().split("<tbody>")[1][:300]


def test_other_columns_are_not_edited_in_the_list(editor, spring):
    assert editor.client.get(at("cell", spring[0].pk, "state")).status_code == 404
