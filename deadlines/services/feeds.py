"""Secret addresses of the feed of one's duties: made by the holder of a post, ended by him or with the post."""

from __future__ import annotations

import secrets

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.services import record
from territories.scope import Who

from ..models import DutyFeed

#: Working addresses that one post may have at once.
MOST_FEEDS = 5


@transaction.atomic
def make_duty_feed(*, by: Who) -> DutyFeed:
    """A fresh address for what the post owes. Raises PermissionDenied, ValidationError."""
    if by.post is None:
        raise PermissionDenied(_("Only the holder of a post has duties."))
    if DutyFeed.objects.filter(post=by.post, revoked_at=None).count() >= MOST_FEEDS:
        raise ValidationError(_("You have many addresses already. End one that you no longer use."))
    feed = DutyFeed.objects.create(post=by.post, secret=secrets.token_urlsafe(32))
    record(by.actor, "duty_feed.made", feed, object_text=str(by.post), scope_path=by.post.scope_path)
    return feed


@transaction.atomic
def end_duty_feed(feed: DutyFeed, *, by: Who) -> None:
    """End an address of one's own; said twice, it is ended once."""
    feed = DutyFeed.objects.select_for_update(of=("self",)).select_related("post").get(pk=feed.pk)
    if by.post is None or feed.post_id != by.post.pk:
        raise PermissionDenied(_("Only the post that made an address can end it."))
    if feed.revoked_at is None:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        record(by.actor, "duty_feed.ended", feed, object_text=str(feed.post), scope_path=feed.post.scope_path)
