"""Where, and who."""

from .organisations import Mailbox, Organisation
from .people import ApiToken, Post, Role, User
from .tree import Edition, EditionDraft, Kind, Territory, TerritoryState

__all__ = [
    "ApiToken",
    "Edition",
    "EditionDraft",
    "Kind",
    "Mailbox",
    "Organisation",
    "Post",
    "Role",
    "Territory",
    "TerritoryState",
    "User",
]
