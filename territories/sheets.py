"""Reading the first sheet of an .xlsx that a stranger made: looked at from outside, parsed in a child process.

A workbook of a few kilobytes can ask for half a terabyte of memory. The child has limits of memory and
time; when it dies, the parent says so and lives on.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

CHILD = Path(__file__).with_name("sheet_child.py")
MOST_UNPACKED = 200_000_000
MOST_PARTS = 1_000
SECONDS = 60


class SheetRefused(ValueError):
    """Why the workbook is not read and what to do, in the reader's language."""


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
