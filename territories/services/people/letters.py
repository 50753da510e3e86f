"""Letters about accounts: links that set a password, and word of what was changed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from journal import dates
from journal.actors import Actor
from journal.services import Recipient, queue, record

from ...models import Post, User


def password_link(user: User) -> str:
    """The address at which this account's password is set; valid once, for PASSWORD_RESET_TIMEOUT."""
    key = account_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.SITE_URL}{path}"


def send_link(kind: str, user: User, *, by: Actor, scope_path: str = "", post: Post | None = None) -> None:
    """Mail a link that sets the password; pages of the outbox do not show its text."""
    until = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    context = {"link": password_link(user), "post": post}
    tell(user, kind, context, when=until, scope_path=scope_path, confidential=True)
    record(by, f"account.{kind}_sent", user, scope_path=scope_path)


def tell_appointed(post: Post) -> None:
    """Mail somebody who has an account that he was given a post."""
    lang = post.user.language
    last = dates.long_date(post.valid_to, lang) if post.valid_to else ""
    context = {"post": post, "first": dates.long_date(post.valid_from, lang), "last": last}
    tell(post.user, "appointed", context, scope_path=post.scope_path)


def tell(user: User, kind: str, context: Mapping[str, Any], *, when: datetime | None = None, **rest: Any) -> None:
    """Queue a letter to a person in his language; `when` becomes its `day` and `hour` in Kazakhstan."""
    if when is not None:
        local = timezone.localtime(when)
        context = {**context, "day": dates.long_date(local, user.language), "hour": f"{local:%H:%M}"}
    # Every letter of this kind is a fact of its own; chance keeps them apart.
    fact = f"{user.pk}:{secrets.token_hex(8)}"
    to = Recipient(email=user.email, name=user.full_name, user=user, language=user.language)
    queue(kind, to=to, about=("account", fact), context={"user": user, **context}, priority=1, **rest)
