"""Who asks at the API: a program with a token of a post, or a person with the session of the pages.

Both end in the same `request.who`, made before the view runs; views of the API never ask for
`request.user`. A lost, revoked or expired token is a stranger's.
"""

import time
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.throttling import SimpleRateThrottle

from .middleware import client_address
from .models import ApiToken, Post
from .scope import Who, second_factor_of, today, under_post
from .services.people import digest_of

#: The use of a token is written down no more often than this.
USED_EVERY = timedelta(minutes=1)


def who_of_token(token: str, *, address: str = "", request_id: str = "") -> Who | None:
    """The person under the token's post, or None for whatever is not valid today."""
    row = ApiToken.objects.filter(digest=digest_of(token), revoked_at=None, expires_on__gte=today()).first()
    if row is None:
        return None
    post = (
        Post.objects.on(today())
        .filter(pk=row.post_id, user__is_active=True)
        .annotate(second_factor=second_factor_of("user"))
        .select_related("territory", "organisation__territory", "user")
        .first()
    )
    if post is None:
        return None
    who = under_post(post, address=address, request_id=request_id)
    if not who.may_enter:
        return None
    now = timezone.now()
    if row.last_used_at is None or row.last_used_at < now - USED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
        ApiToken.objects.filter(stale, pk=row.pk).update(last_used_at=now)
    return who


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer akm_…`; a wrong token is refused, no token is somebody else's business."""

    keyword = "Bearer"

    def authenticate(self, request):
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        plain = request._request
        who = who_of_token(token.strip(), address=client_address(plain), request_id=getattr(plain, "request_id", ""))
        if who is None:
            raise AuthenticationFailed(
                _("This token is not valid: it is unknown, withdrawn or expired, or its post has ended.")
            )
        plain.who = who
        return who.user, token

    def authenticate_header(self, request) -> str:
        return self.keyword


class PageSession(SessionAuthentication):
    """The session of the staff pages, with its protection against forged requests."""


class HoldsPost(BasePermission):
    """The asker holds a post today (and its second factor, where the post needs one)."""

    @property
    def message(self) -> str:
        return _("You hold no post today, or your post asks for a second factor that is not set up.")

    def has_permission(self, request, view) -> bool:
        return bool(request.user and request.user.is_authenticated) and request._request.who.may_enter


class PostRateThrottle(SimpleRateThrottle):
    """So many requests a window for each post (for strangers: each address), counted atomically.

    A window begins at a multiple of its length. `cache.incr` is one step on Redis and in local
    memory, so that fifty requests at once are counted as fifty.
    """

    scope = "post"

    def get_cache_key(self, request, view) -> str:
        who = request._request.who
        asker = f"post:{who.post.pk}" if who.post else f"address:{client_address(request._request)}"
        return f"throttle:{self.scope}:{asker}"

    def allow_request(self, request, view) -> bool:
        if self.rate is None:
            return True
        self.now = time.time()
        window = int(self.now // self.duration)
        key = f"{self.get_cache_key(request, view)}:{window}"
        if cache.add(key, 1, timeout=self.duration + 1):
            return True
        try:
            return cache.incr(key) <= self.num_requests
        except ValueError:  # the window ended between the two steps
            return True

    def wait(self) -> float:
        """Seconds until the next window."""
        return self.duration - self.now % self.duration
