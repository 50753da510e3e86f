"""Text, numbers, codes, lists and look-alike letters."""

import datetime as dt

import pytest

from calendars.workbook.cells import Context, fold_lookalikes, read
from calendars.workbook.cells.lookalikes import readings
from calendars.workbook.cells.text import clean
from calendars.workbook.sheet import Cell, CellKind
from calendars.workbook.template import Column, Kind

from .books import CONTEXT, GOOD_ROW, TEMPLATE, codes, only, said, table, xlsx

TEXT = Column("name", {"kk": "Атауы"}, max_length=60)
LINES = Column("note", {"kk": "Ескертпе"}, kind=Kind.LINES)
CODE = Column("code", {"kk": "Код"}, kind=Kind.CODE)
MINUTES = Column("minutes", {"kk": "Минут"}, kind=Kind.MINUTES, least=15, most=600)
NUMBER = Column("number", {"kk": "Саны"}, kind=Kind.NUMBER, most=5_000)
FLAG = Column("offsite", {"kk": "Көшпелі"}, kind=Kind.FLAG)


def cell(value):
    kinds = {str: CellKind.TEXT, bool: CellKind.FLAG, dt.time: CellKind.TIME, dt.timedelta: CellKind.DURATION}
    return Cell(value, kinds.get(type(value), CellKind.NUMBER))


def got(value, column, context=CONTEXT):
    return read(cell(value), column, context)


def message(column, value, language, **options):
    """The one finding about a value put into a column of the template, in words."""
    row = [*GOOD_ROW, None]
    row[[each.key for each in TEMPLATE.columns].index(column)] = value
    headings = [each.headings["kk"] for each in TEMPLATE.columns]
    _found, findings = table(xlsx([row], headings=headings), **options)
    (finding,) = list(findings)
    return said(finding, language)


# B38, B44, B45: what is repaired, what is refused.


@pytest.mark.parametrize(
    ("dirty", "clean_text", "repair"),
    [
        (" Шымкент ", "Шымкент", "trimmed"),
        ("Шымкент  қаласы", "Шымкент қаласы", "trimmed"),
        ("Шымкент\u00a0қаласы", "Шымкент қаласы", "spaces"),
        ("Шым\u200bкент", "Шымкент", "invisible"),
        ("\ufeffШымкент", "Шымкент", "invisible"),
        ("Шым\u00adкент", "Шымкент", "invisible"),
        ("\u202eШымкент\u202c", "Шымкент", "invisible"),
        ("Абаи\u0306", "Абай", "composed"),
        ("екі\nжол", "екі жол", "one_line"),
        ("екі\r\nжол\tбар", "екі жол бар", "one_line"),
    ],
)
def test_b38_b44_certain_repairs_are_done_and_counted(dirty, clean_text, repair):
    assert clean(dirty) == (clean_text, (repair,))


def test_b44_lines_are_kept_where_the_field_has_lines():
    assert clean("бірінші \r\nекінші", one_line=False) == ("бірінші\nекінші", ("trimmed",))
    assert got("бірінші\nекінші", LINES).value == "бірінші\nекінші"


def test_b38_honest_text_is_left_alone():
    for text in ("Мәдениет үйі, Абай к-сі, 5", "О’Генри", "👨‍👩‍👧 отбасы", "توته جازۋ"):
        assert clean(text) == (text, ())


@pytest.mark.parametrize("value", ["a\x00b", "a\x08b", "a\x1bb", "a\ud800b"])
def test_b45_forbidden_characters_are_refused(value):
    assert [remark.code for remark in got(value, TEXT).remarks] == ["B45"]


def test_b45_names_the_cell_and_shows_the_character():
    assert message("name", "Шым_x0000_кент".replace("_x0000_", "\x01"), "ru") == (
        "Лист «Күнтізбе», строка 2, столбец C («Атауы»): в ячейке запрещённый знак: «Шым␁кент». "
        "Очистите ячейку и наберите её текст заново."
    )
    assert "ұяшықта тыйым салынған таңба бар: «Шым␁кент»" in message("name", "Шым\x01кент", "kk")


def test_b43_too_long_a_text_is_said_with_its_length_and_limit():
    assert message("name", "а" * 61, "ru") == (
        "Лист «Күнтізбе», строка 2, столбец C («Атауы»): знаков в тексте: 61; помещается не более 60. Сократите текст."
    )
    assert "мәтінде 32\u00a0767 таңба бар; ең көбі 60 таңба сыяды" in message("name", "ә" * 32_767, "kk")


