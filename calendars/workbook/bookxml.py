"""The list of sheets of a workbook, from ``workbook.xml`` and its relations; small parts, parsed as XML."""

import posixpath
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .container import Container, Refused

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One worksheet: its name on the tab, its part, ``visible``, ``hidden`` or ``veryHidden``."""

    name: str
    part: str
    state: str


@dataclass(frozen=True, slots=True)
class Book:
    """``marks`` are workbook names (Excel's "defined names") by the sheet they point to.

    A defined name follows its sheet when the sheet is renamed, so templates mark their sheets by one.
    """

    sheets: list[SheetPart]
    date1904: bool = False
    marks: dict[str, list[str]] = field(default_factory=dict)


def parse(container: Container, name: str) -> Element:
    """A small part as XML; forbidden or broken XML is refused."""
    try:
        return fromstring(container.read(name), forbid_dtd=True)
    except DefusedXmlException:
        raise Refused("B12", part=name) from None
    except (ParseError, ValueError, LookupError):
        raise Refused("B04.damaged", part=name) from None


def parse_large(container: Container, name: str) -> None:
    """Whether a part of any size is well-formed XML; refused when it is not. Only for parts in a limited process."""
    parser = expat.ParserCreate()
    try:
        for chunk in container.inflate(container.by_name[name]):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Refused("B04.damaged", part=name) from None


def read_book(container: Container) -> Book:
    """Worksheets in the order of their tabs; chart and dialog sheets are left out."""
    root = parse(container, WORKBOOK)
    targets = {
        relation.get("Id", ""): (relation.get("Type", ""), relation.get("Target", ""))
        for relation in parse(container, RELATIONS)
    }
    sheets = []
    for element in root.iter():
        if _local(element.tag) != "sheet":
            continue
        relation_id = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
        kind, target = targets.get(relation_id, ("", ""))
        if kind.endswith("/worksheet"):
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            sheets.append(SheetPart(element.get("name", ""), part, element.get("state", "visible")))
    return Book(sheets, _is_1904(root), _marks(root))


def _is_1904(root: Element) -> bool:
    return any(
        element.get("date1904", "0").casefold() in ("1", "true")
        for element in root.iter()
        if _local(element.tag) == "workbookPr"
    )


def _marks(root: Element) -> dict[str, list[str]]:
    marks: dict[str, list[str]] = {}
    for element in root.iter():
        if _local(element.tag) != "definedName" or "!" not in (element.text or ""):
            continue
        sheet = (element.text or "").rpartition("!")[0]
        if sheet.startswith("'") and sheet.endswith("'"):
            sheet = sheet[1:-1].replace("''", "'")
        marks.setdefault(sheet, []).append(element.get("name", ""))
    return marks


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
