"""The site with the style page and with pages that fail, as a browser of the tests sees them."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from akim_meetings import pages_errors, pages_styleguide
from akim_meetings.urls import handler400, handler403, handler404, handler500  # noqa: F401
from akim_meetings.urls import urlpatterns as site


@login_not_required
def fail(request: HttpRequest, how: str) -> HttpResponse:
    raise {
        "bug": RuntimeError("a bug"),
        "database": OperationalError("connection refused"),
        "denied": PermissionDenied("Бұл күнтізбе бекітілген."),
        "damaged": SuspiciousOperation("damaged"),
    }[how]


@login_not_required
def accept(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("staff/styleguide/", pages_styleguide.styleguide),
    path("fail/<slug:how>/", fail),
    path("accept/", accept),
    path("busy/", pages_errors.too_many_requests),
    *site,
]
