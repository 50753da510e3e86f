"""Named lines at which a test lets its own process die: random kills rarely hit a window of milliseconds.

`FAILPOINT=<name>:kill@n` kills the process when it gets to the line for the n-th time, `stop@n`
freezes it (SIGSTOP). Read once at start, and only where the settings allow it: nowhere but in tests.
"""

import os
import re
import signal

from django.conf import settings

NAMES = (
    "claimed",
    "connected",
    "body-sent",
    "dot-committed",
    "after-dot",
    "after-250",
    "before-commit",
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


_point = _armed()
_seen = 0


def reach(name: str) -> None:
    """The process is at this line; in production nothing happens."""
    global _seen
    if _point is None or name != _point[0]:
        return
    _seen += 1
    if _seen == _point[2]:
        os.kill(os.getpid(), _point[1])
