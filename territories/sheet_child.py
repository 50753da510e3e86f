"""Run as a program of its own by `sheets.py`: workbook on the standard input, rows as JSON on the output.

Exit codes: 0 read, 3 too many rows, anything else could not be read.
"""

import contextlib
import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook

MOST_MEMORY = 1_500_000_000
MOST_SECONDS = 50
TOO_MANY_ROWS = 3


def plain(value):
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else value


def main() -> int:
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        with contextlib.suppress(ValueError, OSError):  # a stricter limit is already in force
            resource.setrlimit(limit, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheet = book.get_sheet_by_index(0)
    if sheet.total_height > int(sys.argv[1]) + 100:
        return TOO_MANY_ROWS
    rows = [[plain(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    json.dump(rows, sys.stdout, ensure_ascii=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
