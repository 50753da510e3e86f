"""What a row of the classifier is: by its code first, by the mark in the Russian name second."""

import csv
from collections import Counter

import pytest

from territories.kato.kinds import bare, kind_and_akim, name_key, parent_code, parent_in_classifier, tidy
from territories.kato.units import units_of
from territories.kato.words import maslikhat_names, office_names
from tests.law.sources import DATA, needs_data
from tests.territories.classifier import NEW, OLD, real


@pytest.mark.parametrize(
    ("code", "name", "parent", "kind", "own"),
    [
        ("610000000", "Туркестанская область", None, "oblast", True),
        ("710000000", "г.Астана", None, "capital", True),
        ("750000000", "г.Алматы", None, "city_rep", True),
        ("611000000", "Туркестан Г.А.", "oblast", "city_oblast", True),
        ("615200000", "Сайрамский район", "oblast", "raion", True),
        ("711110000", "район Алматы", "capital", "raion_in_city", True),
        ("351011000", "р.а. им.Казыбек би", "city_oblast", "raion_in_city", True),
        ("351011100", "район им.Казыбек би", "raion_in_city", "territory_row", False),
        ("151013100", "район Астана", "city_oblast", "raion_in_city", True),
        ("611010000", "г.Туркестан", "city_oblast", "territory_row", False),
        ("615420000", "Сарыагашская г.а.", "raion", "city_raion", True),
        ("615420100", "г.Сарыагаш", "city_raion", "territory_row", False),
        ("113820100", "г.Атбасар", "raion", "city_raion", True),
        ("634820000", "г.а.Алтай", "raion", "city_raion", True),
        ("615230000", "Аксукентский с.о", "raion", "okrug", True),
        ("615231000", "с.о.Елтоқ", "raion", "okrug", True),
        ("615232000", "с. о. Елтоқ", "raion", "okrug", True),
        ("615233000", "с.а. Мамай", "raion", "village", True),
        ("615234000", "Молодецкая с.а.", "raion", "village", True),
        ("615241000", "Чаганская п.а.", "raion", "settlement", True),
        ("615230100", "с.Аксукент", "okrug", "village", False),
        ("615230200", "п.Кызыл", "okrug", "settlement", False),
        ("615230300", "ст.Манкент", "okrug", "other_main", False),
        ("615230101", "с.Малый Аксукент", "okrug", "minor", False),
        ("615230180", "с.Большой Аксукент", "okrug", "village", False),
    ],
)
def test_a_row_is_known_by_its_code_and_mark(code, name, parent, kind, own):
    assert kind_and_akim(code, name, parent) == (kind, own)


def test_names_are_shown_tidy_and_keep_their_marks():
    assert tidy("Лесной\u00a0 с.о .") == "Лесной с.о."
    assert tidy("  с.Доскей  ауылы ") == "с.Доскей ауылы"


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Абралинский с.о.", "Абралинский"),
        ("с.о.Абралы", "Абралы"),
        ("г.Актау", "Актау"),
        ("Ақтау Г.А.", "Ақтау"),
        ("Семей Қ.Ә.", "Семей"),
        ("с. А.Байтурсынова", "А.Байтурсынова"),
        ("Есет Көтібаров атын.а.о.", "Есет Көтібаров атын."),
        ("Абай облысы", "Абай"),
        ("п.", "п."),
    ],
)
def test_a_name_without_its_mark_names_the_unit(name, left):
    assert bare(name) == left


def test_the_same_unit_has_the_same_key_however_its_mark_stands():
    assert name_key("Кокжазыкский с.о.") == name_key("с.о. Кокжазыкский") == name_key("Кокжазыкский с.о")


def test_a_parent_is_the_first_level_that_exists():
    codes = {"113800000", "113820100", "110000000"}
    assert parent_code("113820100", codes) == "113800000"
    assert parent_code("110000000", codes) == ""
    assert parent_code("632400200", {"632400000", "630000000"}) == "632400000"


def test_a_minor_place_hangs_under_the_okrug_and_not_under_its_main_place():
    codes = {"615230000", "615230100"}
    assert parent_code("615230101", codes) == "615230000"
    assert parent_in_classifier("615230101", codes) == "615230100"


