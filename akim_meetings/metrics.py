"""/metrics: figures for Prometheus. What the database knows is counted at the reading; requests by each process.

gunicorn's processes share one folder (`gunicorn.conf.py`), so any of them answers for all. Only this machine may read,
or whoever brings the word of METRICS_TOKEN; others find nothing here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from deadlines.models import Duty
from journal.models import Heartbeat, Seal
from journal.queries import outbox_health
from reporting.exports.models import ExportJob
from territories.scope import today

from . import readiness

REQUESTS = Histogram(
    "akim_request_seconds",
    "Time to answer, by room of the program",
    ["room", "method", "status"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15),
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
LOCAL = {"127.0.0.1", "::1"}


class MetricsMiddleware:
    """Times every answer, also those that other middlewares give."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        room = (match.namespace or match.url_name or "other") if match else "kept or unknown"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(room, method, f"{response.status_code // 100}xx").observe(time.perf_counter() - begun)
        return response


class State(Collector):
    """What the database knows at this moment."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = timezone.now()
        wrong = set(readiness.findings())
        found = GaugeMetricFamily("akim_wrong", "1 where something is wrong (the words of /readyz)", labels=["what"])
        for word in readiness.WORDS:
            found.add_metric([word], float(word in wrong))
        yield found
        if "database" in wrong:
            return
        ages = GaugeMetricFamily("akim_job_age_seconds", "Since a job of the timetable last finished", labels=["job"])
        for name, at in Heartbeat.objects.values_list("name", "finished_at"):
            ages.add_metric([name], (now - at).total_seconds())
        yield ages
        health = outbox_health()
        letters = GaugeMetricFamily("akim_letters", "Letters of the outbox", labels=["state"])
        for state, number in health.by_state.items():
            letters.add_metric([state], number)
        yield letters
        waiting = (now - health.oldest_due).total_seconds() if health.oldest_due else 0
        yield gauge("akim_oldest_letter_seconds", "How long the oldest letter that is due has waited", waiting)
        late = Duty.objects.waiting().filter(late_after__lt=today()).count()
        yield gauge("akim_duties_late", "Duties past their day under every reading, not met", late)
        jobs = GaugeMetricFamily("akim_exports", "Exports that were asked for", labels=["state"])
        for state, number in ExportJob.objects.order_by().values_list("state").annotate(number=Count("pk")):
            jobs.add_metric([state], number)
        yield jobs
        seal = Seal.objects.last()
        yield gauge("akim_journal_sealed_entry", "The last entry of the journal under a seal", seal.last if seal else 0)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_database_size(current_database())")
                yield gauge("akim_database_bytes", "Size of the database", cursor.fetchone()[0])


def gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


@login_not_required
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as Prometheus reads them; 404 for whoever may not."""
    if not may_read(request):
        raise Http404
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
        counted = generate_latest(registry)
    else:
        counted = generate_latest(REGISTRY)
    state = CollectorRegistry()
    state.register(State())
    return HttpResponse(counted + generate_latest(state), content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN:
        return constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")
    return request.META.get("REMOTE_ADDR") in LOCAL and "X-Forwarded-For" not in request.headers
