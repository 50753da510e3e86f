"""The timer of the system, without Celery: `python -m tests.faults.once sweep sweep:2027-01-16 drain reap`.

Each word is one run of the management command of that name; what it answers is printed. A command that
refuses (a wrong clock, say) prints its refusal, and the rest goes on.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")

import django
from django.core.management import CommandError, call_command

if __name__ == "__main__":
    django.setup()
    for word in sys.argv[1:]:
        name, _, day = word.partition(":")
        print(word, end=" ", flush=True)
        try:
            call_command(name, *([f"--today={day}"] if day else []))
        except CommandError as refusal:
            print(f"refused: {refusal}", flush=True)
