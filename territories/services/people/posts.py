"""Giving and ending posts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from journal.addresses import fold_address
from journal.services import record

from ... import appointments
from ...models import Organisation, Post, PostState, Role, Territory, User
from ...scope import Who
from .letters import send_link, tell_appointed
from .stale import Stale


@transaction.atomic
def invite(
    *,
    email: str,
    full_name: str = "",
    language: str = "kk",
    by: Who,
    today: date,
    **post: Any,
) -> Post:
    """Give a post to whoever has this address, making the account if there is none.

    A new person gets a link with which he sets his password; one who has an account is told of the
    post. The caller cannot tell which of the two it was. Raises what `appoint` raises.
    """
    address = fold_address(email)
    user = User.objects.select_for_update(no_key=True).filter(email=address).first()
    fresh = user is None
    if user is None:
        user = _new_account(address, full_name, language, by)
    given = appoint(user, by=by, today=today, tell=False, **post)
    if fresh or not user.has_usable_password():
        send_link("invitation", user, by=by.actor, scope_path=given.scope_path, post=given)
    else:
        tell_appointed(given)
    return given


def _new_account(address: str, full_name: str, language: str, by: Who) -> User:
    """An account without a password; the one that somebody else made a moment ago is as good."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(address, None, full_name=full_name, language=language)
    except IntegrityError:
        return User.objects.select_for_update(no_key=True).get(email=address)
    record(by.actor, "account.created", user, became={"email": address, "full_name": full_name})
    return user


@transaction.atomic
def appoint(
    user: User,
    *,
    role: str,
    territory: Territory | None = None,
    organisation: Organisation | None = None,
    valid_from: date,
    valid_to: date | None = None,
    title: str = "",
    document: str = "",
    by: Who,
    today: date,
    tell: bool = True,
) -> Post:
    """Give a post. Days are civil days of Kazakhstan; the last one still counts.

    Raises PermissionDenied outside the giver's own scope, ValidationError for a place, a day or an
    account that does not fit.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not appointments.may_appoint(by, role, territory or organisation):
        raise PermissionDenied(_("You may not give this post."))
    if not user.is_active:
        raise ValidationError(_("This account is closed. Ask the administrator to open it again."))
    appointments.check_place(role, territory, organisation)
    appointments.check_days(valid_from, valid_to, today=today)
    same = Post.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=valid_from),
        Q() if valid_to is None else Q(valid_from__lte=valid_to),
        user=user,
        role=role,
        territory=territory,
        organisation=organisation,
        closed_on=None,
    )
    if same.exists():
        raise ValidationError(_("The person already holds this post in these days."))
    post = Post.objects.create(
        user=user,
        role=role,
        territory=territory,
        organisation=organisation,
        valid_from=valid_from,
        valid_to=valid_to,
        title=title,
        document=document,
        appointed_by=by.user,
    )
    record(by.actor, "post.given", post, became=_of_post(post), reason=document)
    if tell:
        tell_appointed(post)
    return post


@transaction.atomic
def end_post(post: Post, *, last_day: date, reason: str, seen_version: int, by: Who, today: date) -> Post:
    """Set the last day of a post; it counts through that day until midnight in Kazakhstan.

    Raises Stale, PermissionDenied, and ValidationError for a day before today or the post's first,
    or when nobody would remain who administers the installation.
    """
    post = _locked_post(post, seen_version, by)
    if last_day < today:
        raise ValidationError({"last_day": _("This day is past. To end the post at once, withdraw it.")})
    if last_day < post.valid_from:
        raise ValidationError({"last_day": _("The last day comes before the first.")})
    if post.state_on(today) not in (PostState.HELD, PostState.COMING):
        raise ValidationError(_("This post has already ended."))
    if post.role == Role.ADMINISTRATOR:
        keep_an_administrator(without=Q(pk=post.pk), day=last_day + timedelta(days=1))
    was, post.valid_to = post.valid_to, last_day
    return _save_post(post, "post.ended", was={"valid_to": was}, reason=reason, by=by)


@transaction.atomic
def withdraw_post(post: Post, *, reason: str, seen_version: int, by: Who, today: date) -> Post:
    """End a post at once: from this request on it gives no access. Raises as `end_post`."""
    post = _locked_post(post, seen_version, by)
    if not reason.strip():
        raise ValidationError({"reason": _("Write the reason; it stays in the journal.")})
    if post.state_on(today) not in (PostState.HELD, PostState.COMING):
        raise ValidationError(_("This post has already ended."))
    if post.role == Role.ADMINISTRATOR:
        keep_an_administrator(without=Q(pk=post.pk), day=today)
    post.closed_on = today
    return _save_post(post, "post.withdrawn", was={"closed_on": None}, reason=reason, by=by)


def _locked_post(post: Post, seen_version: int, by: Who) -> Post:
    fresh = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    if not appointments.may_end(by, fresh):
        raise PermissionDenied(_("You may not end this post."))
    if fresh.version != seen_version:
        raise Stale(fresh)
    return fresh


def _save_post(post: Post, action: str, *, was: Mapping[str, Any], reason: str, by: Who) -> Post:
    post.version += 1
    post.save(update_fields=["valid_to", "closed_on", "version"])
    record(by.actor, action, post, was=was, became={name: getattr(post, name) for name in was}, reason=reason)
    return post


def keep_an_administrator(*, without: Q, day: date) -> None:
    """Raise ValidationError if nobody but the excepted posts administers the installation on a day."""
    # Two administrators who end each other at once: the second waits here and then reads the truth.
    list(Post.objects.select_for_update(no_key=True).filter(role=Role.ADMINISTRATOR).order_by("pk").values_list("pk"))
    left = Post.objects.on(day).filter(role=Role.ADMINISTRATOR, user__is_active=True).exclude(without)
    if not left.exists():
        raise ValidationError(_("This is the last administrator. Appoint another one first, then repeat this step."))


def _of_post(post: Post) -> dict[str, Any]:
    names = ("role", "territory", "organisation", "valid_from", "valid_to", "title")
    return {"user": post.user} | {name: getattr(post, name) for name in names}


def posts_that_count(user: User, today: date) -> list[Post]:
    """Posts held today or to come: what an account can do now or will be able to."""
    posts = Post.objects.filter(user=user).select_related("territory", "organisation__territory", "user")
    return list(posts.on(today) | posts.coming(today))
