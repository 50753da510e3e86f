"""What I owe, in my calendar program: addresses to make and end, and the feed itself."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from territories.scope import Who, posts_of, today, under_post

from ..ics import CONTENT_TYPE, duties_text
from ..models import Duty, DutyFeed
from ..services.feeds import end_duty_feed, make_duty_feed
from ..wording import described_all
from .tabs import FEED, tabs

#: What was due longer ago stands in the ledger; the feed keeps to what can still be done.
DAYS_BACK, DAYS_AHEAD = dt.timedelta(days=60), dt.timedelta(days=400)
#: More entries than that no calendar program shows in a useful way.
MOST_ENTRIES = 1000
#: A reading of a secret address is written down once in so many minutes.
READ_NOTED = dt.timedelta(minutes=10)


@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: HttpRequest) -> HttpResponse:
    """One's own addresses; POST makes another."""
    if request.method == "POST":
        try:
            make_duty_feed(by=request.who)
        except ValidationError as wrong:
            messages.error(request, " ".join(wrong.messages))
        else:
            messages.success(
                request, _("The address is ready. Keep it to yourself: whoever knows it reads your duties.")
            )
        return redirect("deadlines:feed")
    mine = DutyFeed.objects.filter(post=request.who.post, revoked_at=None)
    context = {
        "links": [(link, settings.SITE_URL + reverse("duty_feed", args=[link.secret])) for link in mine],
        "tabs": tabs(request.who, FEED),
    }
    return render(request, "deadlines/remind/feed.html", context)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an address of one's own; another's does not exist."""
    link = get_object_or_404(DutyFeed, pk=pk, post=request.who.post, post__isnull=False)
    end_duty_feed(link, by=request.who)
    messages.success(request, _("The address has ended."))
    return redirect("deadlines:feed")


@login_not_required
@require_safe
def ics(request: HttpRequest, secret: str) -> HttpResponse:
    """What the post owes itself, in the language of its holder, while he holds it and has not revoked the address."""
    link = DutyFeed.objects.filter(secret=secret, revoked_at=None).select_related("post__user").first()
    who = None
    if link is not None and link.post.user.is_active:
        held = {post.pk: post for post in posts_of(link.post.user, today())}
        who = under_post(held[link.post_id]) if link.post_id in held else None
    if link is None or who is None or not who.may_enter:
        raise Http404(_("There is no such feed. Its address may have been ended; make a new one on the page of feeds."))
    now = timezone.now()
    if link.last_read_at is None or now - link.last_read_at > READ_NOTED:
        DutyFeed.objects.filter(pk=link.pk).update(last_read_at=now)
    language = link.post.user.language
    with translation.override(language):
        rows = described_all(owed_by(who, today())[:MOST_ENTRIES], language, reader=who)
        data = duties_text(_("Duties: %(post)s") % {"post": who.post}, rows, language=language, now=now)
    response = HttpResponse(data, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = 'inline; filename="duties.ics"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def owed_by(who: Who, day: dt.date) -> QuerySet[Duty]:
    """What the post's own unit or body owes and has not done, by its day; not what the units below owe."""
    rows = Duty.objects.visible_to(who).waiting()
    if who.post is not None and who.post.territory_id:
        rows = rows.filter(debtor=who.post.territory_id)
    elif who.post is not None and who.post.organisation_id:
        rows = rows.filter(body=who.post.organisation_id)
    else:
        rows = rows.filter(body__kind="government") if who.role == "government" else rows.none()
    rows = rows.filter(due_on__range=(day - DAYS_BACK, day + DAYS_AHEAD))
    return rows.select_related("debtor", "body", "counting").order_by("due_on", "pk")
