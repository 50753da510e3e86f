"""The CSV door: encodings, separators, lost letters."""

import datetime as dt

import pytest

from .books import GOOD_ROW, HEADINGS, codes, only, parse, said, table

ROW = tuple(str(value) for value in GOOD_ROW)


def text(separator: str = ";", *rows: tuple[str, ...]) -> str:
    return "\r\n".join(separator.join(row) for row in (HEADINGS, *(rows or (ROW,)))) + "\r\n"


def quoted(separator: str) -> str:
    return "\r\n".join(separator.join(f'"{value}"' for value in row) for row in (HEADINGS, ROW))


@pytest.mark.parametrize(
    ("content", "encoding", "separator"),
    [
        (text(";").encode(), "UTF-8", "«;»"),
        (b"\xef\xbb\xbf" + text(";").encode(), "UTF-8", "«;»"),
        (text("\t").encode("utf-16"), "UTF-16", "Tab"),
        (b"\xfe\xff" + text(";").encode("utf-16-be"), "UTF-16", "«;»"),
        (text(";").encode("utf-16-le"), "UTF-16", "«;»"),
        (quoted(",").encode(), "UTF-8", "«,»"),
        (b"sep=|\r\n" + text("|").encode(), "UTF-8", "«|»"),
    ],
)
def test_b06_encodings_and_separators_are_accepted_and_told(content, encoding, separator):
    found, findings = table(content, filename="күнтізбе.csv")

    assert found.rows[0].values["day"] == dt.date(2027, 3, 15)
    assert found.rows[0].values["name"] == "Шымкент"
    dialect = only(findings, "B06.dialect")
    assert said(dialect, "ru") == (
        f"Текстовая таблица прочитана так: кодировка {encoding}, разделитель столбцов {separator}."
    )
    assert said(dialect, "kk") == (
        f"Мәтіндік кесте былай оқылды: кодтауы — {encoding}, бағандардың бөлгіші — {separator}."
    )


def test_b06_decimal_commas_are_numbers():
    row = (*ROW[:5], "90,0", *ROW[6:])

    found, findings = table(text(";", row).encode(), filename="a.csv")

    assert found.rows[0].values["minutes"] == 90
    assert not findings.has_errors


@pytest.mark.parametrize("name", ["Қазығұрт ауданы", "Төле би ауданы", "Бәйдібек ауданы", "Үштөбе"])
def test_b05_letters_that_windows_1251_has_lost_are_found(name):
    row = (*ROW[:2], name, *ROW[3:])
    plain_headings = text(";", row).replace(";".join(HEADINGS), "Код проводящего;Код территории;Название;Дата")

    workbook, findings = parse(plain_headings.encode("cp1251", "replace"), "a.csv")

    assert workbook is None
    finding = only(findings, "B05.lost")
    assert finding.row == 2
    assert "?" in finding.value_seen
    assert said(finding, "ru").startswith(f"Строка 2: потеряны казахские буквы: «{finding.value_seen}».")
    assert "CSV UTF-8" in said(finding, "ru")
    assert said(finding, "kk").startswith(f"2-жол: қазақ әріптері жоғалған: «{finding.value_seen}».")


def test_b05_a_question_is_no_lost_letter():
    row = (*ROW[:2], "Келе ме? Да? Иә", *ROW[3:])

    assert not table(text(";", row).encode(), filename="a.csv")[1].has_errors


def test_b05_russian_windows_1251_is_read_with_a_warning():
    russian = "Код проводящего;Код территории;Название;Дата\r\n610000000;611000000;Шымкент;15.03.2027\r\n"

    found, findings = table(russian.encode("cp1251"), filename="a.csv")

    assert found.rows[0].values["name"] == "Шымкент"
    assert said(only(findings, "B05.read"), "ru").startswith("Текст прочитан в кодировке WINDOWS-1251.")
    assert "WINDOWS-1251 кодтауында оқылды" in said(only(findings, "B05.read"), "kk")


def test_b05_the_kazakh_eight_bit_encoding_is_recognised():
    found, findings = table(text(";").encode("kz1048"), filename="a.csv")

    assert found.rows[0].values["name"] == "Шымкент"
    assert "KZ-1048" in said(only(findings, "B05.read"), "ru")


def test_b05_text_saved_in_a_wrong_encoding_is_refused():
    garbled = "Код проводящего;Дата".encode().decode("cp1251", "replace")

    finding = only(parse((garbled + "\r\n").encode(), "a.csv")[1], "B05.garbled")

    assert said(finding, "ru").startswith("Строка 1: текст был открыт в неверной кодировке")
    assert said(finding, "kk").startswith("1-жол: мәтін қате кодтауда ашылып")


def test_b05_an_unknown_encoding_is_refused():
    assert codes(parse("а;б\r\n".encode() + b"\x98\xff\r\n", "a.csv")[1]) == ["B05.encoding"]


def test_an_unpaired_quotation_mark_swallows_nothing():
    content = text(";", ROW, (*ROW[:2], '"Алтын', *ROW[3:]), ROW, ROW).encode()

    workbook, findings = parse(content, "a.csv")

    assert workbook is None
    finding = only(findings, "B06.quotes")
    assert finding.row == 3
    assert said(finding, "ru").startswith("Строка 3: начиная отсюда кавычки не парные")
    assert said(finding, "kk").startswith("3-жол: осы жерден бастап тырнақшалар жұпталмаған")


def test_b08_too_many_lines_and_columns():
    many = "a;b\r\n" * 65_000
    wide = ";".join("x" * 70) + "\r\n"

    assert "Строк на листе: 65\u00a0000" in said(only(parse(many.encode(), "a.csv")[1], "B08.rows"), "ru")
    assert codes(parse(wide.encode(), "a.csv")[1]) == ["B08.columns"]


def test_a_finding_in_csv_names_row_and_column_without_a_sheet():
    _found, findings = table(text(";", (*ROW[:3], "30.02.2027", *ROW[4:])).encode(), filename="a.csv")

    assert said(only(findings, "B26"), "ru") == (
        "Строка 2, столбец D («Күні»): «30.02.2027» не дата. Запишите как 15.03.2027."
    )
    assert said(only(findings, "B26"), "kk") == (
        "2-жол, D бағаны («Күні»): «30.02.2027» күн емес. Күнді 15.03.2027 түрінде жазыңыз."
    )


def test_lines_inside_quotes_stay_in_one_cell():
    content = (";".join((*HEADINGS, "Ескертпе")) + "\r\n" + ";".join((*ROW, '"бірінші\r\nекінші"')) + "\r\n").encode()

    found, _findings = table(content, filename="a.csv")

    assert found.rows[0].values["note"] == "бірінші\nекінші"


def test_b05_one_broken_byte_does_not_turn_utf8_into_rubbish_silently():
    content = bytearray(text(";", ROW, ROW).encode())
    content[-9] = 0xFF

    workbook, findings = parse(bytes(content), "a.csv")

    assert workbook is None
    assert codes(findings) == ["B05.garbled"]
