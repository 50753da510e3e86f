"""What a bomb costs: measured in a process of its own, memory bounded."""

import json
import subprocess
import sys
import zipfile

import pytest

from calendars.workbook import reader

from .books import inspect, package, worksheet

MOST_MEMORY = 100 * 2**20  # bytes, the whole process with Python and Django's translations

MEASURE = """
import json, resource, sys, time
from django.conf import settings
settings.configure(USE_I18N=False)
from calendars.workbook import guard
started = time.perf_counter()
inspection = guard.inspect(sys.argv[1], "a.xlsx")
seconds = time.perf_counter() - started
# Of this program only: the high-water mark of ru_maxrss is inherited from the process that started it.
memory = next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([[finding.code for finding in inspection.findings], memory, seconds]))
"""


def cost(tmp_path, content: bytes) -> tuple[list[str], int, float]:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], cwd=reader._ROOT, capture_output=True, text=True, check=True
    )
    found, memory, seconds = json.loads(done.stdout)
    return found, memory, seconds


def packed(tmp_path, start: str, piece: bytes, times: int, end: str) -> bytes:
    """A workbook whose sheet is one piece many times over, written without holding it."""
    path = tmp_path / "made.xlsx"
    path.write_bytes(package())
    made = tmp_path / "bigger.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(start.encode())
            for _time in range(times):
                part.write(piece)
            part.write(end.encode())
    return made.read_bytes()


HEAD, _rows, TAIL = worksheet("|").partition("|")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the high-water mark of memory from /proc")
@pytest.mark.parametrize("where", ["in the sheet", "before the rows", "in one cell"])
def test_b07_a_bomb_of_spaces_costs_little(tmp_path, where):
    start = {"in the sheet": HEAD, "before the rows": HEAD.replace("<sheetData>", "")}.get(
        where, HEAD + '<row r="1"><c r="A1" t="inlineStr"><is><t>'
    )
    content = packed(tmp_path, start, b" " * 2**20, 600, TAIL)

    found, memory, seconds = cost(tmp_path, content)

    assert found in (["B07.ratio"], ["B07.inflated"])
    assert memory < MOST_MEMORY, f"{memory / 2**20:.0f} MB in {seconds:.2f} s"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the high-water mark of memory from /proc")
def test_b08_a_million_rows_cost_little(tmp_path):
    piece = b"".join(b"<row><c><v>%d</v></c></row>" % number for number in range(1_000))

    found, memory, seconds = cost(tmp_path, packed(tmp_path, HEAD, piece, 1_048, TAIL))

    assert found in (["B08.rows"], ["B08.many_rows"])
    assert memory < MOST_MEMORY, f"{memory / 2**20:.0f} MB in {seconds:.2f} s"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the high-water mark of memory from /proc")
@pytest.mark.parametrize("name", ["laughs", "entries", "far"])
def test_b09_b12_b13_small_hostile_files_cost_little(tmp_path, name):
    content, code = {
        "laughs": (
            package(
                extra={
                    "xl/sharedStrings.xml": '<!DOCTYPE s [<!ENTITY a "ha">'
                    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10))
                    + "]><sst><si><t>&k;</t></si></sst>"
                }
            ),
            "B12",
        ),
        "entries": (package(extra={f"xl/media/{number}.png": b"" for number in range(20_000)}), "B13.entries"),
        "far": (package(worksheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "B09"),
    }[name]

    found, memory, seconds = cost(tmp_path, content)

    assert found == [code]
    assert memory < MOST_MEMORY, f"{memory / 2**20:.0f} MB in {seconds:.2f} s"


SQUARES = {
    "tags that never end": b"<row " * 700_000,
    "references without end": b'<row r="1"><c ' + b'r="ZZZ1" ' * 400_000,
    "cells without end": b'<row r="1">' + b"<c >" * 800_000,
    "empty cells": b'<row r="1">' + b'<c r="A1"/>' * 300_000,
    "blanks": b"<row >" + b'<c r="ZZZ1">        ' * 150_000,
}


@pytest.mark.parametrize("name", SQUARES)
def test_broken_xml_does_not_cost_the_square_of_its_size(name):
    """A pattern that looks to the end of the sheet from every tag would take hours here."""
    inspection = inspect(package(HEAD.encode() + SQUARES[name] + TAIL.encode(), stored=True))

    reader.read(inspection)

    assert inspection.findings


def test_a_long_line_of_letters_in_csv_does_not_cost_the_square_of_its_size():
    inspection = inspect(("а" * 3_000_000 + "?;" + "((((" * 10_000 + "\n").encode(), "a.csv")

    reader.read(inspection)

    assert inspection.kind == "csv"
