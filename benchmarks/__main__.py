"""`make bench`: every script after the other, each with a database of its own."""

import subprocess
import sys

SCRIPTS = (
    "coverage",
    "calendar_import",
    "kato_import",
    "outbox_drain",
    "sweep",
    "pages",
    "public",
    "similar",
    "export",
    "issue_import",
)

if __name__ == "__main__":
    for name in SCRIPTS:
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
