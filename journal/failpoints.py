"""Named lines at which a test lets its own process die: random kills rarely hit a window of milliseconds.

`FAILPOINT=<name>:kill@n` kills the process when it gets to the line for the n-th time, `stop@n`
freezes it (SIGSTOP). Read once at start. `FAILPOINTS=<folder>` is looked at whenever a line is
reached: a file `<name>.kill` or `<name>.stop` in it is taken by the first process that gets there,
renamed to `<name>.kill.<process id>`, and done. Both only where the settings allow it: nowhere but in tests.
"""

import os
import re
import signal
from pathlib import Path

from django.conf import settings

NAMES = (
    "claimed",
    "connected",
    "body-sent",
    "dot-committed",
    "after-dot",
    "after-250",
    "before-commit",
    "after-commit",
    "import-read",
    "import-checked",
    "import-written",
)
_SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


def _armed() -> tuple[str, signal.Signals, int] | None:
    wish = os.environ.get("FAILPOINT", "")
    if not wish or not getattr(settings, "FAILPOINTS_ALLOWED", False):
        return None
    match = re.fullmatch(r"([a-z0-9-]+):(kill|stop)@(\d+)", wish)
    if match is None or match[1] not in NAMES:
        raise ValueError(f"FAILPOINT={wish}: write <name>:kill@n with one of {', '.join(NAMES)}")
    return match[1], _SIGNALS[match[2]], int(match[3])


def _watched() -> Path | None:
    folder = os.environ.get("FAILPOINTS", "")
    return Path(folder) if folder and getattr(settings, "FAILPOINTS_ALLOWED", False) else None


_point = _armed()
_folder = _watched()
_seen = 0


def reach(name: str) -> None:
    """The process is at this line; in production nothing happens."""
    global _seen
    if _folder is not None:
        _take(_folder, name)
    if _point is None or name != _point[0]:
        return
    _seen += 1
    if _seen == _point[2]:
        os.kill(os.getpid(), _point[1])


def _take(folder: Path, name: str) -> None:
    """Die or freeze if somebody put a file there for this line; one file, one process."""
    for word, number in _SIGNALS.items():
        wish = folder / f"{name}.{word}"
        try:
            wish.rename(f"{wish}.{os.getpid()}")
        except OSError:
            continue
        os.kill(os.getpid(), number)
