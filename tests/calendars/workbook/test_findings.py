"""Findings: order, counts, languages, storing; and every message of the catalogue."""

import datetime as dt
import json
import re
from string import ascii_letters

import pytest
from django.utils import translation

from calendars.workbook.findings import Finding, Findings, Severity
from calendars.workbook.limits import FINDINGS_KEPT
from calendars.workbook.messages import MESSAGES, Message, add, cells, file, meaning, table
from calendars.workbook.messages.file import FILE_TYPES
from calendars.workbook.messages.table import REPAIRS
from calendars.workbook.references import column_letter, column_number
from calendars.workbook.words import plain, shown, spoken, written

from .books import said

PLACE = {"sheet": "Күнтізбе", "row": 14, "column": 4, "heading": "Күні"}


def test_the_sentence_of_the_contract_in_three_languages():
    finding = Findings().add("B26", **PLACE, value="15.13.2027", example="15.03.2027")

    assert said(finding, "ru") == (
        "Лист «Күнтізбе», строка 14, столбец D («Күні»): «15.13.2027» не дата. Запишите как 15.03.2027."
    )
    assert said(finding, "kk") == (
        '"Күнтізбе" парағы, 14-жол, D бағаны («Күні»): «15.13.2027» күн емес. Күнді 15.03.2027 түрінде жазыңыз.'
    )
    assert said(finding, "en") == (
        "Sheet “Күнтізбе”, row 14, column D (“Күні”): “15.13.2027” is not a date. Write it as 15.03.2027."
    )


def test_a_stored_finding_speaks_any_language_later():
    finding = Findings().add("B25", **PLACE, value="01/02/2027", day={"date": "2027-02-01"}, example="01.02.2027")

    again = Finding.from_dict(json.loads(json.dumps(finding.as_dict())))

    assert again == finding
    assert "1 ақпан 2027" in said(again, "kk")
    assert "1 февраля 2027" in said(again, "ru")


def test_findings_are_told_in_the_order_of_the_file():
    findings = Findings(["Бірінші", "Екінші"])
    findings.add("B22.none", sheet="Екінші", row=1)
    findings.add("B53", sheet="Бірінші", row=9, column=2, value="x")
    findings.add("B53", sheet="Бірінші", row=9, column=1, value="x")
    findings.add("B53", sheet="Бірінші", row=2, column=30, value="x")
    findings.add("B04.empty")

    told = [(finding.sheet, finding.row, finding.column_letter) for finding in findings]

    assert told == [
        ("", None, ""),
        ("Бірінші", 2, "AD"),
        ("Бірінші", 9, "A"),
        ("Бірінші", 9, "B"),
        ("Екінші", 1, ""),
    ]


def test_five_hundred_are_shown_and_all_are_counted():
    findings = Findings()
    for row in range(1_200, 0, -1):
        findings.add("B53", sheet="S", row=row, column=1, value="x")
    findings.add("B37", sheet="S", row=1, column=1, value="x", marked="x")
    findings.add("B22.blank", sheet="S", count=3)

    assert len(findings) == 1_202
    assert (findings.errors, findings.warnings, findings.notes) == (1_200, 1, 1)
    assert len(findings.shown) == 500
    assert findings.shown[0].code == "B22.blank"
    assert len(findings.of(Severity.ERROR)) == 1_200
    assert findings.by_code["B53"] == 1_200


def test_a_flood_of_findings_is_bounded_and_still_counted():
    findings = Findings()
    for row in range(2 * FINDINGS_KEPT + 10):
        findings.append(Finding("B53", Severity.ERROR, "S", row + 1, "A"))

    assert findings.total == 2 * FINDINGS_KEPT + 10
    assert len(list(findings)) < 2 * FINDINGS_KEPT
    assert findings.shown[0].row == 1


