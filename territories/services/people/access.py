"""Coming in: log-ins, sessions, passwords and second factors."""

from __future__ import annotations

from datetime import date

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.actors import Actor
from journal.services import record

from ... import appointments
from ...models import User
from ...scope import Who
from .letters import send_link, tell
from .posts import posts_that_count


@transaction.atomic
def end_other_sessions(user: User, *, keep: str = "", by: Actor) -> int:
    """Log an account out everywhere, except in the session with the key `keep`; answers how many ended."""
    ended = end_all_sessions(user, keep=keep)
    if ended:
        record(by, "account.sessions_ended", user, became={"sessions": ended})
    return ended


@transaction.atomic
def end_session(session: UserSession, *, by: Actor) -> None:
    """Log out one browser."""
    user = session.user
    session.end()
    record(by, "account.sessions_ended", user, became={"sessions": 1})


def end_all_sessions(user: User, *, keep: str = "") -> int:
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=keep))
    for session in sessions:
        session.end()
    return len(sessions)


def note_login(user: User, *, address: str, request_id: str) -> None:
    """Write down that somebody came in."""
    record(Actor(user=user, address=address, request_id=request_id), "account.logged_in", user)


@transaction.atomic
def set_password(user: User, *, password: str, address: str, request_id: str) -> None:
    """Keep a new password (already checked) and tell its owner; all other sessions end by it."""
    first = not user.has_usable_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    record(Actor(user=user, address=address, request_id=request_id), "account.password_set", user)
    if not first:
        tell(user, "password_changed", {"address": address}, when=timezone.now())


@transaction.atomic
def send_reset_link(user: User, *, address: str, request_id: str) -> None:
    """Mail the link with which a forgotten password is replaced; asked for without logging in."""
    send_link("password_reset", user, by=Actor(address=address, request_id=request_id, text=user.email))


@transaction.atomic
def send_set_up_link(user: User, *, by: Who, today: date) -> None:
    """Mail a person the link with which he sets his password, at the wish of whoever looks after him."""
    fresh = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    posts = posts_that_count(fresh, today)
    if not appointments.may_manage_account(by, fresh, posts):
        raise PermissionDenied(_("You may not change this account."))
    if not fresh.is_active:
        raise ValidationError(_("This account is closed. Ask the administrator to open it again."))
    kind = "password_reset" if fresh.has_usable_password() or not posts else "invitation"
    send_link(kind, fresh, by=by.actor, post=posts[0] if posts else None)


@transaction.atomic
def note_second_factor(user: User, *, on: bool, by: Actor) -> None:
    """Write down that a person switched his second factor on or off, and tell him by mail."""
    record(by, "account.second_factor_on" if on else "account.second_factor_off", user)
    tell(user, "second_factor", {"on": on}, when=timezone.now())


@transaction.atomic
def reset_second_factor(user: User, *, reason: str, by: Who) -> None:
    """Remove the second factor of somebody who lost his telephone and his codes; all his sessions end.

    Only an administrator, and not for himself: somebody else must have seen who is asking.
    """
    fresh = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not (by.is_administrator or by.system) or (by.user is not None and by.user.pk == fresh.pk):
        raise PermissionDenied(_("Only another administrator may remove a second factor."))
    if not reason.strip():
        raise ValidationError({"reason": _("Write the reason; it stays in the journal.")})
    Authenticator.objects.filter(user=fresh).delete()
    end_all_sessions(fresh)
    record(by.actor, "account.second_factor_removed", fresh, reason=reason)
    tell(fresh, "second_factor", {"on": False}, when=timezone.now())