@pytest.mark.parametrize(("value", "code"), [(True, "B46.flag"), (1.5, "B46.fraction"), (dt.time(9, 30), "B46.date")])
def test_b46_other_kinds_where_text_is_expected(value, code):
    assert [remark.code for remark in got(value, TEXT).remarks] == [code]


def test_b46_says_so_and_whole_numbers_are_taken():
    assert "в ячейке логическое значение TRUE, а ожидается текст" in message("name", True, "ru")
    assert "мәтін күтілетін ұяшықта TRUE логикалық мәні тұр" in message("name", True, "kk")
    assert got(12.0, TEXT).value == "12"


# B34: codes.

KNOWN = Context(year=2027, known_codes=frozenset({"610000000", "611000000", "750000000", "610201000", "610204000"}))


@pytest.mark.parametrize(
    "value",
    [610000000, 610000000.0, "610000000", "61 00 00 000", "610\u00a0000\u00a0000", "'610000000", "610000000.0",
     "610,000,000", "61.00.00000"],
)  # fmt: skip
def test_b34_certain_codes_are_put_in_order(value):
    assert got(value, CODE).value == "610000000"


def test_b34_a_number_shown_as_scientific_is_whole_inside():
    assert got(7.5e8, CODE).value == "750000000"


def test_b34_a_rounded_text_names_candidates():
    assert got("7.5E+08", CODE, KNOWN).remarks[0].offer == "750000000"
    assert got("6,102E+08", CODE, KNOWN).remarks[0].params["candidates"] == ["610201000", "610204000"]
    assert got("6,102E+08", CODE, KNOWN).value is None


def test_b34_eight_digits_name_candidates_and_the_remedy():
    context = KNOWN

    assert message("holder", 61000000, "ru", context=context) == (
        "Лист «Күнтізбе», строка 2, столбец A («Өткізуші коды»): код «61000000» состоит из 8 цифр: потерян ноль. "
        "Запишите все девять цифр и задайте столбцу текстовый формат. Возможные коды: 610000000."
    )
    assert "«61000000» кодында 8 цифр бар: бір нөл жоғалған" in message("holder", 61000000, "kk", context=context)


@pytest.mark.parametrize("value", ["61ОООООOO", "Шымкент", "6100000001", 1.5, -610000000, True, "６１００００００"])
def test_b34_anything_else_is_no_code(value):
    assert got(value, CODE).value is None
    assert got(value, CODE).remarks[0].code == "B34"


def test_b34_says_so():
    assert "«Шымкент» не является кодом классификатора. Запишите девять цифр" in message("holder", "Шымкент", "ru")
    assert "«Шымкент» жіктеуіш коды емес. Тоғыз цифр жазып" in message("holder", "Шымкент", "kk")


# B47: numbers and minutes.


@pytest.mark.parametrize("value", [90, 90.0, "90", "90,0", "90 мин", "90 минут", "1 ч 30 мин", "1 сағ 30 мин"])
def test_b47_whole_minutes(value):
    assert got(value, MINUTES).value == 90


@pytest.mark.parametrize("value", ["1 500", "1\u00a0500", "1500,00", 1500])
def test_b47_grouped_numbers(value):
    assert got(value, NUMBER).value == 1500


@pytest.mark.parametrize("value", ["≈50", "50-60", "бес", "50,5", 50.5, "пятьдесят"])
def test_b47_ranges_and_words_are_not_guessed(value):
    assert got(value, MINUTES).value is None
    assert got(value, MINUTES).remarks[0].code == "B47"


def test_b47_bounds_and_hours():
    assert "700 вне допустимых пределов: от 15 до 600. Запишите число от 15 до 600." in message("minutes", 700, "ru")
    assert "700 шектен тыс: ең азы — 15, ең көбі — 600" in message("minutes", 700, "kk")
    assert got("1:30", MINUTES).remarks[0].accepted == 90
    assert got(dt.time(1, 30), MINUTES).remarks[0].accepted == 90
    assert "«1:30» похоже на часы; ожидаются минуты" in message("minutes", "1:30", "ru")
    assert "«бес» бүтін сан емес. Бір санды цифрмен жазыңыз" in message("minutes", "бес", "kk")


# Lists and yes or no.


@pytest.mark.parametrize("value", [True, "иә", "Иә", "ИӘ", "да", "Да", "yes", "+", 1, "1", "бар", "ДА."])
def test_yes_in_three_languages(value):
    assert got(value, FLAG).value is True


