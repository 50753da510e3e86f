"""What was asked before is found across languages, spelling, order of words and look-alike letters."""

import pytest
from django.core.management import call_command

from issues import services
from issues.concepts import read, sketch, things
from issues.models import Issue, Request
from issues.similar import alike, compared, fold, similar_issues, similar_requests

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


def near(*texts):
    return [(number, *reversed(compared(text).values())) for number, text in enumerate(texts, 1)]


def far(*texts):
    return [row[:2] for row in near(*texts)]


def test_the_nearest_text_comes_first():
    rows = near("Жол жөндеу керек", "Көше жарығы жоқ", "Көше жарығы мен қоқыс жоқ")
    found = alike(fold("коше жарыгы жок"), rows)
    assert [pk for pk, _score in found] == [2, 3]
    assert found[0][1] == 100


@pytest.mark.parametrize(
    ("kazakh", "russian"),
    [
        ("су құбыры жөндеу", "ремонт водопровода"),
        ("Мектептің шатыры ағады", "течёт крыша школы"),
        ("Балабақшада орын жетіспейді", "В детском саду не хватает мест"),
        ("Абай көшесі 14: көше жарығы жанбайды", "По улице Абая, дом 14, не горит уличное освещение"),
        ("ЖЕДЕЛ ЖӘРДЕМ кешікті, жол жаман", "скорая помощь опоздала: плохая дорога"),
        ("кәріз бітеліп қалды", "засорилась канализация"),
    ],
)
def test_the_same_thing_is_found_in_the_other_language(kazakh, russian):
    others = ("Көпір салу керек пе", "Нет автобуса до города", "Пошта жабық", "бродячие собаки")
    assert alike(fold(russian), far(*others, kazakh))[0][0] == len(others) + 1
    assert alike(fold(kazakh), far(*others, russian))[0][0] == len(others) + 1


def test_a_word_is_not_taken_for_a_shorter_one_that_it_begins_with():
    assert things("сурет") != things("су") == things("суды") == things("вода")
    assert things("газета") != things("газ") == things("газдын")
    assert things("жолдау") != things("жол") == things("дорогу")


def test_words_that_stand_in_any_request_say_nothing_of_it():
    assert sketch(fold("Құрметті әкім, қашан және неге? Прошу принять меры")) == ""
    assert alike(fold("қашан және неге"), far("Прошу принять меры", "Көпір салынсын")) == []


def test_the_number_of_a_house_tells_neighbours_apart():
    rows = far("Абай көшесі 12, жарық жоқ", "Абай көшесі 14, жарық жоқ", "Абай көшесі 41, жарық жоқ")
    assert alike(fold("улица Абая 14, нет света"), rows)[0][0] == 2


def test_a_sketch_of_a_long_text_fits_an_index():
    long = " ".join(f"{number} сөз{number}" for number in range(2000))
    assert len(sketch(fold(long)).encode()) <= 800


def test_a_list_with_a_row_that_says_nothing_is_refused():
    with pytest.raises(ValueError, match="without"):
        read([{"concept": "water", "kk": " ", "ru": ""}])


def test_rows_of_an_older_list_are_made_anew(land, okrug_office):
    asked, known = request(land.A, "Су құбыры жарылды"), issue(land.A, "Су құбыры жарылды")
    wanted = asked.sketch
    Request.objects.update(sketch=None)
    Issue.objects.update(sketch="x")
    assert similar_requests("прорвало водопровод", unit=land.A, who=okrug_office.who) == []
    call_command("fold_again")
    asked.refresh_from_db()
    known.refresh_from_db()
    assert asked.sketch == known.sketch == wanted
    assert services.fold_again() == 0


def test_a_text_that_was_mended_is_found_by_its_new_words(land, okrug_office):
    asked = request(land.A, "Жол жөндеу керек")
    services.edit_request(asked, values={"text": "Мектептің шатыры ағады"}, seen_version=asked.version, by=CLOCK)
    found = similar_requests("течёт крыша школы", unit=land.A, who=okrug_office.who)
    assert [row.pk for row in found] == [asked.pk]


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
