"""The one scoped door through which files of this room leave."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from territories.downloads import download

from ..models import StoredFile
from .page import found


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file within the reader's scope, always as something to save: never run or drawn inside our pages."""
    if not request.who.may_enter:
        raise Http404
    row = found(StoredFile.objects.visible_to(request.who).handed_out(), pk)
    with row.file.open("rb") as opened:
        return download(opened.read(), name=row.shown_name, content_type=row.content_type)
