"""The site with two addresses more, which exist in the benchmark only: what the pages are compared with."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from akim_meetings.urls import handler400, handler403, handler404, handler500
from akim_meetings.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def one_trivial_query() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """A staff page without content: log-in, scope, menu and pickers as on every page, one query of its own."""
    one_trivial_query()
    return render(request, "base_staff.html")


@require_GET
def bare(request: HttpRequest) -> HttpResponse:
    """The same without a template."""
    one_trivial_query()
    return HttpResponse("1")


urlpatterns = [
    path("staff/trivial/", page, name="trivial"),
    path("staff/bare/", bare, name="bare"),
    *site,
]
