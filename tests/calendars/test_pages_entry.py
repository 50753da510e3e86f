"""Quick entry: what is kept, what is offered next, what is warned of, what is a wall."""

import datetime as dt

import pytest
import time_machine

from calendars.models import Meeting, MeetingState, MeetingTarget

from .. import factories
from .pages import HTMX, at, filled, text_of, toast_of


@pytest.fixture(autouse=True)
def autumn():
    with time_machine.travel(dt.datetime(2026, 11, 16, 5, tzinfo=dt.UTC), tick=False):
        yield


def cell(line, holder, target, half="2027-H1"):
    return f"{line}.{holder.pk}.{target.pk}.{half}"


def form_for(person, **query):
    return filled(person.client.get(at("entry", **query)))


def send(person, sent, **headers):
    return person.client.post(at("entry"), sent, headers=headers)


@pytest.fixture
def sent(editor, our_calendar, land):
    """The form of a hole of the raion's akim, as the browser sends it."""
    return form_for(editor, cell=cell("c", land.R, land.P))


def test_a_hole_is_planned_by_sending_its_form(editor, sent, land):
    send(editor, sent)
    meeting = Meeting.objects.get()
    assert (meeting.holder, meeting.place, meeting.state) == (land.R, land.P, MeetingState.PLANNED)
    assert meeting.time == dt.time(10)
    assert list(meeting.targets.values_list("holder", "target")) == [(land.R.pk, land.P.pk)]


def test_after_saving_the_next_hole_is_offered_with_the_last_values_kept(editor, sent, land):
    client = editor.client
    changed = {"time": "15:30", "planned_minutes": "90", "report_minutes": "20", "languages": "kk"}
    answer = client.post(at("entry"), sent | changed, headers=HTMX)
    following = filled(answer)
    assert following["cell"] != sent["cell"]
    assert following["time"] == "15:30"
    assert (following["planned_minutes"], following["report_minutes"], following["languages"]) == ("90", "20", "kk")
    assert following["date"] != ""


def test_the_address_keeps_its_words_and_takes_the_new_place(editor, sent, land):
    client = editor.client
    client.post(at("entry"), sent | {"address": f"{land.P.name_kk}, Мәдениет үйі"}, headers=HTMX)
    following = filled(client.get(at("entry", cell=cell("c", land.R, land.V))))
    assert following["address"] == f"{land.V.name_kk}, Мәдениет үйі"


def test_the_hall_used_in_a_place_before_is_offered_again(editor, sent, land):
    client = editor.client
    client.post(at("entry"), sent | {"address": "Абай көшесі 1"}, headers=HTMX)
    following = filled(client.get(at("entry", cell=cell("c", land.R, land.P, "2027-H2"))))
    assert following["address"] == "Абай көшесі 1"


def test_the_toast_offers_to_undo(editor, sent):
    toast = toast_of(send(editor, sent, **HTMX))
    assert toast["action"] == "Undo"
    assert toast["post"] is True


def test_a_double_click_makes_one_meeting(editor, sent):
    send(editor, sent)
    send(editor, sent)
    assert Meeting.objects.count() == 1


def test_a_meeting_can_be_entered_freely_for_a_chosen_day(editor, our_calendar, land):
    sent = form_for(editor, free=1, date="2027-04-14", holder=land.A.pk, place=land.a2.pk)
    assert (sent["date"], sent["holder"], sent["place"]) == ("2027-04-14", str(land.A.pk), str(land.a2.pk))
    send(editor, sent)
    assert Meeting.objects.get().place == land.a2


def test_units_are_understood_by_name_or_code_without_scripts(editor, sent, land):
    typed = {"holder": "", "holder_text": land.A.code, "place": "", "place_text": "aksu ush"}
    send(editor, sent | typed)
    meeting = Meeting.objects.get()
    assert (meeting.holder, meeting.place) == (land.A, land.a3)


def test_a_name_that_fits_several_units_names_them(editor, sent, land):
    answer = send(editor, sent | {"place": "", "place_text": "aksu"})
    assert answer.status_code == 422
    words = text_of(answer)
    assert land.a1.code in words
    assert land.a2.code in words


def test_a_unit_that_nobody_knows_is_told(editor, sent):
    answer = send(editor, sent | {"place": "", "place_text": "Атлантида"})
    assert answer.status_code == 422
    assert "No unit is called “Атлантида”" in text_of(answer)


def test_what_was_typed_is_kept_in_a_form_that_has_to_be_mended(editor, sent):
    answer = send(editor, sent | {"date": "", "address": "Орталық алаң"})
    assert answer.status_code == 422
    assert filled(answer)["address"] == "Орталық алаң"
    assert not Meeting.objects.exists()


def test_a_report_longer_than_a_quarter_is_a_wall_with_its_paragraph(editor, sent):
    answer = send(editor, sent | {"planned_minutes": "120", "report_minutes": "31"})
    assert answer.status_code == 422
    words = text_of(answer)
    assert "at most a quarter of the planned time: 30 minutes" in words
    assert "826 para 3(3)" in words


def test_a_place_outside_the_akims_unit_is_a_wall(editor, sent, land):
    answer = send(editor, sent | {"place": str(land.K1.pk), "place_text": land.K1.name()})
    assert answer.status_code == 422
    assert "does not lie within the territory" in text_of(answer)


