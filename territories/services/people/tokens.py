"""Tokens with which programs act for a post."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.services import record

from ...models import ApiToken, Post
from ...scope import Who

#: Begins every token, so that a leaked one is recognised by whoever finds it.
MARK = "akm_"
PREFIX_LENGTH = 8
LONGEST_TOKEN_DAYS = 366


def digest_of(token: str) -> str:
    """What is kept of a token: enough to recognise it, not to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def create_token(post: Post, *, name: str, expires_on: date, by: Who, today: date) -> tuple[ApiToken, str]:
    """Let a program act for one's own post until a day. Answers the row and the token, which is not kept."""
    if by.user is None or post.user_id != by.user.pk or by.post is None or by.post.pk != post.pk:
        raise PermissionDenied(_("A token is made by the holder of the post, under that post."))
    if not today <= expires_on <= today + timedelta(days=LONGEST_TOKEN_DAYS):
        raise ValidationError({"expires_on": _("Choose a day from today to one year ahead.")})
    token = MARK + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        post=post,
        name=name,
        prefix=token[:PREFIX_LENGTH],
        digest=digest_of(token),
        expires_on=expires_on,
    )
    became = {"name": name, "post": post, "expires_on": expires_on}
    record(by.actor, "token.created", row, became=became, scope_path=post.scope_path)
    return row, token


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Who) -> ApiToken:
    """Withdraw a token of one's own; the program that uses it is a stranger from now on."""
    fresh = ApiToken.objects.select_for_update(no_key=True).get(pk=token.pk)
    if by.user is None or fresh.post.user_id != by.user.pk:
        raise PermissionDenied(_("A token is withdrawn by its owner."))
    if fresh.revoked_at is None:
        fresh.revoked_at = timezone.now()
        fresh.save(update_fields=["revoked_at"])
        record(by.actor, "token.revoked", fresh, scope_path=fresh.post.scope_path)
    return fresh
