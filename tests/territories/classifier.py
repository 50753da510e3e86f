"""Small classifiers written in the test, and the real ones where they are at hand."""

import io

import xlsxwriter

from territories.kato.reading import Table, read
from territories.scope import Who
from tests.law.sources import DATA

HEAD = "kato,kato_version,level,type_code,name_ru,name_kk\n"
OPERATOR = Who(system="test")
OLD, NEW = "kato_2022-10-17_ru.csv", "kato_2026-07-17.csv"
#: A region with a raion, its okrug and village, a city and a settlement with an akim.
SMALL = (
    ("610000000", "Туркестанская область", "Түркістан облысы"),
    ("611600000", "Арысь Г.А.", "Арыс Қ.Ә."),
    ("611610000", "г.Арысь", "Арыс қ."),
    ("615200000", "Сайрамский район", "Сайрам ауданы"),
    ("615230000", "Аксукентский с.о.", "Ақсукент а.о."),
    ("615230100", "с.Аксукент", "Ақсукент а."),
    ("615241000", "п.а.Ащысай", "Ащысай к.ә."),
)


def csv_of(rows) -> bytes:
    """A file of the layout of 2026 with these (code, ru, kk)."""
    return (HEAD + "".join(f"{code},test,x,0,{ru},{kk}\n" for code, ru, kk in rows)).encode()


def table_of(rows, day: str = "2025-01-01") -> Table:
    return read(csv_of(rows), f"kato_{day}.csv")


def workbook_of(rows, *, title: bool = False) -> bytes:
    """The layout of the statistics bureau, codes and their parts as numbers."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    top = 0
    if title:
        sheet.write(0, 0, "Классификатор административно-территориальных объектов")
        top = 2
    for column, name in enumerate(("te", "ab", "cd", "ef", "hij", "k", "kaz_name", "rus_name", "nn")):
        sheet.write(top, column, name)
    for place, (code, ru, kk) in enumerate(rows, top + 1):
        parts = (code, code[:2], code[2:4], code[4:6], code[6:])
        for column, part in enumerate(parts):
            sheet.write_number(place, column, int(part))
        for column, text in ((5, 1), (6, kk), (7, ru), (8, place)):
            sheet.write(place, column, text)
    book.close()
    return data.getvalue()


def real(name: str) -> Table:
    return read((DATA / name).read_bytes(), name)
