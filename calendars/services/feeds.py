"""Secret addresses of draft feeds: made by the holder of a post, ended by him or with the post."""

from __future__ import annotations

import secrets

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.services import record
from territories.models import Territory
from territories.scope import Who

from .. import rules
from ..models import FeedLink

#: Working addresses that one post may have at once.
MOST_LINKS = 20


@transaction.atomic
def make_feed(unit: Territory, *, by: Who) -> FeedLink:
    """A fresh address for the draft of a unit that the post covers."""
    if by.post is None or not rules.reads_rows(by) or not by.covers(unit.path):
        raise PermissionDenied(_("Your post reads approved calendars; use the public address."))
    if FeedLink.objects.filter(post=by.post, revoked_at=None).count() >= MOST_LINKS:
        raise ValidationError(_("You have many addresses already. End one that you no longer use."))
    link = FeedLink.objects.create(post=by.post, territory=unit, secret=secrets.token_urlsafe(32))
    record(by.actor, "feed.made", link, object_text=unit.name(), scope_path=unit.path)
    return link


@transaction.atomic
def end_feed(link: FeedLink, *, by: Who) -> None:
    """End an address of one's own; said twice, it is ended once."""
    link = FeedLink.objects.select_for_update(of=("self",)).select_related("territory").get(pk=link.pk)
    if by.post is None or link.post_id != by.post.pk:
        raise PermissionDenied(_("Only the post that made an address can end it."))
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        record(by.actor, "feed.ended", link, object_text=link.territory.name(), scope_path=link.territory.path)
