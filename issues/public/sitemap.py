"""What search engines may read, and where it is: a map of the public pages for each region."""

from __future__ import annotations

from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override

from calendars import published
from calendars.caching import answer, for_everybody
from calendars.models import Meeting, VersionRow
from calendars.public import unit_or_404
from territories.models import Territory
from territories.scope import today

from . import facts

MAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
LANGUAGES = ("kk", "ru", "en")
#: Addresses in one map, as its standard allows: three languages of each page, told once each.
MOST = 16_000
map_page = for_everybody(seconds=3600)


@map_page
def robots(request: HttpRequest) -> HttpResponse:
    """Public pages are for everybody; what lies behind a log-in or a secret address is for no robot."""
    closed = (
        "/staff/",
        "/accounts/",
        "/ack/",
        "/feeds/duties/",
        "/api/",
        "/*/following/",
        "/*/ask/",
        "/*/issues/*/not-solved/",
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@map_page
def index(request: HttpRequest) -> HttpResponse:
    """One map a region."""
    codes = list(Territory.objects.regions().filter(valid_to=None).order_by("code").values_list("code", flat=True))

    def make() -> HttpResponse:
        parts = "".join(
            f"<sitemap><loc>{settings.SITE_URL}/sitemap-{escape(code)}.xml</loc></sitemap>" for code in codes
        )
        return xml(f"<sitemapindex {MAP}>{parts}</sitemapindex>")

    return answer(request, published.etag("sitemap", codes), make)


@map_page
def region(request: HttpRequest, code: str) -> HttpResponse:
    """Pages of a region that say something: places with meetings or issues, meetings that were told, issues."""
    unit = unit_or_404(code)
    versions = list(published.newest_versions(unit).filter(calendar__year__gte=today().year - 1))
    issues = facts.issues_of(unit)
    counts = facts.standing(issues, today())
    announced = Meeting.objects.filter(calendar__region=unit, announced_on__isnull=False, state__in=facts.TOLD)
    meetings = list(announced.order_by("-date").values_list("pk", flat=True)[:MOST])
    tag = published.versions_tag(versions, "sitemap", unit.pk, counts, meetings, today())

    def make() -> HttpResponse:
        rows = VersionRow.objects.filter(version__in=versions).values_list("place__code", flat=True)
        codes = {*rows.distinct(), *issues.order_by().values_list("place__code", flat=True).distinct(), code}
        pages: list[tuple[str, object]] = [("public:home", None), ("public:central", None), ("public:region", code)]
        pages += [("public:unit", place) for place in sorted(codes)]
        pages += [("public:meeting", pk) for pk in meetings]
        pages += [("public:issue", found) for found in issues.values_list("code", flat=True)[:MOST]]
        return xml(f"<urlset {MAP}>{''.join(entry(*page) for page in pages[:MOST])}</urlset>")

    return answer(request, tag, make)


def entry(name: str, argument: object) -> str:
    """A page with its other languages."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = settings.SITE_URL + reverse(name, args=[] if argument is None else [argument])
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{escape(address)}"/>'
        for language, address in found.items()
    )
    return "".join(f"<url><loc>{escape(address)}</loc>{links}</url>" for address in found.values())


def xml(body: str) -> HttpResponse:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
