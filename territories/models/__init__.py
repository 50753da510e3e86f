"""Where, and who."""

from .organisations import Mailbox, Organisation
from .people import ApiToken, Post, PostState, Role, User, UserState
from .tree import DraftState, Edition, EditionDraft, Kind, Territory, TerritoryState

__all__ = [
    "ApiToken",
    "DraftState",
    "Edition",
    "EditionDraft",
    "Kind",
    "Mailbox",
    "Organisation",
    "Post",
    "PostState",
    "Role",
    "Territory",
    "TerritoryState",
    "User",
    "UserState",
]