def test_a_value_is_shown_in_forty_characters_with_its_controls():
    assert shown("x" * 100) == "x" * 39 + "…"
    assert shown("a\x00b\tc\nd\u00a0e\u200bf\u202eg") == "a␀b⇥c⏎d⍽e[U+200B]f[U+202E]g"
    assert len(shown("\u200b" * 100)) == 40
    assert shown("\ud800") == "[U+D800]"
    assert shown("%(sheet)s %s 100%") == "%(sheet)s %s 100%"


def test_a_value_cannot_fill_placeholders():
    finding = Findings().add("B53", sheet="%(row)s", row=1, column=1, heading="%s", value="%(value)s 100%")

    assert said(finding, "ru") == (
        "Лист «%(row)s», строка 1, столбец A («%s»): «%(value)s 100%» не время. Запишите как 09:30."
    )


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (60, "BH"), (16_384, "XFD")])
def test_columns_have_letters(number, letters):
    assert column_letter(number) == letters
    assert column_number(letters) == number


def test_numbers_and_labels_are_spoken_in_the_readers_language():
    labels = {"kk": "қатысып", "ru": "очно", "en": "in person"}

    with translation.override("kk"):
        assert spoken([labels, 1_000_000, 2027, 9.5]) == "қатысып, 1\u00a0000\u00a0000, 2027, 9.5"
    with translation.override("ru"):
        assert spoken(labels) == "очно"
    with translation.override("en"):
        assert written(dt.date(2027, 1, 15)) == "15 January 2027"
        assert plain(dt.timedelta(minutes=-90)) == "-1:30"


# The catalogue as a whole.

OURS = sorted(message.code for message in (*file.ALL, *table.ALL, *cells.ALL, *meaning.ALL))
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def filled(message: Message) -> Finding:
    names = {
        name for text in (message.problem, message.remedy, message.expected) for name in PLACEHOLDER.findall(str(text))
    } - {"value", "offer"}
    return Findings().add(message.code, **PLACE, value="мән", offer="ұсыныс", **dict.fromkeys(names, "параметр"))


@pytest.mark.parametrize("code", OURS)
def test_every_message_is_said_in_three_languages_with_its_place(code):
    finding = filled(MESSAGES[code])

    kazakh, russian, english = (said(finding, language) for language in ("kk", "ru", "en"))

    assert kazakh.startswith('"Күнтізбе" парағы, 14-жол, D бағаны («Күні»): ')
    assert russian.startswith("Лист «Күнтізбе», строка 14, столбец D («Күні»): ")
    assert english.startswith("Sheet “Күнтізбе”, row 14, column D (“Күні”): ")
    problems = []
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            problems.append((finding.problem, finding.remedy, finding.expected))
    assert len({problem for problem, _remedy, _expected in problems}) == 3
    for sentence in (kazakh, russian):
        assert sentence.endswith((".", "».")), sentence
        assert "%" not in sentence


@pytest.mark.parametrize("code", OURS)
def test_every_error_says_what_to_do(code):
    message = MESSAGES[code]

    assert message.severity in ("error", "warning", "note")
    if message.severity != "note":
        assert str(message.remedy)


@pytest.mark.parametrize("words", [REPAIRS, FILE_TYPES])
def test_other_words_are_translated_too(words):
    for key, word in words.items():
        said_in = set()
        for language in ("kk", "ru", "en"):
            with translation.override(language):
                said_in.add(str(word))
        assert len(said_in) == 3, key


def test_no_message_speaks_of_our_insides():
    for message in MESSAGES.values():
        for text in (message.problem, message.remedy):
            assert not re.search(r"Traceback|Error:|calamine|openpyxl|Django|/app|\.py", str(text)), message.code


def test_a_code_cannot_be_defined_twice():
    with pytest.raises(ValueError, match="B01"):
        add(MESSAGES["B01"])
    assert set("".join(OURS)) <= set(ascii_letters + "0123456789._")


# Words for what only the calendar can know (B30, B33, B35, B36, B40).


