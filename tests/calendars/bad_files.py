"""Bad files of the catalogue B01 to B40, made by code: what each is, and which message it deserves."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from calendars import exporting
from calendars.models import Calendar
from tests import factories

from .transfer import COLUMNS, edited, row, table
from .workbook.books import cells, ole, package, worksheet, xlsx

DOCTYPE = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><sst/>'


@dataclass(frozen=True)
class Case:
    """One bad file. `at`: row and column letter that the message names, where it is about a cell."""

    name: str
    code: str
    make: Callable
    at: tuple[int, str] | None = None
    file: str = "күнтізбе.xlsx"


def one(land, **more):
    return table([row(land.A, land.a1) | more])


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "<a/>")
    return out.getvalue()


def dated(value, **more):
    return lambda land: one(land, date=value, **more)


def coded(**more):
    return lambda land: table([row(land.A, land.a1) | {key: get(land) for key, get in more.items()}])


def text_table(separator: str = ";", encoding: str = "utf-8-sig", errors: str = "strict", **more):
    def make(land):
        head = separator.join(("Күні", "Уақыты", "Әкім коды", "Аумақ коды", "Ғимараты және мекенжайы"))
        given = {"address": "Мәдениет үйі, ғимарат"} | more
        line = separator.join(("10.03.2027", "10:00", land.A.code, land.a1.code, given["address"]))
        return f"{head}\r\n{line}\r\n".encode(encoding, errors)

    return make


def changed(content: bytes, part: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """A workbook with one part rewritten, or left out where `change` gives None."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(old.read(name)) if name == part else old.read(name)
            if data is not None:
                new.writestr(name, data)
    return out.getvalue()


def without_styles(land) -> bytes:
    content = changed(one(land), "xl/styles.xml", lambda data: None)
    content = changed(content, "[Content_Types].xml", lambda data: re.sub(rb"<Override[^>]*styles[^>]*/>", b"", data))
    relations = "xl/_rels/workbook.xml.rels"
    return changed(content, relations, lambda data: re.sub(rb"<Relationship [^>]*styles[^>]*/>", b"", data))


