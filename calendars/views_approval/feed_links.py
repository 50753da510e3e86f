"""Addresses of feeds: the public ones to hand on, and one's own secret ones to make and end."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import rules
from ..models import FeedLink
from ..services.feeds import end_feed, make_feed


@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """Addresses for the chosen unit; POST makes a secret one for the draft."""
    who, unit = request.who, request.unit
    if request.method == "POST":
        if unit is None:
            raise Http404(_("Choose a unit first."))
        try:
            make_feed(unit, by=who)
        except ValidationError as wrong:
            messages.error(request, " ".join(wrong.messages))
        else:
            messages.success(request, _("The address is ready. Whoever knows it reads the draft: keep it to yourself."))
        return redirect("calendars:feeds")
    mine = FeedLink.objects.filter(post=who.post, revoked_at=None).select_related("territory")
    context = {
        "unit": unit,
        "public": absolute(reverse("feeds:public", args=[unit.code])) if unit else "",
        "links": [(link, absolute(reverse("feeds:secret", args=[link.secret]))) for link in mine],
        "may_make": rules.reads_rows(who) and who.post is not None and unit is not None,
    }
    return render(request, "approval/feeds.html", context)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an address of one's own; another's does not exist."""
    link = get_object_or_404(FeedLink, pk=pk, post=request.who.post, post__isnull=False)
    end_feed(link, by=request.who)
    messages.success(request, _("The address has ended."))
    return redirect("calendars:feeds")


def absolute(path: str) -> str:
    return settings.SITE_URL + path
