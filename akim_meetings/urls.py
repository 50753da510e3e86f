"""The site map on one screen."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from deadlines.views_remind.feed import ics as duties_ics
from issues.public import sitemap

from . import metrics, operations, pages

urlpatterns = [
    path("", pages.front, name="front"),
    path("language/", pages.set_language, name="set_language"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-<slug:code>.xml", sitemap.region, name="sitemap_region"),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("accounts/", include("territories.urls_accounts")),
    path("staff/", pages.home, name="home"),
    path("staff/operations/", operations.operations, name="operations"),
    path("staff/operations/training/", operations.make_copy, name="operations_make_copy"),
    path("staff/operations/training.jsonl.gz", operations.training_copy, name="operations_copy"),
    path("staff/operations/<int:pk>/retry/", operations.retry, name="operations_retry"),
    path("staff/operations/<int:pk>/put-aside/", operations.put_aside, name="operations_put_aside"),
    path("staff/calendar/", include("calendars.urls")),
    path("staff/duties/", include("deadlines.urls")),
    path("staff/act/", include("deadlines.urls_act")),
    path("staff/units/", include("territories.urls")),
    path("staff/people/", include("territories.urls_people")),
    path("staff/mail/", include("journal.urls")),
    path("staff/desk/", include("reporting.urls")),
    path("staff/exports/", include("reporting.exports.urls")),
    path("staff/", include("issues.urls")),
    path("feeds/duties/<str:secret>.ics", duties_ics, name="duty_feed"),
    path("feeds/", include("calendars.urls_feeds")),
    path("ack/", include("calendars.urls_ack")),
    path("api/", include("akim_meetings.urls_api")),
]
urlpatterns += i18n_patterns(
    path("ask/", include("issues.urls_ask")),
    path("", include("issues.urls_public")),
    path("", include("issues.urls_documents")),
    prefix_default_language=True,
)
if settings.DEBUG:
    from . import pages_styleguide

    urlpatterns.append(path("staff/styleguide/", pages_styleguide.styleguide, name="styleguide"))

handler400 = "akim_meetings.pages_errors.bad_request"
handler403 = "akim_meetings.pages_errors.permission_denied"
handler404 = "akim_meetings.pages_errors.page_not_found"
handler429 = "akim_meetings.pages_errors.too_many_requests"  # asked by allauth
handler500 = "akim_meetings.pages_errors.server_error"