def many_rows(land) -> bytes:
    return package(worksheet("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 70_001))))


def far_cell(land) -> bytes:
    corner = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row>'
    return package(worksheet(cells("Күні") + corner))


def on_sheet(put: Callable, *rows, **options) -> Callable:
    """A table and what a person did to its sheet; `put` gets book, sheet and the columns by key."""
    return lambda land: table([row(land.A, land.a1), *(get(land) for get in rows)], more=put, **options)


def another_sheet(land) -> bytes:
    def more(book, _sheet, _columns):
        book.add_worksheet("Күнтізбе (2)").write_row(0, 0, ["Күні", "Әкім коды", "Аумақ коды"])

    return table([row(land.A, land.a1)], more=more)


def far_away(land) -> bytes:
    return exporting.workbook(factories.calendar(land.N), "kk")


def next_year(land) -> bytes:
    return exporting.workbook(factories.calendar(land.O, 2028), "kk")


def other_template(land) -> bytes:
    def more(book, _sheet, _columns):
        page = book.add_worksheet("meta")
        page.write_row(0, 0, ["template", "another-program/plan"])
        page.write_row(1, 0, ["template_version", 7])

    return table([row(land.A, land.a1)], more=more)


def abolished(land) -> str:
    old = factories.unit("Eski auyl", "village", land.A, valid_to=dt.date(2025, 6, 30), successor=land.a1)
    return old.code


def abolished_alone(land) -> str:
    return factories.unit("Eski auyl", "village", land.A, valid_to=dt.date(2025, 6, 30)).code


def twin_of_planned(land) -> bytes:
    """A row of an export moved onto another meeting that is not in the file."""
    calendar = Calendar.objects.get(region=land.O)
    factories.meeting(calendar, land.A, land.a1, dt.date(2027, 3, 10))
    factories.meeting(calendar, land.A, land.a2, dt.date(2027, 4, 14))

    def move(sheet, column):
        sheet.cell(6, column("date"), dt.datetime(2027, 3, 10))
        sheet.cell(6, column("place_code"), land.a1.code)
        sheet.delete_rows(5)

    return edited(exporting.workbook(calendar, "kk"), move)


def mixed_letters(land) -> bytes:
    factories.unit("Мұрат", "village", land.A)
    return one(land, place_code=None, place="Mұрат (қаз)")


def merged_akim(land) -> bytes:
    def more(_book, sheet, at):
        sheet.merge_range(1, at["holder_code"], 2, at["holder_code"], land.A.code)

    return table([row(land.A, land.a1), row(land.A, land.a2)], more=more)


REFUSED = [
    Case("B01 an old workbook under a new name", "B01", lambda land: ole("Workbook")),
    Case("B02 a password", "B02", lambda land: ole("EncryptionInfo", "EncryptedPackage")),
    Case("B03 a text table named as a workbook", "B03.csv", lambda land: "Күні;Уақыты\n".encode()),
    Case("B03 a web page", "B03", lambda land: b"<html><body><table><tr><td>1</td></tr></table></body></html>"),
    Case("B03 a Word document", "B03", lambda land: archive("[Content_Types].xml", "word/document.xml")),
    Case("B04 an empty file", "B04.empty", lambda land: b""),
    Case("B04 half of a file", "B04.truncated", lambda land: one(land)[:3000]),
    Case("B07 a bomb", "B07.ratio", lambda land: package(extra={"xl/sharedStrings.xml": b"<sst>" + b" " * 2**22})),
    Case("B07 eleven megabytes", "B07.size", lambda land: b"PK\x03\x04" + b"\0" * (11 * 2**20)),
    Case("B08 seventy thousand rows", "B08.rows", many_rows),
    Case("B09 a space in the far corner", "B09", far_cell, (1048576, "XFD")),
    Case("B12 billion laughs", "B12", lambda land: package(extra={"xl/sharedStrings.xml": DOCTYPE})),
    Case("B13 a name that leaves the archive", "B13.name", lambda land: package(extra={"../evil.xml": "x"})),
    Case("B13 two thousand entries", "B13.entries", lambda land: package(extra={f"x/{n}": "" for n in range(2000)})),
    Case("B14 macros", "B14.macros", lambda land: package(extra={"xl/vbaProject.bin": b"\0"})),
]
#: Files that are read far enough for a job, and kept out whole.
WRONG = [
    Case("B05 Kazakh letters lost", "B05.lost", text_table(encoding="cp1251", errors="replace"), file="a.csv"),
    Case(
        "B15 formats damaged", "B15.broken",
        lambda land: changed(one(land), "xl/styles.xml", lambda data: b"<styleSheet><cellXfs><xf"),
    ),
    Case("B15 formats lost: dates are numbers", "B24", without_styles, (2, "A")),
    Case("B17 two sheets may be meant", "B17.several", another_sheet),
    Case("B17 no such sheet", "B17.missing", lambda land: xlsx([["a", "b"]], name="Sheet1", headings=["x", "y"])),
    Case("B18 no headings", "B18", lambda land: xlsx([["10.03.2027", "клуб"]], headings=["бір", "екі"])),
    Case(
        "B20 a heading twice", "B20.twice",
        lambda land: xlsx([["10.03.2027", "11.03.2027"]], headings=["Күні", "Дата", "Әкім коды"]), (1, "B"),
    ),
    Case(
        "B20 a required heading missing", "B20.missing",
        lambda land: xlsx([[land.A.code, land.a1.code]], headings=["Әкім коды", "Аумақ коды"]),
    ),
    Case(
        "B20 neither name nor code of the place", "B20.missing",
        lambda land: xlsx([["10.03.2027", land.A.code]], headings=["Күні", "Әкім коды"]),
    ),
    Case("B20 an empty cell that must be filled", "B20.required", dated(None), (2, "A")),
    Case("B20 an akim without name and code", "B20.unit", lambda land: one(land, holder_code=None), (2, "C")),
    Case(
        "B21 merged over data", "B21",
        on_sheet(
            lambda book, sheet, at: sheet.merge_range(1, 0, 2, 0, "10.03.2027"), lambda land: row(land.A, land.a2),
        ),
        (2, "A"),
    ),
    Case("B22 nothing under the headings", "B22.none", lambda land: table([], columns=COLUMNS)),
    Case("B23 words where a day is expected", "B23", dated("наурыздың басы"), (2, "A")),
    Case("B24 a bare number that may be a day", "B24", dated(46456), (2, "A")),
    Case("B26 a day that is none", "B26", dated("30.02.2027"), (2, "A")),
    Case("B26 a month that is none", "B26", dated("15.13.2027"), (2, "A")),
    Case("B27 a time alone", "B27.only", dated("10:30"), (2, "A")),
    Case("B27 a time zone", "B27.zone", dated("2027-03-10T10:00Z"), (2, "A")),
    Case("B29 the day that never was", "B29", dated(60), (2, "A")),
    Case("B29 before all days", "B29", dated(-5), (2, "A")),
    Case("B30 another year", "B30.year", dated("10.03.2028"), (2, "A")),
    Case(
        "B31 a formula that was never calculated", "B31",
        on_sheet(lambda book, sheet, at: sheet.write_formula(1, at["address"], "=A1&B1", None, "")), (2, "E"),
    ),
    Case(
        "B32 an error of Excel", "B32",
        on_sheet(lambda book, sheet, at: sheet.write_formula(1, at["date"], "=#REF!", None, "#REF!")), (2, "A"),
    ),
    Case("B33 an unknown code", "B33.unknown", coded(place_code=lambda land: "619999999"), (2, "D")),
    Case("B33 an abolished unit", "B33.abolished", coded(place_code=abolished), (2, "D")),
    Case("B33 an abolished unit without successor", "B33.abolished_alone", coded(place_code=abolished_alone), (2, "D")),
    Case("B33 a unit of another region", "B33.region", coded(place_code=lambda land: land.na.code), (2, "D")),
    Case("B33 a unit of the parent's level", "B33.level", coded(place_code=lambda land: land.R.code), (2, "D")),
    Case("B33 a village without an akim", "B33.level", coded(holder_code=lambda land: land.a1.code), (2, "C")),
    Case("B34 eight digits", "B34.zero", coded(holder_code=lambda land: "61000000"), (2, "C")),
    Case("B34 rounded by Excel", "B34.rounded", coded(holder_code=lambda land: "6,1E+08"), (2, "C")),
    Case("B34 no code at all", "B34", coded(holder_code=lambda land: "KZ-61"), (2, "C")),
    Case("B35 code and name disagree", "B35", coded(holder=lambda land: land.B.name("kk")), (2, "H")),
    Case(
        "B35 a name that nobody has", "B35.name",
        lambda land: one(land, holder_code=None, holder="Жоқ ауыл"), (2, "H"),
    ),
    Case(
        "B36 the same meeting twice", "B36.file",
        lambda land: table([row(land.A, land.a1), row(land.A, land.a2), row(land.A, land.a1)]), (4, "A"),
    ),
    Case("B36 one that is planned already", "B36.planned", twin_of_planned, (5, "B")),
    Case(
        "B36 a number in two alphabets", "B36.number",
        lambda land: table([row(land.A, land.a1, number="A-01"), row(land.A, land.a2, number="А-01")]), (3, "H"),
    ),
    Case("B40 of another region", "B40.region", far_away),
    Case("B40 of another year", "B40.year", next_year),
    Case("B40 of another template", "B40.template", other_template),
]  # fmt: skip
#: Files that are accepted, with what the person is told about them.
TOLD = [
    Case("B16 a protected sheet", "", on_sheet(lambda book, sheet, at: sheet.protect("secret"))),
    Case("B17 another name of the sheet", "B17.renamed", lambda land: table([row(land.A, land.a1)], sheet="Sheet1")),
    Case(
        "B17 a hidden sheet", "B17.hidden",
        on_sheet(lambda book, sheet, at: (book.add_worksheet("a").activate(), sheet.hide())),
    ),
    Case("B18 title rows above", "", lambda land: table([row(land.A, land.a1)], first_row=4)),
    Case(
        "B19 other order, language, spaces and case", "",
        lambda land: table(
            [row(land.A, land.a1)],
            columns=["place_code", "address", "date", "holder_code"],
            headings={"date": "  ДАТА  ", "place_code": "код   места", "holder_code": "КОД АКИМА"},
        ),
    ),
    Case("B20 an unknown column", "B20.unknown", lambda land: one(land, **{"Менің белгім": "x"}), (1, "H")),
    Case("B21 an akim merged over his rows", "B21.filled", merged_akim),
    Case(
        "B22 blank rows and a total", "B22.total",
        on_sheet(lambda book, sheet, at: (sheet.write_string(4, 0, "Барлығы"), sheet.write_number(4, 5, 120))),
    ),
    Case("B25 a day that can be read in two ways", "B25", dated("01/02/2027"), (2, "A")),
    Case("B30 a day that is past", "B30.past", dated("05.01.2026"), (2, "A")),
    Case("B30 a day before the approval", "B30.approval", dated("05.01.2027"), (2, "A")),
    Case("B30 a day off", "warning.day_off", dated("08.03.2027"), (2, "A")),
    Case(
        "B31 a formula with its value", "B31.cached",
        on_sheet(lambda book, sheet, at: sheet.write_formula(1, at["address"], '="клуб"', None, "клуб")),
    ),
    Case("B37 a Latin letter in a Kazakh name", "B37.offer", mixed_letters, (2, "H")),
    Case(
        "B39 hidden rows", "B39.rows",
        on_sheet(lambda book, sheet, at: sheet.set_row(1, None, None, {"hidden": True})),
    ),
    Case(
        "B39 hidden columns", "B39.columns",
        on_sheet(lambda book, sheet, at: sheet.set_column(4, 4, None, None, {"hidden": True})),
    ),
]  # fmt: skip
