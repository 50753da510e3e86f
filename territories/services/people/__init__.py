"""Every change of accounts, posts, passwords, second factors and tokens; each is journalled with it.

Rows are locked without their key (`no_key`): an entry of the journal names its actor, and two people
who change each other's accounts at once must not wait for each other.
"""

from .access import (
    end_other_sessions,
    end_session,
    note_login,
    note_second_factor,
    reset_second_factor,
    send_reset_link,
    send_set_up_link,
    set_password,
)
from .accounts import PROFILE_FIELDS, change_person, close_account, reopen_account
from .letters import password_link
from .posts import appoint, end_post, invite, posts_that_count, withdraw_post
from .stale import Stale
from .tokens import create_token, digest_of, revoke_token

__all__ = [
    "PROFILE_FIELDS",
    "Stale",
    "appoint",
    "change_person",
    "close_account",
    "create_token",
    "digest_of",
    "end_other_sessions",
    "end_post",
    "end_session",
    "invite",
    "note_login",
    "note_second_factor",
    "password_link",
    "posts_that_count",
    "reopen_account",
    "reset_second_factor",
    "revoke_token",
    "send_reset_link",
    "send_set_up_link",
    "set_password",
    "withdraw_post",
]