@pytest.mark.parametrize(
    ("kind", "kk", "ru", "office_kk", "office_ru"),
    [
        ("oblast", "Абай облысы", "область Абай", "Абай облысы", "области Абай"),
        ("oblast", "Ақмола облысы", "Акмолинская область", "Ақмола облысы", "Акмолинской области"),
        ("raion", "Абай ауданы", "Абайский район", "Абай ауданы", "Абайского района"),
        ("raion", "Жаңасемей ауданы", "район Жаңасемей", "Жаңасемей ауданы", "района Жаңасемей"),
        ("city_oblast", "Семей Қ.Ә.", "Семей Г.А.", "Семей қаласы", "города Семей"),
        ("okrug", "Лесной а.о.", "Лесной с.о.", "Лесной ауылдық округі", "Лесного сельского округа"),
        ("okrug", "Елтоқ а.о.", "с.о.Елтоқ", "Елтоқ ауылдық округі", "сельского округа Елтоқ"),
        ("settlement", "Шаған к.ә.", "Чаганская п.а.", "Шаған кенті", "Чаганской поселковой администрации"),
        ("village", "Мамай а.ә.", "с.а. Мамай", "Мамай ауылы", "села Мамай"),
        (
            "okrug",
            "Есет Көтібаров атын.а.о.",
            "с.о.им.Есета Котибарова",
            "Есет Көтібаров атындағы ауылдық округ",
            "сельского округа имени Есета Котибарова",
        ),
    ],
)
def test_an_office_is_named_as_letters_name_it(kind, kk, ru, office_kk, office_ru):
    assert office_names(kind, kk, ru)[:2] == (f"{office_kk} әкімінің аппараты", f"Аппарат акима {office_ru}")


def test_a_maslikhat_is_named_after_its_unit():
    assert maslikhat_names("raion", "Абай ауданы", "Абайский район", "Abay") == (
        "Абай ауданының мәслихаты",
        "Маслихат Абайского района",
        "Maslikhat of Abay",
    )


# -- The real classifier --------------------------------------------------------------------------
@needs_data
def test_the_classifier_of_2026_has_the_known_number_of_every_kind():
    units = units_of(real(NEW))
    assert len(units) == 15594
    assert sum(unit.own_akim for unit in units) == 2589
    assert Counter((unit.kind, unit.own_akim) for unit in units) == {
        ("oblast", True): 17,
        ("city_rep", True): 2,
        ("capital", True): 1,
        ("raion", True): 170,
        ("city_oblast", True): 39,
        ("raion_in_city", True): 25,
        ("city_raion", True): 48,
        ("okrug", True): 2108,
        ("settlement", True): 71,
        ("settlement", False): 88,
        ("village", True): 108,
        ("village", False): 5806,
        ("other_main", False): 197,
        ("minor", False): 6841,
        ("territory_row", False): 73,
    }


@needs_data
def test_the_kinds_of_each_region_are_those_of_the_table_of_counts():
    columns = {
        "capital": ("capital", True),
        "city_republican": ("city_rep", True),
        "oblast": ("oblast", True),
        "city_oblast": ("city_oblast", True),
        "rayon": ("raion", True),
        "rayon_in_city": ("raion_in_city", True),
        "city_rayon": ("city_raion", True),
        "settlement_admin": ("settlement", True),
        "village_admin": ("village", True),
        "rural_okrug": ("okrug", True),
        "territory_row": ("territory_row", False),
        "settlement": ("settlement", False),
        "village": ("village", False),
        "other_main": ("other_main", False),
        "minor": ("minor", False),
    }
    counted = Counter((unit.region, unit.kind, unit.own_akim) for unit in units_of(real(NEW)))
    with (DATA / "kato_counts_2026.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    for row in rows:
        for column, (kind, own) in columns.items():
            assert counted[row["kato"], kind, own] == int(row[column]), (row["name_ru"], column)


@needs_data
def test_the_parents_of_2022_are_those_that_the_file_itself_names():
    """`units_of` refuses a row whose named parent is another than the rule's."""
    assert len(units_of(real(OLD))) == 16264