@pytest.mark.parametrize("value", [False, "жоқ", "Жоқ", "нет", "no", "-", "–", 0, "0"])
def test_no_in_three_languages(value):
    assert got(value, FLAG).value is False


def test_neither_yes_nor_no():
    assert got("", FLAG).value is None
    assert "«мүмкін» — ни «да», ни «нет». Запишите «да» или «нет»." in message("offsite", "мүмкін", "ru")
    assert "«иә» немесе «жоқ» деп жазыңыз" in message("offsite", "мүмкін", "kk")


@pytest.mark.parametrize("value", ["қатысып", "ҚАТЫСЫП", " очно ", "In person", "in_person"])
def test_choices_by_any_label(value):
    assert got(value, TEMPLATE.column("format")).value == "in_person"


def test_choices_with_look_alike_letters_are_repaired_and_counted():
    reading = got("oчнo", TEMPLATE.column("format"))

    assert (reading.value, reading.repairs) == ("in_person", ("lookalike",))


def test_a_wrong_choice_shows_the_list_in_the_readers_language():
    assert message("format", "гибрид", "ru").endswith("«гибрид» нет в списке. Выберите одно из: очно, онлайн.")
    assert message("format", "гибрид", "kk").endswith(
        "«гибрид» тізімде жоқ. Мыналардың бірін таңдаңыз: қатысып, онлайн."
    )


# B37, B36: letters that look alike.


def test_b36_latin_and_cyrillic_numbers_have_one_key():
    assert fold_lookalikes("A-01") == fold_lookalikes("А-01") == fold_lookalikes(" а-01\u200b")
    assert fold_lookalikes("A-01") != fold_lookalikes("A-02")
    assert fold_lookalikes("Əуезов") == fold_lookalikes("Әуезов")


def test_b37_every_cyrillic_reading_is_tried():
    assert "Маслихат" in readings("Мaслихaт")
    assert {"көше", "коше"} <= set(readings("кoше"))
    assert "ұлы" in readings("yлы")
    assert readings("Zымкент") == []


def test_b37_one_known_reading_is_offered():
    context = Context(year=2027, known_words=frozenset({"маслихат", "көше"}))

    warning = message("name", "Мaслихaт залы", "ru", context=context)

    assert warning == (
        "Лист «Күнтізбе», строка 2, столбец C («Атауы»): в слове М[a]слих[a]т стоят латинские буквы; "
        "возможно, имеется в виду «Маслихат залы». "
        "Согласитесь с предложенным прочтением или наберите слово заново в казахской или русской раскладке."
    )
    assert "«Маслихат залы» болуы мүмкін" in message("name", "Мaслихaт залы", "kk", context=context)


def test_b37_accepted_offers_are_applied_and_others_leave_the_text_as_typed():
    context = Context(year=2027, known_words=frozenset({"маслихат"}))
    content = xlsx([(*GOOD_ROW[:2], "Мaслихaт", *GOOD_ROW[3:])])

    kept, _findings = table(content, context=context)
    mended, findings = table(content, context=context, accepted={"B37.offer"})

    assert kept.rows[0].values["name"] == "Мaслихaт"
    assert kept.rows[0].ok
    assert mended.rows[0].values["name"] == "Маслихат"
    assert codes(findings) == []


def test_b37_without_exactly_one_known_reading_the_letters_are_marked():
    two = Context(year=2027, known_words=frozenset({"көше", "коше"}))

    assert got("кoше", TEXT, two).remarks[0].code == "B37"
    assert "среди кириллических букв стоят латинские (в квадратных скобках): к[o]ше." in message("name", "кoше", "ru")
    assert "латын әріптері (шаршы жақшада) тұр: к[o]ше." in message("name", "кoше", "kk")


@pytest.mark.parametrize("text", ["Zoom арқылы", "IT-отдел", "Абай көшесі 5A", "№12"])
def test_b37_whole_words_of_another_alphabet_are_nobodys_mistake(text):
    assert got(text, TEXT).remarks == ()


def test_b05_a_lost_letter_inside_a_workbook_is_a_warning():
    _found, findings = table(xlsx([(*GOOD_ROW[:2], "Т?ркістан", *GOOD_ROW[3:])]))

    finding = only(findings, "B05.cell")
    assert not findings.has_errors
    assert "в слове «Т?ркістан» стоит вопросительный знак" in said(finding, "ru")
    assert "қазақ әрпі жоғалған болуы мүмкін" in said(finding, "kk")
