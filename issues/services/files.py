"""Files come in by their content, lie under names of our own, and are handed out by one scoped door."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import uuid
import zipfile
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from territories.models import Territory
from territories.scope import Who

from .. import rules, sealing
from ..models import FileKind, StoredFile
from ..models.files import JPEG, PNG
from .changing import create, edit, lock, require
from .photographs import Damaged, bare_jpeg, bare_png

#: A table of requests that nobody took in is kept for so long.
SHEETS_AT_ONCE = 100
MOST_BYTES = 15 * 1024 * 1024
#: An unpacked Word file may be so many times its size; more is a trap.
MOST_UNPACKED = 100 * 1024 * 1024
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
#: What evidence may be.
EVIDENCE = (PDF, PNG, JPEG, DOCX)
#: Pictures are kept without what the camera wrote about place, time and owner.
BARE = {PNG: bare_png, JPEG: bare_jpeg}
EXTENSIONS = {PDF: "pdf", PNG: "png", JPEG: "jpg", DOCX: "docx", HTML: "html", XLSX: "xlsx", CSV: "csv"}
UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\\/:*?\"<>|]+")


@dataclass(frozen=True)
class Checked:
    """A file that passed: its bytes, true type and the name to show."""

    data: bytes
    content_type: str
    shown_name: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def read_upload(upload: UploadedFile, *, types: Collection[str] = EVIDENCE) -> Checked:
    """Check an uploaded file by its content; the name it came under is not believed. Raises ValidationError."""
    if upload.size is not None and upload.size > MOST_BYTES:
        raise too_large()
    return check(upload.read(MOST_BYTES + 1), upload.name or "", types=types)


def check(data: bytes, name: str, *, types: Collection[str] = EVIDENCE) -> Checked:
    """The same for bytes that are already here."""
    if len(data) > MOST_BYTES:
        raise too_large()
    if not data:
        raise ValidationError(_("The file is empty. Choose another one."), code="empty")
    content_type = type_of(data)
    if content_type not in types:
        known = ", ".join(sorted(EXTENSIONS[kind].upper() for kind in types))
        text = _("The content of this file is none of: %(types)s, whatever its name says.") % {"types": known}
        raise ValidationError(text, code="type")
    try:
        data = BARE.get(content_type, bytes)(data)
    except Damaged as error:
        text = _("The picture is damaged and cannot be opened. Choose another one.")
        raise ValidationError(text, code="damaged") from error
    return Checked(data, content_type, shown_name(name, content_type))


def shown_name(name: str, content_type: str) -> str:
    """The name to show: without folders, signs that play tricks, and a false ending."""
    stem = UNSAFE.sub(" ", name.rpartition(".")[0] or name).strip(" .")[:150] or "file"
    return f"{stem}.{EXTENSIONS[content_type]}"


def type_of(data: bytes) -> str:
    """The type by content; empty if it is none that this room takes."""
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in data[-64:]:
        return PNG
    if data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in data[-4096:]:
        return JPEG
    if data.startswith(b"PK\x03\x04") and is_docx(data):
        return DOCX
    return ""


def is_docx(data: bytes) -> bool:
    """A zip that holds a Word document without macros and does not unpack into a flood."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            names = {entry.filename for entry in entries}
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED or len(entries) > 5000:
        return False
    return {"[Content_Types].xml", "word/document.xml"} <= names and "word/vbaProject.bin" not in names


def too_large() -> ValidationError:
    text = _("The file is larger than %(most)s MB. Make it smaller and choose it again.")
    return ValidationError(text % {"most": MOST_BYTES // 2**20}, code="size")


@transaction.atomic
def store_file(checked: Checked, *, unit: Territory, kind: str, by: Who) -> StoredFile:
    """Keep a checked file for an office; the caller ties it to its row and has asked the rules."""
    name = f"{uuid.uuid4().hex}.{EXTENSIONS[checked.content_type]}"
    values = {
        "kind": kind,
        "file": ContentFile(checked.data, name=name),
        "shown_name": checked.shown_name,
        "content_type": checked.content_type,
        "size": len(checked.data),
        "sha256": checked.sha256,
    }
    row = create(StoredFile, by=by, unit=unit, values=values)
    record(by.actor, "file.stored", row, became={"sha256": row.sha256, "size": row.size, "kind": kind})
    return row


def store_sheet(checked: Checked, *, unit: Territory, by: Who) -> StoredFile:
    """Keep a table of requests, sealed as a whole: who asked may stand in it. The digest is that of the table."""
    row = store_file(checked, unit=unit, kind=FileKind.SHEET, by=by)
    with row.file.storage.open(str(row.file.name), "wb") as opened:
        opened.write(sealing.box().encrypt(checked.data))
    return row


def open_sheet(row: StoredFile) -> bytes:
    """The bytes of a table that was kept sealed. Raises KeyMissing where the kept file was altered."""
    with row.file.open("rb") as kept:
        return sealing.opened(kept.read())


@transaction.atomic
def empty_sheet(row: StoredFile, *, by: Who) -> None:
    """A table was taken in, or nobody took it: its bytes go, its row and digest stay."""
    row = lock(StoredFile, row.pk)
    if row.kind != FileKind.SHEET or not row.file:
        return
    storage, name = row.file.storage, str(row.file.name)
    edit(row, {"file": ""}, seen_version=None, by=by)
    record(by.actor, "file.emptied", row, was={"size": row.size}, became={"size": 0})
    transaction.on_commit(lambda: storage.delete(name))


def forget_sheets(now: dt.datetime, *, by: Who) -> int:
    """Empty the tables that nobody took in within their term; answers how many."""
    before = now - dt.timedelta(days=settings.TABLE_DAYS)
    old = StoredFile.objects.filter(kind=FileKind.SHEET, created_at__lt=before).exclude(file="")
    rows = list(old[:SHEETS_AT_ONCE])
    for row in rows:
        empty_sheet(row, by=by)
    return len(rows)


@transaction.atomic
def show_file(file: StoredFile, *, public: bool, by: Who) -> StoredFile:
    """The office lets everybody see a proof, or takes that back."""
    file = lock(StoredFile, file.pk)
    require(rules.answers_for(by, file.unit))
    was, became = edit(file, {"public": public}, seen_version=None, by=by)
    if became:
        record(by.actor, "file.shown" if public else "file.hidden", file, was=was, became=became)
    return file
