"""An administrator decides how unclear words are read; before he saves he sees what would move."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendars.duties.regional import APPROVE, SUBMIT
from deadlines.models import Duty, ReadingChoice
from deadlines.services import readings as service
from deadlines.services import sweep
from journal.models import Entry
from territories.services.people.stale import Stale
from tests import factories

AUTUMN = dt.date(2026, 11, 21)


def choice(name: str = "until_edge", value: str = "inclusive", **fields) -> service.Choice:
    usual = {
        "region": None,
        "valid_from": dt.date(2027, 1, 1),
        "valid_to": None,
        "document": "Order No. 5",
        "reason": "The ministry explained it so.",
    }
    return service.Choice(name, value, **(usual | fields))


def errors(function, *args, **kwargs) -> dict:
    with pytest.raises(ValidationError) as refused:
        function(*args, **kwargs)
    return refused.value.message_dict


def test_what_would_move_is_told_from_and_to_before_anything_is_saved(land, administrator):
    sweep(AUTUMN)
    found = service.preview(choice(region=land.O), by=administrator.who)
    moves = {move.duty.rule_id: (str(move.duty.due_on), str(move.becomes["due_on"])) for move in found.shown}
    assert moves[APPROVE] == ("2027-01-14", "2027-01-15")
    assert moves[SUBMIT] == ("2027-01-19", "2027-01-20")
    assert {move.duty.debtor_id for move in found.shown} == {land.O.pk}
    assert not ReadingChoice.objects.exists()


def test_what_the_preview_tells_is_what_the_next_sweep_does(land, administrator):
    sweep(AUTUMN)
    found = service.preview(choice(), by=administrator.who)
    told = {move.duty.pk: move.becomes["due_on"] for move in found.shown}
    service.choose(choice(), by=administrator.who)
    sweep(AUTUMN)
    assert told
    assert told == {pk: day for pk, day in Duty.objects.values_list("pk", "due_on") if pk in told}
    assert service.preview(choice(), by=administrator.who).moved == 0


def test_a_met_duty_is_counted_apart_and_keeps_its_date(land, our_calendar, administrator):
    sweep(AUTUMN)
    met = Duty.objects.get(rule_id=APPROVE, debtor=land.O, year=2027)
    Duty.objects.filter(pk=met.pk).update(met_on=dt.date(2027, 1, 12))
    found = service.preview(choice(region=land.O), by=administrator.who)
    assert found.closed == 1
    assert met.pk not in {move.duty.pk for move in found.shown}


def test_the_country_s_word_does_not_move_a_region_that_has_its_own(land, administrator):
    service.choose(choice(value="exclusive", region=land.N), by=administrator.who)
    sweep(AUTUMN)
    found = service.preview(choice(), by=administrator.who)
    assert {move.duty.debtor_id for move in found.shown} == {land.O.pk}


def test_the_preview_asks_the_same_number_of_questions_for_one_duty_and_for_many(land, our_calendar, administrator):
    asked = []
    for villages in ((land.a1,), (land.a2, land.a3, land.b1)):
        for village in villages:
            factories.meeting(our_calendar, village.parent, village, dt.date(2027, 3, 15))
        sweep(AUTUMN)
        with CaptureQueriesContext(connection) as queries:
            found = service.preview(choice("back_mode", "full_days"), by=administrator.who)
        asked.append(len(queries))
    assert found.moved == 4
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("wrong", "field", "word"),
    [
        ({"name": "no_such_key"}, "value", "no_such_key"),
        ({"value": "sometimes"}, "value", "exclusive, inclusive"),
        ({"name": "until_edge:826-2.1.h1"}, "line", "one line alone"),
        ({"valid_to": dt.date(2026, 12, 31)}, "valid_to", "precedes"),
        ({"document": " "}, "document", "document"),
        ({"reason": ""}, "reason", "why"),
    ],
)
def test_a_choice_that_the_register_does_not_allow_is_refused_by_its_field(administrator, wrong, field, word):
    found = errors(
        service.choose, choice(**({"name": "until_edge", "value": "inclusive"} | wrong)), by=administrator.who
    )
    assert word in found[field][0]
    assert not ReadingChoice.objects.exists()


def test_a_reading_is_not_chosen_for_a_raion(land, administrator):
    assert "region" in errors(service.choose, choice(region=land.R), by=administrator.who)


@pytest.mark.parametrize(
    ("first", "last", "free"),
    [
        ("2026-01-01", "2026-12-31", True),
        ("2026-01-01", "2027-01-01", False),
        ("2027-06-30", "2027-07-01", False),
        ("2027-12-31", None, False),
        ("2028-01-01", None, True),
        ("2026-01-01", None, False),
    ],
)
def test_two_choices_for_one_region_share_no_day(administrator, first, last, free):
    service.choose(choice(valid_to=dt.date(2027, 12, 31)), by=administrator.who)
    second = choice(
        value="exclusive",
        valid_from=dt.date.fromisoformat(first),
        valid_to=dt.date.fromisoformat(last) if last else None,
    )
    if free:
        assert service.choose(second, by=administrator.who).pk
    else:
        assert "Order No. 5" in errors(service.choose, second, by=administrator.who)["valid_from"][0]


def test_a_region_may_read_otherwise_than_the_country_in_the_same_days(land, administrator):
    service.choose(choice(), by=administrator.who)
    assert service.choose(choice(value="exclusive", region=land.O), by=administrator.who).region == land.O


def test_only_an_administrator_chooses(editor, approver, reviewer):
    for person in (editor, approver, reviewer):
        with pytest.raises(PermissionDenied):
            service.choose(choice(), by=person.who)


def test_a_choice_and_its_end_stand_in_the_journal_with_document_and_reason(land, administrator):
    row = service.choose(choice(region=land.O), by=administrator.who)
    service.end_choice(row, last_day=dt.date(2027, 6, 30), reason="Withdrawn", by=administrator.who, seen_version=1)
    ended, chosen = Entry.objects.filter(action__startswith="reading.")
    assert (chosen.became["document"], chosen.reason, chosen.basis) == (
        "Order No. 5",
        "The ministry explained it so.",
        "A-01",
    )
    assert chosen.scope_path == land.O.path
    assert ended.became["valid_to"] == "2027-06-30"


def test_a_choice_that_somebody_else_has_ended_is_not_ended_unseen(administrator):
    row = service.choose(choice(), by=administrator.who)
    service.end_choice(row, last_day=dt.date(2027, 6, 30), reason="x", by=administrator.who, seen_version=1)
    with pytest.raises(Stale):
        service.end_choice(row, last_day=dt.date(2027, 5, 30), reason="x", by=administrator.who, seen_version=1)


def test_a_choice_is_shortened_and_never_prolonged(administrator):
    row = service.choose(choice(valid_to=dt.date(2027, 6, 30)), by=administrator.who)
    found = errors(
        service.end_choice, row, last_day=dt.date(2027, 7, 1), reason="x", by=administrator.who, seen_version=1
    )
    assert "shortened" in found["valid_to"][0]


# -- Pages --------------------------------------------------------------------------------------------


def typed(**more) -> dict:
    return {
        "value": "inclusive",
        "region": "",
        "valid_from": "2027-01-01",
        "valid_to": "",
        "document": "Order No. 5",
        "reason": "Explained so",
    } | more


def test_the_page_shows_first_what_would_move_and_saves_then(land, administrator):
    sweep(AUTUMN)
    client, address = administrator.client, "/staff/act/readings/until_edge/"
    first = client.post(address, typed(region=land.O.pk))
    shown = first.content.decode()
    assert first.status_code == 200
    assert not ReadingChoice.objects.exists()
    [seen] = re.findall(r'name="seen" value="([^"]+)"', shown)
    assert "14.01.2027" in shown
    assert "15.01.2027" in shown
    second = client.post(address, typed(region=land.O.pk, seen=seen))
    assert second.status_code == 302
    assert ReadingChoice.objects.get().region == land.O


def test_a_preview_that_no_longer_holds_is_shown_anew(land, administrator):
    sweep(AUTUMN)
    answer = administrator.client.post("/staff/act/readings/until_edge/", typed(seen="0/0"))
    assert answer.status_code == 409
    assert not ReadingChoice.objects.exists()


def test_every_number_of_the_register_is_on_the_page(editor):
    shown = editor.client.get("/staff/act/readings/").content.decode()
    for number in range(1, 25):
        assert f'id="A-{number:02}"' in shown


def test_a_reader_sees_the_country_s_choices_and_his_region_s(land, administrator, okrug_office, neighbour):
    service.choose(choice(document="For all"), by=administrator.who)
    service.choose(choice(value="exclusive", region=land.O, document="For ours"), by=administrator.who)
    ours = okrug_office.client.get("/staff/act/readings/").content.decode()
    theirs = neighbour.client.get("/staff/act/readings/").content.decode()
    assert "For all" in ours
    assert "For ours" in ours
    assert "For all" in theirs
    assert "For ours" not in theirs


def test_the_page_marks_what_holds_in_the_chosen_region_and_year(land, administrator, editor, neighbour):
    service.choose(choice(region=land.O), by=administrator.who)
    held = r'id="until_edge".*?</article>'
    words = {"2026": "It does not: the last day is 14 January", "2027": "It does: the last day is 15 January"}
    for year, value in words.items():
        shown = editor.client.get(f"/staff/act/readings/?year={year}").content.decode()
        [line] = re.findall(held, shown, re.S)
        assert f"<b>{value}</b>" in line
    [line] = re.findall(held, neighbour.client.get("/staff/act/readings/?year=2027").content.decode(), re.S)
    assert f"<b>{words['2026']}</b>" in line