def test_a_day_off_is_a_warning_that_does_not_block(editor, sent):
    saturday = sent | {"date": "2027-04-10"}
    live = editor.client.post(at("check"), saturday, headers=HTMX)
    assert "day off" in text_of(live)
    assert 'data-set-value="2027-04-12"' in live.content.decode()
    send(editor, saturday)
    assert Meeting.objects.get().date == dt.date(2027, 4, 10)


def test_the_warning_of_a_busy_akim_comes_before_saving(editor, sent, our_calendar, land):
    factories.meeting(our_calendar, land.R, land.V, dt.date(2027, 3, 10))
    live = editor.client.post(at("check"), sent | {"date": "2027-03-10", "time": "11:00"}, headers=HTMX)
    assert "another meeting at that hour" in text_of(live)
    assert Meeting.objects.count() == 1


def test_the_live_check_says_until_when_to_announce(editor, sent):
    live = editor.client.post(at("check"), sent | {"date": "2027-03-10"}, headers=HTMX)
    assert "Announce by: 24.02.2027, Wed" in text_of(live)
    assert "/staff/act/why/?line=826-3.4" in live.content.decode()


def test_a_half_filled_form_is_checked_without_complaint(editor, sent):
    live = editor.client.post(at("check"), sent | {"date": "", "planned_minutes": "x"}, headers=HTMX)
    assert live.status_code == 200
    assert "note-" not in live.content.decode()


def test_akims_of_the_place_are_offered_as_joint_holders(editor, our_calendar, land):
    sent = form_for(editor, free=1, holder=land.O.pk, place=land.a1.pk, date="2027-03-10")
    live = editor.client.post(at("check"), sent, headers=HTMX).content.decode()
    assert f'value="{land.R.pk}&gt;{land.A.pk}"' in live
    assert f'value="{land.A.pk}&gt;{land.a1.pk}"' in live


def test_a_joint_meeting_closes_the_norms_of_the_named_akims(editor, our_calendar, land):
    sent = form_for(editor, free=1, holder=land.O.pk, place=land.a1.pk, date="2027-03-10")
    send(editor, sent | {"pair": f"{land.R.pk}>{land.A.pk}"})
    pairs = set(MeetingTarget.objects.values_list("holder", "target"))
    assert pairs == {(land.O.pk, land.R.pk), (land.R.pk, land.A.pk)}


def test_a_pair_of_a_foreign_akim_is_refused_and_told(editor, our_calendar, land):
    sent = form_for(editor, free=1, holder=land.O.pk, place=land.a1.pk, date="2027-03-10")
    answer = send(editor, sent | {"pair": f"{land.NR.pk}>{land.NA.pk}"})
    assert answer.status_code == 422
    assert "1 of the further akims cannot be entered by your office" in text_of(answer)
    assert not MeetingTarget.objects.exists()


def test_an_office_proposes_its_own_meetings_only(okrug_office, our_calendar, land):
    sent = form_for(okrug_office)
    assert sent["holder"] == str(land.A.pk)
    send(okrug_office, sent)
    assert Meeting.objects.get().state == MeetingState.PROPOSED
    foreign = sent | {"holder": str(land.R.pk), "holder_text": "", "place": str(land.P.pk), "place_text": ""}
    assert send(okrug_office, foreign).status_code == 422
    assert Meeting.objects.count() == 1


def test_an_office_is_not_offered_again_what_it_has_proposed(okrug_office, our_calendar, land):
    first = form_for(okrug_office)
    following = filled(send(okrug_office, first, **HTMX))
    assert following["cell"] != first["cell"]


def test_entry_without_a_calendar_leads_to_opening_it(editor, land):
    assert editor.client.get(at("entry")).headers["Location"].startswith("/staff/calendar/coverage/")


def test_when_nothing_is_missing_the_form_says_so(okrug_office, our_calendar, land):
    for place in (land.a1, land.a2, land.a3):
        factories.meeting(our_calendar, land.A, place, dt.date(2027, 3, 10))
        factories.meeting(our_calendar, land.A, place, dt.date(2027, 9, 10))
    assert "Every required meeting has its day" in text_of(okrug_office.client.get(at("entry")))


def test_save_and_close_shows_the_meeting(editor, sent):
    answer = editor.client.post(at("entry"), sent | {"close": "1"}, follow=True)
    assert f"Meeting № {Meeting.objects.get().number}" in text_of(answer)


# -- Units by typing --------------------------------------------------------------------------------
def options(person, **query):
    return text_of(person.client.get(at("units", **query)))


def test_units_are_found_by_any_word_of_either_language(editor, our_calendar, land):
    words = options(editor, **{"for": "place"}, q="ush aksu")
    assert land.a3.name() in words
    assert land.a1.name() not in words


def test_akims_are_offered_only_where_there_is_one(editor, our_calendar, land):
    words = options(editor, **{"for": "holder"}, q="aksu")
    assert land.A.name() in words
    assert land.a1.name() not in words


def test_places_lie_within_the_chosen_akims_unit(editor, our_calendar, land):
    words = options(editor, **{"for": "place"}, q="a", holder=land.B.pk)
    assert land.b1.name() in words
    assert land.a1.name() not in words


def test_units_of_the_neighbour_are_not_offered(editor, our_calendar, land):
    assert "No unit is called so" in options(editor, **{"for": "place"}, q="neighbour")


def test_a_strange_search_is_answered_calmly(editor, our_calendar):
    for text in ("%25", "_", "'", "%5C", "x" * 1000, "１"):
        assert editor.client.get(at("units", q=text)).status_code == 200
