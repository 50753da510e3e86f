"""What is refused before anything is parsed, and the words for it."""

import io
import zipfile

import pytest

from .books import GOOD_ROW, cells, codes, inspect, ole, only, package, said, worksheet, xlsx


def test_an_honest_workbook_passes_without_a_word():
    inspection = inspect(xlsx([GOOD_ROW]))

    assert inspection.ok
    assert inspection.kind == "xlsx"
    assert codes(inspection.findings) == []
    assert len(inspection.sha256) == 64


def test_b01_old_excel_under_a_new_name_is_told_from_a_password():
    inspection = inspect(ole("Workbook", "\x05SummaryInformation"))

    finding = only(inspection.findings, "B01")
    assert not inspection.ok
    assert said(finding, "ru") == (
        "Файл в старом формате Excel (.xls). Откройте его в Excel, выберите «Сохранить как», "
        "тип «Книга Excel (.xlsx)», и загрузите новый файл."
    )
    assert said(finding, "kk") == (
        "Файл Excel-дің ескі пішімінде (.xls). Оны Excel-де ашып, «Басқаша сақтау» («Сохранить как») "
        "командасымен «Excel кітабы (.xlsx)» түрінде сақтаңыз да, жаңа файлды жүктеңіз."
    )


def test_b02_password_is_told_by_the_name_of_the_stream():
    finding = only(inspect(ole("EncryptedPackage")).findings, "B02")

    assert said(finding, "ru").startswith("Книга защищена паролем. Откройте её в Excel, снимите пароль")
    assert said(finding, "kk").startswith("Кітап құпиясөзбен қорғалған. Оны Excel-де ашып, құпиясөзді алып тастаңыз")


@pytest.mark.parametrize(
    ("content", "ru", "kk"),
    [
        (b"%PDF-1.7 \n", "документ PDF", "PDF құжаты"),
        (b"<html><body><table><tr><td>1</td></tr></table>", "веб-страница (HTML)", "веб-бет (HTML)"),
        (b"\xef\xbb\xbf  <table border=1><tr>", "веб-страница (HTML)", "веб-бет (HTML)"),
        (b"{\\rtf1 text}", "документ RTF", "RTF құжаты"),
        (b"\x89PNG\r\n\x1a\n0000", "изображение", "сурет"),
        (b"Rar!\x1a\x07\x00", "архив", "мұрағат (архив) файлы"),
        (ole("WordDocument"), "документ Word (.doc)", "Word құжаты (.doc)"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML-таблица Excel 2003",
            "Excel 2003 бағдарламасының XML кестесі",
        ),
    ],
)
def test_b03_the_true_type_is_named(content, ru, kk):
    finding = only(inspect(content).findings, "B03")

    assert said(finding, "ru").startswith(f"Это не книга Excel, а {ru}. Откройте его в той программе")
    assert said(finding, "kk").startswith(f"Бұл Excel кітабы емес, {kk}. Оны жасалған бағдарламасында ашып")


@pytest.mark.parametrize(
    ("parts", "ru"),
    [
        ({"word/document.xml": "<w/>", "[Content_Types].xml": "<Types/>"}, "документ Word (.docx)"),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<o/>"}, "OpenDocument"),
        ({"xl/workbook.bin": b"\x00", "[Content_Types].xml": "<Types/>"}, "двоичная книга Excel (.xlsb)"),
        ({"photo.jpg": b"\xff\xd8\xff"}, "архив"),
    ],
)
def test_b03_other_zip_files_are_named_by_their_parts(parts, ru):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    assert ru in said(only(inspect(out.getvalue()).findings, "B03"), "ru")


def test_b03_csv_named_as_a_workbook_is_sent_to_the_csv_door():
    finding = only(inspect("Күні;Уақыты\n15.03.2027;10:00\n".encode()).findings, "B03.csv")

    assert said(finding, "ru") == (
        "Файл назван как книга, но это текстовая таблица (CSV). Переименуйте его, чтобы имя оканчивалось на .csv, "
        "и загрузите снова или сохраните как «Книга Excel (.xlsx)»."
    )
    assert ".csv" in said(finding, "kk")


def test_b03_a_workbook_under_a_foreign_name_is_read_with_a_note():
    inspection = inspect(xlsx([GOOD_ROW]), "күнтізбе.csv")

    assert inspection.ok
    assert codes(inspection.findings) == ["B03.name"]


