"""Changing, closing and reopening accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.addresses import fold_address
from journal.services import record

from ... import appointments
from ...models import Post, Role, User
from ...scope import Who
from .access import end_all_sessions
from .posts import keep_an_administrator, posts_that_count
from .stale import Stale

#: What a person may change about himself, and an administrator about anybody.
PROFILE_FIELDS = ("full_name", "phone", "language")


@transaction.atomic
def change_person(user: User, *, values: Mapping[str, Any], seen_version: int, by: Who) -> User:
    """Change name, telephone, language (oneself or an administrator) and address (an administrator).

    A new address ends every session: it is the key to the account. Raises Stale, PermissionDenied,
    ValidationError.
    """
    fresh = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    allowed = (*PROFILE_FIELDS, "email") if by.is_administrator or by.system else PROFILE_FIELDS
    own = by.user is not None and by.user.pk == fresh.pk
    if not (by.is_administrator or by.system or own) or set(values) - set(allowed):
        raise PermissionDenied(_("You may not change this account."))
    if fresh.version != seen_version:
        raise Stale(fresh)
    values = dict(values)
    if "email" in values:
        values["email"] = fold_address(values["email"])
    changed = {name: value for name, value in values.items() if getattr(fresh, name) != value}
    if not changed:
        return fresh
    was = {name: getattr(fresh, name) for name in changed}
    for name, value in changed.items():
        setattr(fresh, name, value)
    fresh.version += 1
    try:
        with transaction.atomic():
            fresh.save(update_fields=[*changed, "version"])
    except IntegrityError as taken:
        raise ValidationError({"email": _("Another account has this address.")}) from taken
    record(by.actor, "account.changed", fresh, was=was, became=changed)
    if "email" in changed:
        end_all_sessions(fresh)
    return fresh


@transaction.atomic
def close_account(user: User, *, reason: str, seen_version: int, by: Who, today: date) -> User:
    """Take away the right to log in: open sessions and tokens end with the next request."""
    fresh = _locked_account(user, seen_version, by, today)
    if by.user is not None and by.user.pk == fresh.pk:
        raise ValidationError(_("You cannot close your own account; ask another administrator."))
    if not reason.strip():
        raise ValidationError({"reason": _("Write the reason; it stays in the journal.")})
    if not fresh.is_active:
        raise ValidationError(_("This account is already closed."))
    if Post.objects.on(today).filter(user=fresh, role=Role.ADMINISTRATOR).exists():
        keep_an_administrator(without=Q(user=fresh), day=today)
    return _set_active(fresh, False, reason=reason, by=by)


@transaction.atomic
def reopen_account(user: User, *, reason: str = "", seen_version: int, by: Who, today: date) -> User:
    """Let a closed account log in again, under whatever posts it still has."""
    fresh = _locked_account(user, seen_version, by, today)
    if fresh.is_active:
        raise ValidationError(_("This account is not closed."))
    return _set_active(fresh, True, reason=reason, by=by)


def _locked_account(user: User, seen_version: int, by: Who, today: date) -> User:
    fresh = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not appointments.may_manage_account(by, fresh, posts_that_count(fresh, today)):
        raise PermissionDenied(_("You may not change this account."))
    if fresh.version != seen_version:
        raise Stale(fresh)
    return fresh


def _set_active(user: User, active: bool, *, reason: str, by: Who) -> User:
    user.is_active = active
    user.deactivated_at = None if active else timezone.now()
    user.version += 1
    user.save(update_fields=["is_active", "deactivated_at", "version"])
    if not active:
        end_all_sessions(user)
    action = "account.reopened" if active else "account.closed"
    record(by.actor, action, user, was={"is_active": not active}, became={"is_active": active}, reason=reason)
    return user
