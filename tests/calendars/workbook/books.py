"""Builders of honest and hostile files, all made by code."""

import io
import struct
import zipfile
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.utils import translation

from calendars.workbook import guard, reader
from calendars.workbook.cells import Context
from calendars.workbook.findings import Finding, Findings
from calendars.workbook.sheet import Workbook
from calendars.workbook.table import Table, read_table
from calendars.workbook.template import Choice, Column, Kind, Template

HEADINGS = ("Өткізуші коды", "Аумақ коды", "Атауы", "Күні", "Уақыты", "Ұзақтығы, мин", "Көшпелі", "Нысаны")

TEMPLATE = Template(
    mark="akim_calendar",
    sheet_names={"kk": "Күнтізбе", "ru": "Календарь", "en": "Calendar"},
    columns=(
        Column(
            "holder",
            {"kk": "Өткізуші коды", "ru": "Код проводящего", "en": "Holder code"},
            kind=Kind.CODE,
            required=True,
            fill_down=True,
        ),
        Column(
            "target",
            {"kk": "Аумақ коды", "ru": "Код территории", "en": "Target code"},
            kind=Kind.CODE,
            required=True,
        ),
        Column("name", {"kk": "Атауы", "ru": "Название", "en": "Name"}, max_length=60),
        Column("day", {"kk": "Күні", "ru": "Дата", "en": "Date"}, kind=Kind.DATE, required=True, time_key="time"),
        Column("time", {"kk": "Уақыты", "ru": "Время", "en": "Time"}, kind=Kind.TIME),
        Column(
            "minutes",
            {"kk": "Ұзақтығы, мин", "ru": "Длительность, мин", "en": "Minutes"},
            kind=Kind.MINUTES,
            least=15,
            most=600,
        ),
        Column("offsite", {"kk": "Көшпелі", "ru": "Выездная", "en": "Offsite"}, kind=Kind.FLAG),
        Column(
            "format",
            {"kk": "Нысаны", "ru": "Формат", "en": "Format"},
            kind=Kind.CHOICE,
            choices=(
                Choice("in_person", {"kk": "қатысып", "ru": "очно", "en": "in person"}),
                Choice("online", {"kk": "онлайн", "ru": "онлайн", "en": "online"}),
            ),
        ),
        Column("note", {"kk": "Ескертпе", "ru": "Примечание", "en": "Note"}, kind=Kind.LINES),
    ),
)
CONTEXT = Context(year=2027)
GOOD_ROW = ("610000000", "611000000", "Шымкент", "15.03.2027", "10:00", 90, "иә", "қатысып")


def xlsx(
    rows: Iterable[Iterable[Any]] = (), *, name: str = "Күнтізбе", headings: Iterable[str] = HEADINGS, **options: Any
) -> bytes:
    """A workbook by XlsxWriter: headings in row 1 and rows under them. ``options["more"]`` gets book and sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, **options.get("book", {})})
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, headings)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    if "more" in options:
        options["more"](book, sheet)
    book.close()
    return out.getvalue()


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def worksheet(rows: str, *, before: str = "", after: str = "", prefix: str = "") -> str:
    p = f"{prefix}:" if prefix else ""
    xmlns = f"xmlns:{prefix}" if prefix else "xmlns"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{p}worksheet {xmlns}="{_MAIN}">{before}'
        f"<{p}sheetData>{rows}</{p}sheetData>{after}</{p}worksheet>"
    )


def package(
    sheet: str | bytes = "",
    *,
    extra: dict[str, str | bytes] | None = None,
    name: str = "Күнтізбе",
    stored: bool = False,
) -> bytes:
    """A workbook of one sheet written by hand; ``extra`` adds or replaces parts."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet or worksheet(""),
    }
    parts |= extra or {}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return out.getvalue()


def cells(*values: str, row: int = 1) -> str:
    """One row of inline text cells."""
    inner = "".join(
        f'<c r="{chr(65 + number)}{row}" t="inlineStr"><is><t>{value}</t></is></c>'
        for number, value in enumerate(values)
    )
    return f'<row r="{row}">{inner}</row>'


def ole(*streams: str) -> bytes:
    """The header and directory of a compound file with streams of these names."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6
    header = header.ljust(512, b"\xff")
    directory = b""
    for number, name in enumerate(("Root Entry", *streams)):
        encoded = name.encode("utf-16-le") + b"\x00\x00"
        entry = encoded.ljust(64, b"\x00") + struct.pack("<H", len(encoded)) + bytes((5 if number == 0 else 2, 1))
        directory += entry.ljust(128, b"\x00")
    return header + directory.ljust(1024, b"\x00")


def inspect(content: bytes, filename: str = "күнтізбе.xlsx") -> guard.Inspection:
    return guard.inspect(content, filename)


def parse(content: bytes, filename: str = "күнтізбе.xlsx") -> tuple[Workbook | None, Findings]:
    inspection = guard.inspect(content, filename)
    return reader.read(inspection), inspection.findings


def table(content: bytes, *, filename: str = "күнтізбе.xlsx", **options: Any) -> tuple[Table | None, Findings]:
    """Guard, parse and read the table of TEMPLATE."""
    workbook, findings = parse(content, filename)
    assert workbook is not None, [str(finding) for finding in findings]
    context = options.pop("context", CONTEXT)
    return read_table(workbook, options.pop("template", TEMPLATE), findings, context, **options), findings


def said(finding: Finding, language: str) -> str:
    with translation.override(language):
        return finding.text


def only(findings: Findings, code: str) -> Finding:
    """The one finding of this code."""
    found = [finding for finding in findings if finding.code == code]
    assert len(found) == 1, [f"{finding.code}: {finding}" for finding in findings]
    return found[0]


def codes(findings: Findings) -> list[str]:
    return [finding.code for finding in findings]