@pytest.mark.parametrize("content", [b"", b"  \r\n", b"\xef\xbb\xbf"])
def test_b04_empty_files(content):
    finding = only(inspect(content).findings, "B04.empty")

    assert said(finding, "ru") == "Файл пуст. Проверьте, что книга сохранена, и загрузите её снова."
    assert said(finding, "kk") == "Файл бос. Кітаптың сақталғанын тексеріп, оны қайта жүктеңіз."


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_b04_a_truncated_upload_arrived_incompletely(share):
    whole = xlsx([GOOD_ROW] * 50)

    finding = only(inspect(whole[: int(len(whole) * share)]).findings, "B04.truncated")

    assert said(finding, "ru").startswith("Файл получен не полностью. Загрузите файл ещё раз")
    assert said(finding, "kk").startswith("Файл толық жүктелмеген. Файлды қайта жүктеңіз")


def test_b04_a_flipped_byte_names_the_damaged_part():
    content = bytearray(package(worksheet(cells("мәтін")), stored=True))
    position = content.index("мәтін".encode())
    content[position] ^= 1

    finding = only(inspect(bytes(content)).findings, "B04.damaged")

    assert "xl/worksheets/sheet1.xml" in said(finding, "ru")
    assert said(finding, "kk").startswith("Кітап бүлінген")


def test_b07_a_file_over_ten_megabytes_is_not_even_unpacked():
    finding = only(inspect(b"PK\x03\x04" + b"\x00" * (10 * 2**20)).findings, "B07.size")

    assert said(finding, "ru") == "Размер файла превышает 10 МБ. Разделите таблицу по районам и загрузите её по частям."
    assert said(finding, "kk").startswith("Файлдың көлемі 10 МБ-тан асады. Кестені аудандар бойынша бөліп")


def test_b07_a_part_that_swells_is_a_bomb():
    content = package(extra={"xl/sharedStrings.xml": b"<sst>" + b" " * (40 * 2**20) + b"</sst>"})

    finding = only(inspect(content).findings, "B07.ratio")

    assert "«xl/sharedStrings.xml»" in said(finding, "ru")
    assert "zip-бомбада" in said(finding, "kk")


def test_b07_many_parts_that_swell_together_are_counted_together():
    part = b"".join(b"%d," % number for number in range(1_200_000))
    content = package(extra={f"xl/drawings/drawing{n}.xml": b"<a>" + part + b"</a>" for n in range(14)})

    found = codes(inspect(content).findings)

    assert found in (["B07.inflated"], ["B07.size"])


def test_b07_a_lie_about_the_size_is_found_by_counting():
    content = package(worksheet(cells("a" * 5000)))
    position = content.rindex(b"PK\x01\x02") + 24  # the declared size of the last part, the sheet
    lying = content[:position] + (100).to_bytes(4, "little") + content[position + 4 :]

    finding = only(inspect(lying).findings, "B07.declared")

    assert "sheet1.xml" in said(finding, "ru")
    assert said(finding, "kk").startswith("Файл ішінде көрсетілген көлемдер шындыққа сай емес")


def test_b08_too_many_rows_are_counted_and_the_sheet_is_named():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 150_001))

    finding = only(inspect(package(worksheet(rows))).findings, "B08.rows")

    assert said(finding, "ru") == (
        "Лист «Күнтізбе»: строк на листе: 150\u00a0000; прочитать можно не более 60\u00a0000. "
        "Разделите таблицу по районам и загрузите её по частям."
    )
    assert said(finding, "kk").startswith('"Күнтізбе" парағы: парақта 150\u00a0000 жол бар; ең көбі 60\u00a0000 жол')


def test_b08_formats_over_a_million_empty_rows_harm_nobody():
    rows = cells("a", "b") + "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(2, 90_000))

    assert inspect(package(worksheet(rows))).ok


def test_b08_too_many_columns():
    def wide(book, sheet):
        sheet.write_row(3, 0, range(75))

    finding = only(inspect(xlsx([GOOD_ROW], more=wide)).findings, "B08.columns")

    assert said(finding, "ru").startswith("Лист «Күнтізбе», строка 4: на листе больше 60 столбцов.")


def test_b08_too_many_sheets():
    def many(book, sheet):
        for number in range(40):
            book.add_worksheet(f"s{number}")

    finding = only(inspect(xlsx([GOOD_ROW], more=many)).findings, "B08.sheets")

    assert said(finding, "ru").startswith("Листов в книге: 41; допускается не более 30.")


@pytest.mark.parametrize("prefix", ["", "x"])
def test_b09_one_space_in_the_far_corner_is_named(prefix):
    p = f"{prefix}:" if prefix else ""
    rows = (
        f'<{p}row r="1"><{p}c r="A1"><{p}v>1</{p}v></{p}c></{p}row>'
        f'<{p}row r="1048576"><{p}c r="XFD1048576" t="inlineStr"><{p}is><{p}t xml:space="preserve"> </{p}t>'
        f"</{p}is></{p}c></{p}row>"
    )

    finding = only(inspect(package(worksheet(rows, prefix=prefix))).findings, "B09")

    assert said(finding, "ru") == (
        "Лист «Күнтізбе», строка 1048576, столбец XFD: заполнена ячейка XFD1048576 далеко за пределами таблицы. "
        "Перейдите к этой ячейке (Ctrl+G), удалите строки и столбцы между ней и таблицей и сохраните файл."
    )
    assert "XFD1048576 ұяшығы толтырылған" in said(finding, "kk")


