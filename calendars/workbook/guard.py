"""The first look at a stranger's file: is it what it says, and may it be parsed at all?

Nothing is parsed into cells here and memory stays small, whatever the file: the content is held once (at most
10 MB) and unpacked piece by piece. The answer comes within a second for bombs.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from . import bookxml, extent, filetype, limits
from .container import Container, Entry, Refused
from .findings import Findings

# Parts of a workbook that carry something else than a table, by what their names contain.
_MACROS = ("vbaproject", "xl/macrosheets/", "xl/dialogsheets/")
_OBJECTS = ("xl/embeddings/", "xl/activex/", "xl/ctrlprops/activex", "customui/")
_LINKS = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
_MEDIA = "xl/media/"
_RELATION = re.compile(rb"<(?:[\w.-]+:)?Relationship(\s[^<>]*)>")
_EXTERNAL = re.compile(rb"\bTargetMode\s*=\s*[\"']External[\"']", re.I)
_HYPERLINK = re.compile(rb"\bType\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_FORBIDDEN_XML = (b"<!DOCTYPE", b"<!ENTITY")
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb")


@dataclass(slots=True)
class Inspection:
    """What is known before parsing. ``kind`` is ``xlsx``, ``csv`` or, when refused, the true type if known."""

    filename: str
    content: bytes = b""
    kind: str = ""
    sha256: str = ""
    findings: Findings = field(default_factory=Findings)
    book: bookxml.Book | None = None
    has_styles: bool = True
    comments: int = 0
    rows: int = 0  # of the longest sheet of a workbook

    @property
    def ok(self) -> bool:
        """Whether the file may be parsed."""
        return not self.findings.has_errors

    @property
    def size(self) -> int:
        return len(self.content)


def inspect(path_or_file: "str | Path | bytes | IO[bytes]", filename: str) -> Inspection:
    """Look at a file without parsing it. ``filename`` is only compared with the true type, never believed.

    A refusal is one finding with severity error. Reads at most 10 MB and one byte.
    """
    inspection = Inspection(filename=filename)
    content = _content(path_or_file)
    if len(content) > limits.FILE_BYTES:
        inspection.findings.add("B07.size", limit=limits.FILE_BYTES // limits.MIB)
        return inspection
    inspection.content = content
    inspection.sha256 = hashlib.sha256(content).hexdigest()
    try:
        _look(inspection)
    except extent.TooLarge as refusal:
        inspection.findings.add(
            refusal.code,
            sheet=str(refusal.params.pop("sheet", "")),
            row=refusal.row,
            column=refusal.column,
            **refusal.params,
        )
    except Refused as refusal:
        inspection.findings.add(refusal.code, value=refusal.value, **refusal.params)
    return inspection


def passed(content: bytes, filename: str) -> Inspection:
    """The same for bytes that passed `inspect` and have been kept sealed since: nothing is looked at again."""
    kind = "csv" if filetype.of_bytes(content) == "text" else "xlsx"
    return Inspection(filename=filename, content=content, kind=kind)


def _content(path_or_file: "str | Path | bytes | IO[bytes]") -> bytes:
    if isinstance(path_or_file, bytes):
        return path_or_file
    if isinstance(path_or_file, (str, Path)):
        with Path(path_or_file).open("rb") as file:
            return file.read(limits.FILE_BYTES + 1)
    path_or_file.seek(0)
    return path_or_file.read(limits.FILE_BYTES + 1)


def _look(inspection: Inspection) -> None:
    content, name = inspection.content, inspection.filename.casefold()
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Refused("B04.empty")
    kind = filetype.of_bytes(content)
    if kind == "zip":
        _look_at_package(inspection)
        if not name.endswith(".xlsx"):
            inspection.findings.add("B03.name")
        return
    inspection.kind = kind
    if kind == "text":
        inspection.kind = "csv"
        if name.endswith(_WORKBOOK_NAMES):
            raise Refused("B03.csv")
    elif kind == "xls":
        raise Refused("B01")
    elif kind == "password":
        raise Refused("B02")
    elif kind == "truncated":
        raise Refused("B04.truncated")
    else:
        raise Refused("B03", type={"file_type": kind})


def _look_at_package(inspection: Inspection) -> None:
    container = Container(inspection.content)
    kind = inspection.kind = filetype.of_parts(set(container.by_name))
    if kind != "xlsx":
        raise Refused("B03", type={"file_type": kind})
    _look_at_names(container)
    _look_at_types(container)
    book = inspection.book = bookxml.read_book(container)
    if not book.sheets:
        raise Refused("B04.damaged", part=bookxml.WORKBOOK)
    if len(book.sheets) > limits.SHEETS:
        raise Refused("B08.sheets", sheets=len(book.sheets), limit=limits.SHEETS)
    for sheet in book.sheets:
        inspection.findings.know_sheet(sheet.name)
        if sheet.part not in container.by_name:
            raise Refused("B04.damaged", part=sheet.part)
    # Sheets first: for a table that is only too long, the number of its rows is the better answer.
    sheet_parts = {sheet.part: sheet.name for sheet in book.sheets}
    for part, sheet_name in sheet_parts.items():
        inspection.rows = max(inspection.rows, _measure(container, part, sheet_name))
    for entry in container.entries:
        if entry.name not in sheet_parts:
            inspection.comments += _look_at_part(container, entry)
    inspection.has_styles = bookxml.STYLES in container.by_name


def _look_at_names(container: Container) -> None:
    for name in container.by_name:
        folded = name.casefold()
        if any(word in folded for word in _MACROS):
            raise Refused("B14.macros", part=name)
        if any(word in folded for word in _OBJECTS):
            raise Refused("B14.objects", part=name)
        if any(word in folded for word in _LINKS):
            raise Refused("A22.links", part=name)


def _look_at_types(container: Container) -> None:
    name = next(name for name in container.by_name if name.casefold() == "[content_types].xml")
    for element in bookxml.parse(container, name):
        content_type = element.get("ContentType", "")
        if "macroEnabled" in content_type or "vbaProject" in content_type:
            raise Refused("B14.macros", part=element.get("PartName", name))
    for relations in [name for name in container.by_name if name.casefold().endswith(".rels")]:
        # A sheet may have thousands of hyperlinks: looked through as bytes, not built into a tree.
        for tag in _RELATION.findall(container.read(relations, limits.INFLATED_BYTES // 4)):
            if _EXTERNAL.search(tag) and not _HYPERLINK.search(tag):
                raise Refused("A22.links", part=relations)


def _measure(container: Container, part: str, sheet_name: str) -> int:
    """The number of rows of a sheet; refused when it reaches too far."""
    entry = container.by_name[part]
    try:
        return extent.check(lambda: _watched(container, entry), part)
    except extent.TooLarge as refusal:
        refusal.params["sheet"] = sheet_name
        raise


def _look_at_part(container: Container, entry: Entry) -> int:
    """Unpack a part to count and check it; the answer is the number of comments in it."""
    comments = 0
    counts_comments = "comments" in entry.name.casefold() and entry.name.casefold().endswith(".xml")
    for chunk in _watched(container, entry):
        if counts_comments:
            comments += chunk.count(b"<comment ")
    return comments


def _watched(container: Container, entry: Entry) -> Iterator[bytes]:
    """The pieces of a part, refused at the first sign of a document type, of entities or of another file."""
    folded = entry.name.casefold()
    is_media = folded.startswith(_MEDIA)
    tail = b""
    first = True
    for chunk in container.inflate(entry):
        if first:
            first = False
            if filetype.is_hidden_file(chunk) if is_media else filetype.is_foreign(chunk):
                raise Refused("B13.nested", part=entry.name)
            if folded.endswith((".xml", ".rels", ".vml")) and not filetype.is_utf8_xml(chunk):
                raise Refused("B12.encoding", part=entry.name)
        if not is_media:
            seam = tail + chunk[:16]
            if any(word in chunk or word in seam for word in _FORBIDDEN_XML):
                raise Refused("B12", part=entry.name)
            tail = chunk[-16:]
        yield chunk
