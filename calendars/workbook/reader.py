"""Parsing, in a process of its own: a crash, a hang or a memory hog there is one clear finding here.

What comes back is plain rows of cells; nothing is judged yet.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from . import csvreader, limits
from .guard import Inspection
from .sheet import EMPTY, Cell, CellKind, Merged, Row, Sheet, Workbook, text_cell

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = ("-s", "-E", "-X", "utf8", "-m", "calendars.workbook.child")
_EXIT_MEMORY, _EXIT_OUTPUT = 3, 4  # as in child.py


def read(inspection: Inspection, *, first_rows: int = 0) -> Workbook | None:
    """Rows and cells of a file that passed the guard; None, and a finding added, when it cannot be read.

    ``first_rows``: only so many of each sheet of a workbook, for a first look, without what is hidden or merged there.
    Takes at most 30 seconds. Text tables are read in this process: their reader is bounded by itself.
    """
    if not inspection.ok:
        return None
    if inspection.kind == "csv":
        return csvreader.read(inspection.content, inspection.findings)
    findings = inspection.findings
    workbook, code = _parsed(inspection, first_rows)
    if code in (-signal.SIGXCPU, _TIMED_OUT):
        findings.add("B07.time", limit=limits.CHILD_WALL_SECONDS)
        return None
    if code in (_EXIT_MEMORY, _EXIT_OUTPUT, -signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV):
        findings.add("B07.memory")
        return None
    if workbook is None or code != 0:
        if inspection.ok:
            findings.add("B04.unreadable")
        return None
    if not inspection.has_styles:
        findings.add("B15.missing")
    if inspection.comments:
        findings.add("B46.comments", count=inspection.comments)
    return workbook


_TIMED_OUT = 1_000


def _parsed(inspection: Inspection, first_rows: int = 0) -> tuple[Workbook | None, int]:
    """What the child tells, taken in while it goes on reading, and how it ended: its exit code, minus the signal that
    killed it, or a time-out."""
    environment = {"PATH": os.environ.get("PATH", ""), "RUST_BACKTRACE": "0", "LC_ALL": "C.UTF-8"}
    late = threading.Event()
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module; the file comes by standard input
        [sys.executable, *_COMMAND, str(first_rows)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=environment,
    ) as child:
        assert child.stdin
        assert child.stdout

        def stop() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(limits.CHILD_WALL_SECONDS, stop)
        feeder = threading.Thread(target=_feed, args=(child.stdin, inspection.content))
        clock.start()
        feeder.start()
        try:
            workbook = _workbook(child.stdout, inspection)
            child.stdout.read()
            code = child.wait()
        except BaseException:
            child.kill()
            raise
        finally:
            clock.cancel()
            feeder.join()
    return workbook, _TIMED_OUT if late.is_set() else code


def _feed(pipe: IO[bytes], content: bytes) -> None:
    # A child that died reads no further; how it died is told by its end.
    with suppress(BrokenPipeError), pipe:
        pipe.write(content)


def _workbook(output: Iterable[bytes], inspection: Inspection) -> Workbook | None:
    """Build the workbook from the child's lines; None when the answer is a refusal or is cut short."""
    workbook = Workbook()
    rows: list[Row] = []
    for line in _lines(output):
        if isinstance(line, list):
            number, cells = line
            rows.append(Row(number, [_cell(cell) for cell in cells]))
        elif "sheet" in line:
            sheet = _sheet(line)
            rows = sheet.rows
            workbook.sheets.append(sheet)
        elif "failed" in line:
            inspection.findings.add(line["failed"], **line["params"])
            return None
        elif "date1904" in line:
            workbook.date1904 = line["date1904"]
        elif "end" in line:
            return workbook
    return None


def _lines(output: Iterable[bytes]) -> Iterator[Any]:
    for line in output:
        if not line.endswith(b"\n"):
            return
        yield json.loads(line)


def _sheet(line: dict[str, Any]) -> Sheet:
    return Sheet(
        name=line["sheet"],
        state=line["state"],
        hidden_rows=frozenset(line["hidden_rows"]),
        hidden_columns=frozenset(line["hidden_columns"]),
        merged=[Merged(*corners) for corners in line["merged"]],
        marks=tuple(line["marks"]),
        formulas=line["formulas"],
    )


_KINDS: dict[str, tuple[CellKind, Callable[[Any], object]]] = {
    "n": (CellKind.NUMBER, float),
    "b": (CellKind.FLAG, bool),
    "d": (CellKind.DATE, date.fromisoformat),
    "dt": (CellKind.DATETIME, datetime.fromisoformat),
    "t": (CellKind.TIME, time.fromisoformat),
    "td": (CellKind.DURATION, lambda seconds: timedelta(seconds=seconds)),
}


def _cell(data: Any) -> Cell:
    if data is None:
        return EMPTY
    if isinstance(data, str):
        return text_cell(data)
    kind, value = data
    if kind == "e":
        return Cell(None, CellKind.ERROR, value)
    if kind == "u":
        return Cell(None, CellKind.UNCALCULATED)
    cell_kind, build = _KINDS[kind]
    return Cell(build(value), cell_kind)
