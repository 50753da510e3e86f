"""The maslikhat acknowledges by the link in its letter, without an account.

Opening shows, the button acknowledges: scanners of mail open every link. Whoever has the link has
the secret, so the form needs no cookie; nothing of the address leaves this page.
"""

from __future__ import annotations

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from territories.downloads import download
from territories.scope import Who

from .. import rules
from ..difference import Difference, lines
from ..exporting import workbook_of_version
from ..forms.approval import AcknowledgeForm
from ..ics import version_ics
from ..letters import XLSX, contact, file_name
from ..models import MaslikhatNotice
from ..services import notify
from ..services.notify import LinkIsDead, LinkState

LANGUAGES = ("kk", "ru", "en")
#: States in which the link still shows what was approved.
SHOWING = (LinkState.OPEN, LinkState.ACKNOWLEDGED, LinkState.SUPERSEDED)


def secret_page(view):
    """A page whose address is a secret: kept by nobody, told to nobody, in the language that was asked for."""

    @wraps(view)
    def shown(request: HttpRequest, token: str, **kwargs) -> HttpResponse:
        asked = request.GET.get("lang", "")
        language = asked if asked in LANGUAGES else get_language() or "kk"
        with translation.override(language):
            response = view(request, found(token), **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Content-Language"] = language
        return response

    return login_not_required(csrf_exempt(shown))


def found(token: str) -> MaslikhatNotice:
    """The row behind the link; an altered link is answered like one that never was."""
    row = notify.find(token) if len(token) < 100 else None
    if row is None:
        raise Http404(_("There is no such notice. Open the link from the letter once more, whole."))
    return row


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, row: MaslikhatNotice) -> HttpResponse:
    if request.method == "POST":
        return acknowledge(request, row)
    return page(request, row, AcknowledgeForm())


def acknowledge(request: HttpRequest, row: MaslikhatNotice) -> HttpResponse:
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        return page(request, row, form, status=422)
    # The link acts for the maslikhat whoever is logged in beside it; the account is only written down.
    user = request.user if request.user.is_authenticated else None
    by = Who(user=user, address=request.who.address, request_id=request.who.request_id)
    try:
        row, _fresh = notify.acknowledge(row, **form.cleaned_data, by=by, now=timezone.now())
    except LinkIsDead:
        return page(request, row, form, status=410)
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return page(request, row, form, status=422)
    return page(request, row, AcknowledgeForm())


def page(request: HttpRequest, row: MaslikhatNotice, form: AcknowledgeForm, status: int = 200) -> HttpResponse:
    state = notify.link_state(row, timezone.now())
    version = row.version
    newer = notify.newer(version)
    context = {
        "row": row,
        "token": request.resolver_match.kwargs["token"],
        "state": state,
        "shows": state in SHOWING,
        "version": version,
        "region": version.calendar.region,
        "newer": newer,
        "lines": lines(Difference.restored(version.difference)) if state in SHOWING else [],
        "contact": contact(newer or version),
        "form": form,
        "own_office": rules.of_region(request.who, version.calendar),
    }
    return render(request, "ack/notice.html", context, status=status)


@secret_page
@require_GET
def workbook(request: HttpRequest, row: MaslikhatNotice) -> HttpResponse:
    showing_or_404(row)
    language = get_language() or "kk"
    data = workbook_of_version(row.version, language)
    return download(data, name=f"{file_name(row.version)}.xlsx", content_type=XLSX)


@secret_page
@require_GET
def ics(request: HttpRequest, row: MaslikhatNotice) -> HttpResponse:
    showing_or_404(row)
    data = version_ics(row.version, get_language() or "kk")
    return download(data, name=f"{file_name(row.version)}.ics", content_type="text/calendar; charset=utf-8")


def showing_or_404(row: MaslikhatNotice) -> None:
    if notify.link_state(row, timezone.now()) not in SHOWING:
        raise Http404(_("This link has ended; its files are no longer handed out."))
