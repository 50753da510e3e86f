"""Summaries of the national desk in Excel."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from territories.models import Territory
from territories.scope import today

from . import rules, services

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def desk_only(view):
    """For posts that read the nation; others are told so."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.reads_desk(request.who):
            raise PermissionDenied(_("The national desk is for the Government and the Administration."))
        return view(request, *args, **kwargs)

    return require_safe(shown)


@desk_only
def coverage_xlsx(request: HttpRequest) -> HttpResponse:
    """The table of the desk, its lines and the missing pairs."""
    return file(request, "coverage", None)


@desk_only
def calendar_xlsx(request: HttpRequest, code: str) -> HttpResponse:
    """The newest version of a region that the reader may see."""
    region = get_object_or_404(Territory.objects.regions(), code=code, valid_to=None)
    return file(request, "calendar", region)


def file(request: HttpRequest, kind: str, region: Territory | None) -> HttpResponse:
    language = get_language() or "kk"
    try:
        data = services.export(kind, request.year, region=region, who=request.who, today=today(), language=language)
    except services.NothingApproved as nothing:
        raise Http404(str(nothing)) from nothing
    where = region.code if region else "kz"
    response = HttpResponse(data, content_type=XLSX)
    name = f"{kind}-{where}-{request.year}-{language}.xlsx"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
