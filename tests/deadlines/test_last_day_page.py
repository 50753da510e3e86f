"""The page of last lawful days: as a question, and for a meeting that exists."""

import datetime as dt

from deadlines.models import ReadingChoice


def page(person, **query):
    return person.client.get("/staff/act/last-day/", query)


def test_the_page_answers_for_the_chosen_unit_with_the_counting_of_each_day(okrug_office):
    shown = page(okrug_office, day="2027-03-15").content.decode()
    assert "8 March 2027" in shown
    assert "why this date" in shown
    assert "Акимам" not in shown


def test_without_a_question_it_proposes_one(editor):
    assert page(editor).status_code == 200


def test_the_readings_of_the_akims_region_are_used(land, okrug_office, neighbour, administrator):
    ReadingChoice.objects.create(
        key="back_mode",
        value="full_days",
        region=land.O,
        valid_from=dt.date(2027, 1, 1),
        document="1",
        reason="1",
        decided_by=administrator.user,
    )
    assert "7 March 2027" in page(okrug_office, day="2027-03-15").content.decode()
    theirs = page(neighbour, day="2027-03-15", kind="okrug", holder=str(land.NA.pk)).content.decode()
    assert "8 March 2027" in theirs


def test_a_reception_before_the_meeting_is_refused_in_words(editor):
    answer = page(editor, day="2027-03-15", reception="2027-03-14")
    assert answer.status_code == 422
    assert "The reception comes after the meeting." in answer.content.decode()


def test_a_year_whose_days_off_are_not_known_is_told_and_not_guessed(editor):
    shown = page(editor, day="2031-03-15").content.decode()
    assert "not known yet" in shown


def test_a_holder_that_is_no_number_or_has_no_akim_falls_back_to_the_choice_of_kinds(land, editor):
    for holder in ("x", "99999999999999999999999", str(land.a1.pk)):
        assert page(editor, day="2027-03-15", holder=holder).status_code in (200, 422)
