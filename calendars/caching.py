"""Pages and files that are the same for everybody, and may be kept by whoever stands between."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from territories.scope import Who

#: How long a made file is remembered; its tag changes with whatever it is made of.
KEPT_SECONDS = 3600
View = Callable[..., HttpResponse]


def for_everybody(*, seconds: int) -> Callable[[View], View]:
    """Open without log-in and blind to it: nobody's session is looked at, kept for so many seconds."""

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.who = Who()  # type: ignore[attr-defined]
            # The messages of a person who is logged in would make the page his own.
            if hasattr(request, "_messages"):
                del request._messages
            response = view(request, *args, **kwargs)
            # The middleware looked whether somebody is logged in; the page does not depend on the answer.
            if not request.session.modified:
                request.session.accessed = False
            response["Cache-Control"] = f"public, max-age={seconds}"
            patch_vary_headers(response, ["Accept-Encoding"])
            return response

        return login_not_required(require_safe(shown))

    return decorate


def answer(request: HttpRequest, tag: str, make: Callable[[], HttpResponse], *, keep: bool = False) -> HttpResponse:
    """304 if the reader has this very page already, else the page with its tag.

    `keep` remembers what was made for an hour: for files that are dear to make and asked for often.
    """
    response = get_conditional_response(request, etag=tag)
    if response is None and keep:
        name = f"made:{tag}"
        kept = cache.get(name)
        if kept is None:
            made = make()
            kept = (made.content, dict(made.items()))
            cache.set(name, kept, KEPT_SECONDS)
        content, headers = kept
        response = HttpResponse(content, headers=headers)
    response = response or make()
    response["ETag"] = tag
    return response
