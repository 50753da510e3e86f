"""How far a long command is: one line that is drawn anew on a terminal, a line a step elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable

WIDTH = 30


class Bar:
    """Steps of a known number; `write` takes the text, `drawn` says that it stands on a terminal."""

    def __init__(self, steps: int, write: Callable[[str], object], *, drawn: bool) -> None:
        self.steps, self.write, self.drawn = steps, write, drawn
        self.done = 0
        self.begun = time.monotonic()

    def step(self, label: str) -> None:
        """One more step is done; `label` says which."""
        self.done = min(self.done + 1, self.steps)
        text = f"{self.line()} {label}"
        # Blanks cover what is left of a longer line.
        self.write(f"\r{text:<78}" if self.drawn else f"{text}\n")

    def line(self) -> str:
        filled = WIDTH * self.done // self.steps
        seconds = time.monotonic() - self.begun
        return f"[{'#' * filled}{'.' * (WIDTH - filled)}] {100 * self.done // self.steps:3d} % {seconds:5.0f} s"

    def end(self, label: str) -> None:
        self.write(f"\n{label}\n" if self.drawn else f"{label}\n")