@pytest.mark.parametrize(
    ("code", "value", "params", "ru", "kk"),
    [
        (
            "B30.year", "", {"day": {"date": "2026-12-31"}, "year": 2027},
            "31 декабря 2026 не входит в год календаря (2027). Запишите день 2027 года.",
            "31 желтоқсан 2026 күнтізбе жылына (2027) жатпайды. 2027 жылдың күнін жазыңыз.",
        ),
        (
            "B33.abolished", "101033000",
            {"name": "Абралы", "day": {"date": "2024-01-01"}, "successor": "104133000"},
            "код 101033000 (Абралы) упразднён 1 января 2024. Вместо него действует 104133000; запишите этот код.",
            "101033000 коды (Абралы) 1 қаңтар 2024 күні жойылған. "
            "Оның орнына құрылған бірлік: 104133000; соның кодын жазыңыз.",
        ),
        (
            "B33.unknown", "619999999", {},
            "в классификаторе нет единицы с кодом 619999999. Найдите код на листе единиц шаблона.",
            "жіктеуіште 619999999 коды бар бірлік жоқ. Кодты үлгінің бірліктер парағынан қараңыз.",
        ),
        (
            "B33.region", "750000000", {"region": {"kk": "Түркістан облысы", "ru": "Туркестанская область"}},
            "код 750000000 относится к единице другого региона. "
            "Оставьте в файле только единицы региона: Туркестанская область.",
            "750000000 коды басқа өңірдің бірлігіне жатады. "
            "Файлда тек мына өңірдің бірліктерін қалдырыңыз: Түркістан облысы.",
        ),
        (
            "B33.level", "613600000",
            {"name": {"kk": "Қазығұрт ауданы", "ru": "Казыгуртский район"}, "expected": {"kk": "ауыл", "ru": "село"}},
            "Казыгуртский район (613600000) — единица другого уровня: здесь ожидается село. "
            "Запишите код самой единицы, а не вышестоящей или нижестоящей.",
            "Қазығұрт ауданы (613600000) — басқа деңгейдегі бірлік: мұнда күтілетіні — ауыл. "
            "Жоғары немесе төмен тұрған бірліктің емес, бірліктің өз кодын жазыңыз.",
        ),
        (
            "B35", "Арыс", {"code": "611600000", "name": "Кентау"},
            "код 611600000 — это Кентау, а в строке указано «Арыс». "
            "Исправьте код или название: оба должны относиться к одной единице.",
            "611600000 — Кентау коды, ал жолда «Арыс» деп жазылған. "
            "Кодты немесе атауды түзетіңіз: екеуі де бір бірлікке тиесілі болуға тиіс.",
        ),
        (
            "B36.file", "", {"other": 7},
            "такая же встреча уже есть в строке 7. Удалите одну из двух строк или исправьте дату, "
            "проводящего либо единицу.",
            "дәл осы кездесу 7-жолда бар. Екі жолдың бірін жойыңыз немесе күнін, өткізушісін не бірлігін түзетіңіз.",
        ),
        (
            "B40.year", "", {"found": 2026, "expected": 2027},
            "файл составлен на 2026 год, а не на 2027. Возьмите шаблон на 2027 год "
            "или откройте календарь на 2026 год.",
            "файл 2027 жылға емес, 2026 жылға жасалған. 2027 жылдың үлгісін алыңыз "
            "немесе 2026 жылдың күнтізбесін ашыңыз.",
        ),
        (
            "B40.loaded", "", {"day": {"date": "2027-01-10"}, "person": "А. Сейітова"},
            "этот файл уже загружен (10 января 2027, А. Сейітова); ничего не изменилось.",
            "бұл файл бұрын жүктелген (10 қаңтар 2027, А. Сейітова); ештеңе өзгерген жоқ.",
        ),
    ],
)  # fmt: skip
def test_words_for_the_meaning_of_a_row(code, value, params, ru, kk):
    finding = Findings().add(code, **PLACE, value=value, **params)

    assert said(finding, "ru") == f"Лист «Күнтізбе», строка 14, столбец D («Күні»): {ru}"
    assert said(finding, "kk") == f'"Күнтізбе" парағы, 14-жол, D бағаны («Күні»): {kk}'
