"""Who acts: the account, the post it acts under, from where and when. Doors make it, services take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever a change is written down for. `text` is the name as it read on that day.

    `at` is the instant of the change; None, as at every door for people, is now.
    """

    user: Any = None
    post_id: int | None = None
    post_text: str = ""
    address: str | None = None
    request_id: str = ""
    text: str = ""
    at: datetime | None = None

    @classmethod
    def system(cls, name: str, at: datetime | None = None) -> Actor:
        """The program itself: a sweep, an import from the command line, the clock."""
        return cls(text=name, at=at)

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
