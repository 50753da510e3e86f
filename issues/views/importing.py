"""Requests from a table: the file is looked at, shown row by row, and taken in whole or not at all."""

from __future__ import annotations

import csv
import io

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from calendars.models import Meeting
from calendars.workbook import guard
from territories.downloads import download
from territories.models import Territory
from territories.scope import today

from .. import importing, services
from ..forms.requests import MeetingChoice
from ..models import StoredFile
from ..services.files import CSV, XLSX, Checked
from .page import done, found, require_office, require_reader, unit_of
from .requests import meetings_of, office_of

#: Rows that the preview shows.
ROWS_SHOWN = 100


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Table (XLSX or CSV)"),
        max_length=200,
        help_text=gettext_lazy("Columns by their headings: day, channel, what is asked; place, topic and others."),
    )
    meeting = MeetingChoice(label=gettext_lazy("For the meeting"), queryset=Meeting.objects.none(), required=False)


def own_office(request: HttpRequest) -> Territory:
    require_reader(request.who)
    office = office_of(unit_of(request))
    require_office(request.who, office)
    return office


@require_http_methods(["GET", "POST"])
def request_import(request: HttpRequest) -> HttpResponse:
    """Bring a table; what the guard lets through is kept and shown."""
    office = own_office(request)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(data, files)
    form.fields["meeting"].queryset = meetings_of(office, request.who)
    context = {"title": _("Requests from a table"), "form": form, "office": office, "findings": []}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        inspection = guard.inspect(file, file.name)
        if inspection.ok:
            kind = CSV if inspection.kind == "csv" else XLSX
            name = services.shown_name(file.name, kind)
            checked = Checked(inspection.content, kind, name)
            row = services.store_sheet(checked, unit=office, by=request.who)
            meeting = form.cleaned_data["meeting"]
            query = f"?meeting={meeting.pk}" if meeting else ""
            return HttpResponseRedirect(reverse("issues:request_preview", args=[row.pk]) + query)
        context["findings"] = inspection.findings.shown
    status = 422 if request.method == "POST" else 200
    return render(request, "issues/request_import.html", context, status=status)


@require_http_methods(["GET", "POST"])
def request_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would enter; POST enters it."""
    require_reader(request.who)
    row = found(StoredFile.objects.sheets_of(request.who).select_related("unit"), pk)
    office = row.unit
    require_office(request.who, office)
    given = request.GET.get("meeting", "")
    meeting = None
    if given.isascii() and given.isdigit() and len(given) < 19:
        meeting = meetings_of(office, request.who).filter(pk=int(given)).first()
    seen = importing.preview(services.open_sheet(row), row.shown_name, office=office, meeting=meeting, today=today())
    problem = ""
    if request.method == "POST" and seen.may_be_taken:
        try:
            with transaction.atomic():
                count = importing.take(seen, office=office, today=today(), by=request.who)
                services.empty_sheet(row, by=request.who)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            words = ngettext("%(count)s request is taken in.", "%(count)s requests are taken in.", count)
            query = f"?meeting={meeting.pk}" if meeting else ""
            return done(request, words % {"count": count}, reverse("issues:requests") + query)
    shown = sorted(seen.rows, key=lambda each: each["number"] not in seen.errors)[:ROWS_SHOWN]
    context = {
        "title": row.shown_name,
        "office": office,
        "meeting": meeting,
        "seen": seen,
        "findings": seen.findings.shown,
        "rows": [(each, seen.errors.get(each["number"], [])) for each in shown],
        "file_errors": seen.errors.get(0, []),
        "problem": problem,
        "more": max(0, len(seen.rows) - ROWS_SHOWN),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "issues/request_preview.html", context, status=status)


@require_GET
def request_template(request: HttpRequest) -> HttpResponse:
    """An empty table with the headings, as CSV that Excel opens."""
    require_reader(request.who)
    language = "ru" if get_language() == "ru" else "kk"
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow([column.headings[language] for column in importing.template().columns])
    return download(("\ufeff" + out.getvalue()).encode(), name="requests.csv", content_type="text/csv; charset=utf-8")
