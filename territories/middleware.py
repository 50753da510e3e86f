"""Who asks: `request.who` on every request, the doors closed to whoever may not enter, the age of sessions."""

import time
import uuid

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject

from journal import context

from .scope import Who, posts_of, today, under_post

#: Where the session keeps the chosen post and unit.
POST_KEY, UNIT_KEY = "post", "unit"
#: When the session began and was last seen, in seconds since 1970.
BEGAN_KEY, SEEN_KEY = "began", "seen"
#: Pages of one person, which no cache on the way may keep.
PRIVATE = ("/staff/", "/accounts/", "/api/")
#: Activity is written down no more often than this.
SEEN_EVERY_SECONDS = 60


def client_address(request) -> str:
    """The address that the last trusted proxy saw; headers of untrusted hops are ignored."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return hops[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR", "")


def who_of(request) -> Who:
    """The person of a session under his chosen post; without a choice, under the newest."""
    place = {"address": client_address(request), "request_id": request.request_id}
    if not request.user.is_authenticated:
        return Who(**place)
    posts = posts_of(request.user, today())
    chosen = request.session.get(POST_KEY)
    post = next((p for p in posts if p.pk == chosen), posts[0] if posts else None)
    if post is None:
        return Who(user=request.user, **place)
    return under_post(post, others=tuple(other for other in posts if other is not post), **place)


class WhoMiddleware:
    """`request.who` is read afresh on each request, so that a lost post is lost at once.

    A person without a post is told so on every staff page; one whose post asks for a second factor
    is led to set it up. Requests of the API with a token get their `request.who` from the token
    (`territories.tokens`), before any view runs.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = uuid.uuid4().hex
        context.request_id.set(request.request_id)
        request.who = SimpleLazyObject(lambda: who_of(request))
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        if request.path_info.startswith(PRIVATE) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if request.resolver_match.route.startswith("accounts/") or request.who.may_enter:
            return None
        if request.who.must_set_up_second_factor:
            return go_to(request, "mfa_activate_totp")
        return render(request, "territories/people/no_post.html", status=403)


def go_to(request, name: str) -> HttpResponse:
    """A redirection of the whole page, also when only a piece of it was asked for."""
    answer = redirect(name)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
    return answer


class SessionAgeMiddleware:
    """Ends a session that is too old or was idle too long, and writes down its activity once a minute."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Without the cookie the session is not even looked at: public pages stay cacheable.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self.look_at(request)
        return self.get_response(request)

    def look_at(self, request) -> None:
        now = int(time.time())
        began = request.session.setdefault(BEGAN_KEY, now)
        seen = request.session.get(SEEN_KEY, 0)
        if now - began > settings.SESSION_LONGEST_SECONDS or (seen and now - seen > settings.SESSION_IDLE_SECONDS):
            logout(request)
        elif now - seen >= SEEN_EVERY_SECONDS and request.user.is_authenticated:
            request.session[SEEN_KEY] = now
            UserSession.objects.create_from_request(request)
