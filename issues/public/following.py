"""Follow an issue or a place by mail, without an account: a form, a letter with a link, a button to end it."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from calendars.public import above, unit_or_404
from territories.middleware import client_address
from territories.models import Territory
from territories.scope import Who

from .. import flood, services
from ..models import Issue, Request
from ..models.requests import CODE_LENGTH
from .issue import public_issue
from .words import pair


class FollowForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    consent = forms.BooleanField(
        label=gettext_lazy("I agree that my address is kept, encrypted, for these letters until I end them")
    )
    #: People do not see it; programs fill everything.
    website = forms.CharField(required=False, max_length=200)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave the field “website” empty and send again."))
        return ""


def open_page(view):
    """Open to everybody, kept by nobody, blind to who is logged in."""

    def shown(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        request.who = Who()  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return login_not_required(never_cache(require_http_methods(["GET", "HEAD", "POST"])(shown)))


@open_page
def follow_issue(request: HttpRequest, code: str) -> HttpResponse:
    return follow(request, public_issue(code))


@open_page
def follow_unit(request: HttpRequest, code: str) -> HttpResponse:
    return follow(request, unit_or_404(code))


def follow(request: HttpRequest, thing: Issue | Territory) -> HttpResponse:
    """The form; sent, it says the same whoever follows already. Too many from one network or to one address: 429."""
    context = about(thing)
    if request.method != "POST":
        return render(request, "public/follow.html", context | {"form": FollowForm()})
    form = FollowForm(request.POST)
    if not form.is_valid():
        return render(request, "public/follow.html", context | {"form": form}, status=422)
    email = form.cleaned_data["email"]
    now = timezone.now()
    seconds = flood.wait_to_follow(client_address(request), services.digest_of(email), now)
    if seconds:
        form.add_error(None, _("Too many letters were asked for. Try again in an hour."))
        response = render(request, "public/follow.html", context | {"form": form}, status=429)
        response["Retry-After"] = str(seconds)
        return response
    question = Request.objects.filter(code=request.GET.get("question", "")[:CODE_LENGTH]).first()
    services.follow(thing, email=email, language=get_language() or "kk", now=now, question=question)
    return render(request, "public/follow_sent.html", context | {"email": email, "days": settings.UNCONFIRMED_DAYS})


def about(thing: Issue | Territory) -> dict:
    """What the pages of following call the thing, and the way back to it."""
    if isinstance(thing, Issue):
        return {
            "name": services.name_of(thing),
            "text": pair(thing, "text"),
            "back": reverse("public:issue", args=[thing.code]),
            "above": [*above(thing.place), thing.place],
        }
    back = reverse("public:unit", args=[thing.code])
    return {"name": thing.name(), "text": None, "back": back, "above": [*above(thing), thing]}


@open_page
def following(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link in every letter: confirm, or end it. A look alone changes nothing, as programs look too."""
    row = services.found(token)
    if row is None:
        raise Http404(_("There is no such subscription. It may have been ended."))
    thing = row.issue or row.unit
    assert thing is not None
    context = about(thing) | {"token": token}
    if request.method == "POST" and request.POST.get("what") == "end":
        services.unfollow(row)
        return render(request, "public/following.html", context | {"state": "ended"})
    if request.method == "POST":
        services.confirm(row, now=timezone.now())
        return render(request, "public/following.html", context | {"state": "confirmed", "just": True})
    state = "confirmed" if row.confirmed_at else "waiting"
    return render(request, "public/following.html", context | {"state": state})
