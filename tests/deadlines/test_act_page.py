"""The page of an act: every line in plain words, its state in the reader's unit, holes as holes."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deadlines.services import bring_in_line
from law.register import acts
from tests import factories


def page(person, code: str = "826", **query) -> str:
    answer = person.client.get(f"/staff/act/{code}/", {"year": "2027"} | query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("code", ["826", "12", "190", "615"])
def test_every_line_of_the_act_is_on_its_page(editor, code):
    shown = page(editor, code)
    assert set(re.findall(r'<article class="law-line" id="([^"]+)"', shown)) == set(acts()[code].rules)


def test_a_line_shows_the_acts_own_words_beside_the_plain_sentence(editor):
    shown = page(editor)
    assert "за две недели до дня встречи" in shown
    assert "at least 2 weeks before the day of the meeting" in shown


def test_the_missing_wording_of_the_first_edition_is_shown_as_a_hole(editor):
    shown = page(editor)
    assert shown.count("norm text missing") == sum(
        wording.missing for rule in acts()["826"].rules.values() for wording in rule.wordings
    )


def test_the_draft_is_labelled_as_a_draft(editor):
    assert acts()["190"].label["en"] in page(editor, "190")


def test_the_state_of_a_line_is_counted_in_the_chosen_unit_and_leads_to_its_duties(land, our_calendar, editor):
    for village in (land.a1, land.a2):
        factories.meeting(our_calendar, land.A, village, dt.date(2027, 3, 15))
    factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 3, 15))
    bring_in_line(dt.date(2026, 11, 21))
    shown = page(editor)
    [line] = re.findall(r'<article class="law-line" id="826-3.4.f".*?</article>', shown, re.S)
    assert f"rule=826-3.4.f&amp;state=open&amp;year=2027&amp;unit={land.O.pk}" in line
    assert re.search(r"open.*?>2<", line, re.S) or " 2</a>" in line
    below = page(editor, unit=land.B.pk)
    assert "rule=826-3.4.f" not in below


def test_a_neighbour_counts_his_own_duties_only(land, our_calendar, neighbour):
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 15))
    bring_in_line(dt.date(2026, 11, 21))
    assert "rule=826-3.4.f" not in page(neighbour)


def test_the_page_asks_the_same_number_of_questions_for_one_duty_and_for_many(land, our_calendar, editor):
    client, counts = editor.client, []
    client.get("/staff/act/826/?year=2027")
    for villages in ((land.a1,), (land.a2, land.a3, land.b1)):
        for village in villages:
            factories.meeting(our_calendar, village.parent, village, dt.date(2027, 3, 15))
        bring_in_line(dt.date(2026, 11, 21))
        with CaptureQueriesContext(connection) as asked:
            client.get("/staff/act/826/?year=2027")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_act_that_the_register_does_not_hold_is_not_found(editor):
    assert editor.client.get("/staff/act/999/").status_code == 404


def test_the_menu_leads_to_the_act_in_force(editor):
    answer = editor.client.get("/staff/act/")
    assert answer.context["act"].code == "826"
