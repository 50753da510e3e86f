"""What was asked before is found across languages, spelling, order of words and look-alike letters."""

import pytest

from issues import services
from issues.similar import fold, ordered, similar_issues, similar_requests

from .factories import CLOCK, issue, request


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Көше жарығы жоқ!", "коше жарыгы жок"),
        ("ЖОҚ көше  жарығы", "көше жарығы жоқ"),
        ("Ауыз су жоқ", "Aуыз cy жоқ"),
        ("Ёлка у школы", "елка у школы"),
        ("Мектеп, балабақша", "балабакша - мектеп"),
    ],
)
def test_texts_that_people_type_alike_fold_alike(one, other):
    assert fold(one) == fold(other)


def test_a_latin_text_stays_latin():
    assert fold("Hospital roof") == "hospital roof"


def test_the_nearest_text_comes_first():
    rows = [(1, fold("Жол жөндеу керек")), (2, fold("Көше жарығы жоқ")), (3, fold("Көше жарығы жанбайды"))]
    found = ordered(fold("коше жарыгы жок"), rows, cutoff=50)
    assert [pk for pk, _score in found] == [2, 3]
    assert found[0][1] == 100


def test_what_was_asked_before_in_the_village_is_found_while_typing(land, okrug_office):
    asked = request(land.A, "Абай көшесінде жарық жоқ, түнде қараңғы", place=land.a1)
    request(land.A, "Балабақша салу қажет", place=land.a1)
    found = similar_requests(
        "туnde карангы, Абай кошесинде жарык жок", unit=land.A, place=land.a1, who=okrug_office.who
    )
    assert [(row.pk, row.near) for row in found] == [(asked.pk, "unit")]


def test_a_request_shows_the_issue_it_was_joined_to(land, okrug_office):
    asked = request(land.A, "Абай көшесінде жарық жоқ")
    known = issue(land.A, requests=[asked])
    found = similar_requests("Абай көшесінде жарық жоқ", unit=land.A, who=okrug_office.who)
    assert [row.issue_id for row in found] == [known.pk]


def test_requests_of_another_office_stay_hidden_but_its_issues_are_found(land, okrug_office):
    request(land.B, "Абай көшесінде жарық жоқ")
    beside = issue(land.B, "Абай көшесінде жарық жоқ")
    assert similar_requests("Абай көшесінде жарық жоқ", unit=land.A, who=okrug_office.who) == []
    found = similar_issues("абай кошесинде жарык жок", unit=land.A)
    assert [(row.pk, row.near) for row in found] == [(beside.pk, "raion")]


def test_an_issue_of_another_region_is_not_suggested(land):
    issue(land.NA, "Абай көшесінде жарық жоқ")
    assert similar_issues("Абай көшесінде жарық жоқ", unit=land.A) == []


def test_a_joined_issue_is_not_suggested(land):
    one, two = issue(land.A, "Абай көшесінде жарық жоқ"), issue(land.A, "Абай көшесінде жарық жоқ")
    services.join_issues(two, one, by=CLOCK)
    assert [row.pk for row in similar_issues("Абай көшесінде жарық жоқ", unit=land.A)] == [one.pk]


@pytest.mark.parametrize("rows", [1, 3])
def test_suggestions_ask_the_same_number_of_queries(land, okrug_office, django_assert_num_queries, rows):
    for number in range(rows):
        request(land.A, f"Абай көшесінде жарық жоқ {number}")
    who = okrug_office.who
    with django_assert_num_queries(4):
        similar_requests("Абай көшесінде жарық жоқ", unit=land.A, who=who)