def test_b09_a_formatted_but_empty_far_cell_is_harmless():
    rows = cells("a") + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'

    assert inspect(package(worksheet(rows))).ok


LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize("declaration", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "_rels/.rels", "docProps/app.xml"]
)
def test_b12_document_types_are_forbidden_in_any_part(part, declaration):
    body = worksheet(cells("a")) if "sheet1" in part else "<a/>"
    content = package(extra={part: body.replace("<", f"{declaration}<", 1) if body[1] != "?" else declaration + body})

    finding = only(inspect(content).findings, "B12")

    assert f"«{part}»" in said(finding, "ru")
    assert said(finding, "kk").startswith("Файлда тыйым салынған XML бар")


def test_b12_a_document_type_across_two_pieces_is_seen():
    padding = "<a>" + "".join(f"{n:06}" for n in range(60_000))
    start = 256 * 1024 - 4
    content = package(extra={"xl/sharedStrings.xml": padding[:start] + OUTSIDE + padding[start:]}, stored=True)

    assert codes(inspect(content).findings) == ["B12"]


def test_b12_another_encoding_cannot_hide_it():
    content = package(extra={"xl/sharedStrings.xml": f'<?xml version="1.0"?>{LAUGHS}<sst/>'.encode("utf-16")})

    assert codes(inspect(content).findings) == ["B12.encoding"]


def test_b13_twenty_thousand_entries():
    content = package(extra={f"x/{number}": b"" for number in range(20_000)})

    finding = only(inspect(content).findings, "B13.entries")

    assert said(finding, "ru").startswith("Частей в файле: 20\u00a0005; допускается не более 1000.")
    assert said(finding, "kk").startswith("Файлда 20\u00a0005 бөлік бар")


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "xl/../../x", "C:evil", "a\\b.xml", "xl/a\x01.xml"])
def test_b13_odd_names(name):
    finding = only(inspect(package(extra={name: b"x"})).findings, "B13.name")

    assert said(finding, "ru").startswith("У части файла запрещённое имя: «")


def test_b13_the_same_part_twice():
    assert codes(inspect(package(extra={"XL/Workbook.xml": b"<workbook/>"})).findings) == ["B13.name"]


def test_b13_an_archive_inside():
    finding = only(inspect(package(extra={"xl/theme/theme9.xml": package()})).findings, "B13.nested")

    assert "xl/theme/theme9.xml" in said(finding, "kk")


def test_b13_encrypted_entries():
    content = bytearray(package(worksheet(cells("a"))))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rindex(mark) + offset] |= 1

    assert codes(inspect(bytes(content)).findings) == ["B13.packing"]


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"xl/vbaProject.bin": b"\x00"}, "B14.macros"),
        ({"xl/macrosheets/sheet1.xml": "<a/>"}, "B14.macros"),
        ({"xl/embeddings/oleObject1.bin": b"\x00"}, "B14.objects"),
        ({"xl/activeX/activeX1.xml": "<a/>"}, "B14.objects"),
        ({"xl/externalLinks/externalLink1.xml": "<a/>"}, "A22.links"),
        ({"xl/connections.xml": "<a/>"}, "A22.links"),
    ],
)
def test_b14_macros_objects_and_links_are_refused_with_the_reason(extra, code):
    finding = only(inspect(package(extra=extra)).findings, code)

    part = next(iter(extra))
    assert part in said(finding, "ru")
    assert part in said(finding, "kk")


def test_b14_an_xlsm_is_known_by_its_content_type_even_without_macros():
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'
        "</Types>"
    )

    finding = only(inspect(package(extra={"[Content_Types].xml": types})).findings, "B14.macros")

    assert said(finding, "ru").startswith("Книга содержит макросы")
    assert said(finding, "kk").startswith("Кітапта макростар бар")


def test_hyperlinks_are_no_foreign_links():
    def linked(book, sheet):
        sheet.write_url(5, 0, "mailto:maslihat@example.kz")
        sheet.write_url(6, 0, "https://example.kz/")

    assert inspect(xlsx([GOOD_ROW], more=linked)).ok


def test_a23_a_page_with_a_workbook_at_its_tail_is_a_page():
    assert codes(inspect(b"<html><script>1</script>" + xlsx([GOOD_ROW])).findings) == ["B03"]
