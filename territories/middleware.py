"""Puts `request.who` on every request: the account, its current post, and from where."""

import uuid

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from .scope import Who, posts_of, today


def client_address(request) -> str:
    """The address that the last trusted proxy saw; headers of untrusted hops are ignored."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return hops[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR", "")


def who_of(request) -> Who:
    address, request_id = client_address(request), request.request_id
    if not request.user.is_authenticated:
        return Who(address=address, request_id=request_id)
    posts = posts_of(request.user, today())
    chosen = request.session.get("post")
    post = next((p for p in posts if p.pk == chosen), posts[0] if posts else None)
    return Who(user=request.user, post=post, address=address, request_id=request_id)


class WhoMiddleware:
    """`request.who` is read afresh on each request, so that a lost post is lost at once."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = uuid.uuid4().hex
        request.who = SimpleLazyObject(lambda: who_of(request))
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        return response
