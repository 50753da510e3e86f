"""Home page, signs of life, language."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST
from kombu.exceptions import OperationalError

from journal.models import Heartbeat
from journal.queries import outbox_health
from law.workdays import years_available
from territories.scope import today

from . import celery_app, dashboards

#: A letter that is due and waits longer than this is a fault.
OLDEST_LETTER = timedelta(minutes=10)


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


def stuck_letters() -> list[str]:
    """Letters that should have left long ago, that stay in doubt, or an outbox that is held."""
    health = outbox_health()
    late = health.oldest_due is not None and timezone.now() - health.oldest_due > OLDEST_LETTER
    found = {"letters": late, "doubt": bool(health.overdue_doubt), "outbox_held": bool(health.closed_by)}
    return [name for name, wrong in found.items() if wrong]


@login_not_required
@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker and timetable are at work; 503 names what is not, without details."""
    wrong: list[str] = []
    try:
        beats = {beat.name: beat.finished_at for beat in Heartbeat.objects.all()}
        wrong += dashboards.still_jobs(beats, timezone.now())
        wrong += stuck_letters()
    except DatabaseError:
        wrong.append("database")
    try:
        with celery_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=0, timeout=2)
    except (OSError, OperationalError):
        wrong.append("broker")
    if today().year + 1 not in years_available():
        wrong.append("days")
    return JsonResponse({"ready": not wrong, "wrong": wrong}, status=503 if wrong else 200)
