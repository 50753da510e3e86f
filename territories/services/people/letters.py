"""Letters about accounts: links that set a password, and word of what was changed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from journal.actors import Actor
from journal.services import Recipient, queue, record

from ...models import Post, User


def password_link(user: User) -> str:
    """The address at which this account's password is set; valid once, for PASSWORD_RESET_TIMEOUT."""
    key = account_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key}
    )
    return f"{settings.SITE_URL}{path}"


def send_link(kind: str, user: User, *, by: Actor, scope_path: str = "", post: Post | None = None) -> None:
    until = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    context = {"user": user, "link": password_link(user), "until": until, "post": post}
    tell(user, kind, context, scope_path=scope_path, confidential=True)
    record(by, f"account.{kind}_sent", user, scope_path=scope_path)


def tell_appointed(post: Post) -> None:
    context = {"user": post.user, "post": post}
    tell(post.user, "appointed", context, scope_path=post.scope_path)


def tell(user: User, kind: str, context: Mapping[str, Any], **rest: Any) -> None:
    # Every letter of this kind is a fact of its own; the moment and chance keep them apart.
    fact = f"{user.pk}:{datetime.now(UTC):%Y%m%d%H%M%S}:{secrets.token_hex(4)}"
    to = Recipient(email=user.email, name=user.full_name, user=user, language=user.language)
    queue(kind, to=to, about=("account", fact), context=context, priority=1, **rest)
