"""Where a table stands in a TOML file, so that a refusal names the line to correct."""

from collections.abc import Sequence

Place = Sequence[tuple[str, int]]


class Lines:
    """The lines of one file; a place is a path of table headers, each with its number among those of its name."""

    def __init__(self, text: str) -> None:
        self.lines = [line.strip() for line in text.splitlines()]

    def of(self, place: Place, *keys: str) -> int | None:
        """The line (from 1) of the first of these keys inside the table at a place, else of the table's header.

        None where the file writes the table in another way than under a header of its own.
        """
        start, end = -1, len(self.lines)
        for header, number in place:
            heads = [n for n in range(start + 1, end) if self.lines[n] in (f"[[{header}]]", f"[{header}]")]
            if number >= len(heads):
                return start + 1 or None
            start, end = heads[number], heads[number + 1] if number + 1 < len(heads) else self.next_head(header, end)
        body = self.lines[start + 1 : end]
        parts = next((n for n, line in enumerate(body) if line.startswith("[")), len(body))
        for key in keys:
            for number, line in enumerate(body[:parts]):
                if line.startswith((f"{key} ", f"{key}=", f"{key}.")):
                    return start + 2 + number
        return start + 1 or None

    def next_head(self, header: str, end: int) -> int:
        """Where the last table of a name ends: at the next header that is not one of its own parts."""
        (start,) = [n for n in range(end) if self.lines[n] in (f"[[{header}]]", f"[{header}]")][-1:]
        for n in range(start + 1, end):
            name = self.lines[n].strip("[]")
            if self.lines[n].startswith("[") and self.lines[n].endswith("]") and not name.startswith(f"{header}."):
                return n
        return end
