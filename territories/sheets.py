"""Lines of a table that a stranger made: CSV as it is, .xlsx looked at from outside and parsed in a child process.

A workbook of a few kilobytes can ask for half a terabyte of memory. The child has limits of memory and
time; when it dies, the parent says so and lives on.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

CHILD = Path(__file__).with_name("sheet_child.py")
MOST_UNPACKED = 200_000_000
MOST_PARTS = 1_000
SECONDS = 60


class SheetRefused(ValueError):
    """Why the file is not read and what to do, in the reader's language. `line` is 0 for the file as a whole."""

    def __init__(self, text: str, line: int = 0):
        self.line = line
        super().__init__(text)


def lines_in(data: bytes, *, most_rows: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """Numbered lines of a CSV text or of the first sheet of a workbook. Raises SheetRefused, also while read."""
    if not data:
        raise SheetRefused(_("The file is empty. Choose another file."))
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        return iter(enumerate(read_sheet(data, most_rows=most_rows), 1))
    return csv_lines(data)


def csv_lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = decoded(data)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        fault = _("Line %(line)s holds an unreadable character. Save the file anew.")
        raise SheetRefused(fault % {"line": line}, line)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        fault = _("Line %(line)s cannot be read: a quotation mark may be missing.")
        raise SheetRefused(fault % {"line": reader.line_num}, reader.line_num) from error


def decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetRefused(
            _(
                "The file is not in UTF-8: the Kazakh letters in it may be lost. "
                "Save it as “CSV UTF-8” or as an Excel workbook (.xlsx)."
            )
        ) from error


def read_sheet(data: bytes, *, most_rows: int) -> list[list[Any]]:
    """Cells of the first sheet from its first row on: texts, numbers, dates as ISO text, None."""
    look_from_outside(data)
    try:
        # The command is fixed: our own script under our own interpreter.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(CHILD), str(most_rows)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SheetRefused(_("Reading the workbook took too long. Remove other sheets and pictures.")) from error
    if done.returncode == 3:
        text = _("The workbook has more than %(most)s rows. This is not the file that is expected here.")
        raise SheetRefused(text % {"most": most_rows})
    if done.returncode != 0:
        raise SheetRefused(
            _(
                "The workbook cannot be read: it is damaged or has cells far outside the table. "
                "Copy the table into a new workbook and save it as .xlsx."
            )
        )
    return json.loads(done.stdout)


def look_from_outside(data: bytes) -> None:
    if data[:4] == b"\xd0\xcf\x11\xe0":
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise SheetRefused(_("The workbook is protected by a password. Remove the password and save it again."))
        raise SheetRefused(_("This is an old Excel file (.xls). Open it and save it as .xlsx."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            entries = parts.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise SheetRefused(_("The workbook arrived incompletely. Send it once more.")) from error
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_PARTS or any(name.startswith("/") or ".." in name for name in names):
        raise SheetRefused(_("The workbook has parts that do not belong into one. Copy the table into a new workbook."))
    if any(name.endswith("vbaProject.bin") for name in names):
        raise SheetRefused(_("The workbook holds macros. Save it as .xlsx without macros."))
    if "xl/workbook.xml" not in names:
        raise SheetRefused(_("This is not an Excel workbook. Choose an .xlsx or a CSV file."))
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise SheetRefused(_("Unpacked, the workbook is too large. Copy the table alone into a new workbook."))
