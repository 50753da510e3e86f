"""Beat without a memory: it keeps no file and does not ask the wall clock.

A file that is lost, cut or from a machine whose clock was ahead, and a clock that jumps ahead and is put
right, must not silence the timetable for days. Its entries are intervals that wake idempotent sweeps, so
nothing needs to be remembered: everything is due at the start, and then again after its interval.
"""

from __future__ import annotations

import time

from celery.beat import ScheduleEntry, Scheduler


class Ticker(Scheduler):
    """Counts intervals by the clock that nobody sets."""

    def __init__(self, *args, **kwargs) -> None:
        self.due: dict[str, float] = {}
        super().__init__(*args, **kwargs)

    def tick(self, *args, **kwargs) -> float:
        """Send what is due; answers the seconds until the next one."""
        waits = [self.look_at(entry) for entry in self.schedule.values()]
        return min([*waits, self.max_interval])

    def look_at(self, entry: ScheduleEntry) -> float:
        interval = entry.schedule.seconds
        now = time.monotonic()
        left = self.due.get(entry.name, now) - now
        # More than one interval ahead can only be a clock that went back after all.
        if 0 < left <= interval:
            return left
        self.due[entry.name] = now + interval
        self.apply_entry(entry, producer=self.producer)
        return interval
