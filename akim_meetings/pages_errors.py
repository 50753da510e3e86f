"""What a person sees when a request cannot be answered.

These pages ask neither the database nor the session, because either may be what is broken: they are
rendered without context processors, in the language that the middleware has already chosen.
"""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

# Shown when even the page of the error cannot be made; all three languages at once.
LAST_WORDS = (
    "<!doctype html><html lang=kk><meta charset=utf-8><title>500</title>"
    "<p>Серверде қате болды. Сәл кейінірек қайталап көріңіз."
    "<p lang=ru>На сервере произошла ошибка. Повторите немного позже."
    "<p lang=en>The server failed. Try again a little later."
)
RETRY_AFTER_SECONDS = 30


def _answer(request: HttpRequest, status: int, reason: str = "") -> HttpResponse:
    """The page of this status; for htmx only the sentence, which the page shows as a toast."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(reason, status=status, content_type="text/plain; charset=utf-8")
    try:
        page: str = render_to_string(f"errors/{status}.html", {"reason": reason, "path": request.path})
    except Exception:
        # A broken installation (missing static files, template) must not hide the first error.
        page = LAST_WORDS
    return HttpResponse(page, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400)


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403; the sentence that `PermissionDenied("…")` was raised with is shown."""
    return _answer(request, 403, str(exception or ""))


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that is too old or came from elsewhere. Django's own reason is for developers."""
    if request.headers.get("HX-Request") == "true":
        return _answer(
            request, 403, _("This page is too old. Reload it and repeat; what you typed can be copied first.")
        )
    return HttpResponse(render_to_string("errors/403_csrf.html", {"path": request.path}), status=403)


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404)


@login_not_required
def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 429)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is what does not answer: the same request may succeed soon."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return _answer(request, 500)


@login_not_required
def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    response = _answer(request, 503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
