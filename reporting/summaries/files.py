"""A summary as a file: whole or not at all, with its hash. The pages, the jobs and the command write the same bytes."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from territories.models import Territory

from . import paper, plain, xlsx
from .kinds import KINDS, checked, summary, units_below
from .model import Asked, NothingThere, Summary
from .snapshot import snapshot

Tick = Callable[[int], None]
Writer = Callable[[Summary, IO[bytes], Tick], None]
WRITERS: dict[str, Writer] = {
    "xlsx": xlsx.write,
    "csv": plain.write_csv,
    "json": plain.write_json,
    "docx": paper.write_docx,
    "pdf": paper.write_pdf,
}
ZIP = "zip"
FORMATS = (*WRITERS, ZIP)
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Written:
    """What became of it."""

    sha256: str
    size: int
    rows: int


def write(asked: Asked, form: str, target: Path, tick: Tick = lambda rows: None) -> Written:
    """Write a file beside its name and put it in place once it is whole; whatever happens, no half of it stays.

    One moment of the database for all of it. Raises PermissionDenied, ValidationError, NothingThere, OSError.
    """
    asked = checked(asked)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            with snapshot():
                rows = put(asked, form, file, tick)
            file.flush()
            os.fsync(file.fileno())
        digest = hashlib.sha256()
        with part.open("rb") as made:
            while piece := made.read(1 << 20):
                digest.update(piece)
        size = part.stat().st_size
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Written(digest.hexdigest(), size, rows)


def put(asked: Asked, form: str, file: IO[bytes], tick: Tick) -> int:
    """Write the content into an open file; answers how many rows it has."""
    if form == ZIP:
        return put_zip(asked, file, tick)
    made = summary(asked)
    WRITERS[form](made, file, tick)
    return made.row_count


def put_zip(asked: Asked, file: IO[bytes], tick: Tick) -> int:
    """A workbook for each region, or for each unit below the one that was asked for; those with nothing are listed."""
    count, empty = 0, []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
        for unit in pieces_of(asked):
            one = replace(asked, unit=unit)
            try:
                piece = summary(checked(one))
            except NothingThere as nothing:
                empty.append(str(nothing))
                continue
            # A workbook is compressed already and has to be searched through while it is written.
            with tempfile.TemporaryFile() as book:
                xlsx.write(piece, book, tick)
                book.seek(0)
                with made.open(f"{name_of(one, 'xlsx')}", "w") as out:
                    while block := book.read(1 << 20):
                        out.write(block)
            count += piece.row_count
        if empty:
            made.writestr("README.txt", "\r\n".join(empty))
    if not count and empty:
        raise NothingThere(empty[0])
    return count


def pieces_of(asked: Asked) -> list[Territory]:
    if asked.unit is None:
        return [unit for unit in units_below(asked.who) if unit.is_region]
    if KINDS[asked.kind].regional:
        return [asked.unit]
    below = Territory.objects.filter(parent=asked.unit, own_akim=True, valid_to=None).order_by("code")
    return list(below) or [asked.unit]


def name_of(asked: Asked, form: str) -> str:
    """issues-kz-2027-kk.xlsx"""
    return f"{asked.kind}-{asked.code}-{asked.year}-{asked.language}.{form}"


def form_of(name: str) -> str:
    """The format that the end of a file's name asks for; raises ValidationError."""
    form = Path(name).suffix.lstrip(".").lower()
    if form not in FORMATS:
        text = _("A file cannot be written as “%(form)s”. Let its name end in one of: %(forms)s.")
        raise ValidationError(text % {"form": form[:20], "forms": ", ".join(f".{code}" for code in FORMATS)})
    return form


def in_memory(asked: Asked, form: str) -> bytes:
    """A small file at once."""
    out = io.BytesIO()
    with snapshot():
        put(checked(asked), form, out, lambda rows: None)
    return out.getvalue()
