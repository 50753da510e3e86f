"""Who acts: the account, the post it acts under, and from where. Doors make it, services take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever a change is written down for. `text` is the name as it read on that day."""

    user: Any = None
    post_id: int | None = None
    post_text: str = ""
    address: str | None = None
    request_id: str = ""
    text: str = ""

    @classmethod
    def system(cls, name: str) -> Actor:
        """The program itself: a sweep, an import from the command line, the clock."""
        return cls(text=name)

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user is not None else None

    @property
    def name(self) -> str:
        """The name that the journal keeps beside the account."""
        if self.text:
            return self.text
        if self.user is None:
            return ""
        return str(self.user.get_full_name() or self.user.get_username())
