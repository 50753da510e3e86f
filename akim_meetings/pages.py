"""Home page, signs of life, language."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from territories.scope import today

from . import dashboards, readiness


@login_not_required
def front(request: HttpRequest) -> HttpResponse:
    """The bare address leads to the public pages in the reader's language."""
    return redirect(f"/{get_language()}/")


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie, and on the account of whoever is logged in."""
    language = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.HTTPS,
        )
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What must I do now? The cards of the reader's post."""
    return render(request, "home.html", dashboards.cards(request, today()))


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"alive": True})


@login_not_required
@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything is at work (`readiness`); 503 names what is not, without details."""
    wrong = readiness.findings()
    return JsonResponse({"ready": not wrong, "wrong": wrong}, status=503 if wrong else 200)
