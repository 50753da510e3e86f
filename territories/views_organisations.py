"""Staff pages of bodies: list, one body with its mailboxes, and both from Excel with a preview."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from journal.dates import fold

from . import rules
from .datasets import dataset_of
from .forms_organisations import BodyFilterForm, BodyForm, MailboxForm, NewBodyForm, TableForm
from .models import Mailbox, Organisation
from .panels import form_answer
from .resources import BODY_COLUMNS, MAILBOX_COLUMNS, BodyResource, MailboxResource, take_in
from .services import bodies
from .sheets import SheetRefused

BODIES_A_PAGE = 50
MOST_BYTES = 5_000_000
#: An uploaded file waits so long for its preview to be confirmed.
UPLOAD_SECONDS = 3600
#: Rows of a preview that the page shows, the wrong ones first; all are counted.
ROWS_SHOWN = 500
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def narrowed(request: HttpRequest, values: dict[str, Any]) -> QuerySet[Organisation]:
    """Bodies that the filters leave, with the mailboxes that this reader may see."""
    seen = Mailbox.objects.visible_to(request.who)
    rows = Organisation.objects.visible_to(request.who).select_related("territory__region")
    for word in fold(values.get("q") or "").split():
        rows = rows.filter(search__contains=word)
    if values.get("kind"):
        rows = rows.filter(kind=values["kind"])
    if values.get("region"):
        rows = rows.filter(territory__path__startswith=values["region"].path)
    here = seen.filter(organisation=OuterRef("pk"), active=True)
    boxes = values.get("boxes")
    if boxes == "yes":
        rows = rows.filter(Exists(here))
    elif boxes == "no":
        rows = rows.filter(~Exists(here))
    elif boxes == "bounced":
        rows = rows.filter(Exists(here.exclude(bounced_at=None)))
    shown = Prefetch("mailboxes", queryset=seen.filter(active=True).order_by("address"), to_attr="shown_boxes")
    return rows.filter(valid_to=None).prefetch_related(shown).order_by("kind", "territory__sort_kk", "name_kk")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    form = BodyFilterForm(request.GET)
    values = form.cleaned_data if form.is_valid() else {}
    page = Paginator(narrowed(request, values), BODIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "may_change": rules.can_change_body(request.who),
        "may_import": may_import_mailboxes(request),
        "sees_boxes": request.who.is_national or request.who.territory is not None,
    }
    return render(request, "territories/bodies.html", context)


def may_import_mailboxes(request: HttpRequest) -> bool:
    return rules.can_change_body(request.who) or request.who.role in rules.REGION_STAFF


def body_of(request: HttpRequest, pk: int) -> Organisation:
    rows = Organisation.objects.visible_to(request.who).select_related("territory", "under")
    return get_object_or_404(rows, pk=pk)


@require_GET
def body(request: HttpRequest, pk: int) -> HttpResponse:
    about = body_of(request, pk)
    boxes = Mailbox.objects.visible_to(request.who).filter(organisation=about).order_by("-active", "address")
    context = {
        "about": about,
        "boxes": boxes,
        "parts": about.parts.filter(valid_to=None).order_by("name_kk"),
        "may_change": rules.can_change_body(request.who),
        "may_edit_boxes": rules.can_edit_mailboxes(request.who, about),
        "sees_boxes": request.who.is_national or (about.territory and request.who.covers(about.territory.path)),
    }
    return render(request, "territories/body.html", context)


def page_of(about: Organisation) -> str:
    return reverse("territories:body", args=[about.pk])


FIELDS = ("name_kk", "name_ru", "name_en", "short_ru", "phone", "website", "valid_to", "note")


@require_http_methods(["GET", "POST"])
def change_body(request: HttpRequest, pk: int) -> HttpResponse:
    about = body_of(request, pk)
    if not rules.can_change_body(request.who):
        raise PermissionDenied(_("Only an administrator enters and changes bodies."))
    form = BodyForm(request.POST or None, initial={name: getattr(about, name) for name in (*FIELDS, "version")})
    return form_answer(
        request,
        form,
        lambda values: bodies.change_body(
            about,
            values={name: values[name] for name in FIELDS},
            by=request.who,
            seen_version=values["version"],
        ),
        title=_("Change the body"),
        lead=_("A name mended here no longer follows the name of its unit.") if about.territory_id else "",
        done=_("The body is saved."),
        back=page_of(about),
    )


@require_http_methods(["GET", "POST"])
def add_body(request: HttpRequest) -> HttpResponse:
    if not rules.can_change_body(request.who):
        raise PermissionDenied(_("Only an administrator enters and changes bodies."))
    form = NewBodyForm(request.POST or None)
    return form_answer(
        request,
        form,
        lambda values: bodies.add_body(
            key=values["key"],
            values={name: values[name] for name in (*FIELDS, "kind", "under")},
            by=request.who,
        ),
        title=_("New body"),
        lead=_("Offices of akims and maslikhats come with their units; enter ministries, agencies and holdings here."),
        done=_("The body is entered."),
        back=reverse("territories:bodies"),
        button=_("Enter"),
    )


# -- Mailboxes ------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def add_mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    about = body_of(request, pk)
    if not rules.can_edit_mailboxes(request.who, about):
        raise PermissionDenied(_("Your post does not change the mailboxes of this body."))
    return mailbox_answer(
        request,
        MailboxForm(request.POST or None),
        lambda values: bodies.add_mailbox(about, values=box_values(values), by=request.who),
        about,
        _("New mailbox"),
    )


@require_http_methods(["GET", "POST"])
def change_mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Mailbox.objects.visible_to(request.who).select_related("organisation__territory")
    box = get_object_or_404(rows, pk=pk)
    if not rules.can_edit_mailbox(request.who, box):
        raise PermissionDenied(_("Your post does not change the mailboxes of this body."))
    initial = {name: getattr(box, name) for name in (*bodies.MAILBOX_FIELDS, "version")}
    return mailbox_answer(
        request,
        MailboxForm(request.POST or None, initial=initial),
        lambda values: bodies.change_mailbox(
            box, values=box_values(values), by=request.who, seen_version=values["version"] or 0
        ),
        box.organisation,
        _("Mailbox %(address)s") % {"address": box.address},
    )


def box_values(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in bodies.MAILBOX_FIELDS}


def mailbox_answer(
    request: HttpRequest, form: MailboxForm, save: Callable, about: Organisation, title: str
) -> HttpResponse:
    return form_answer(
        request,
        form,
        save,
        title=title,
        lead=str(about),
        done=_("The mailbox is saved."),
        back=page_of(about),
    )


# -- From and to Excel ----------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def import_mailboxes(request: HttpRequest) -> HttpResponse:
    if not may_import_mailboxes(request):
        raise PermissionDenied(_("Mailboxes are entered by administrators and by the staff of regions."))
    return import_answer(
        request,
        lambda data: dataset_of(data, MAILBOX_COLUMNS, needed=("key", "address")),
        MailboxResource,
        title=_("Mailboxes from Excel"),
        lead=_(
            "Take out the workbook, fill in the column “address”, send it back. "
            "Rows without an address are passed over."
        ),
        template_url=reverse("territories:export_mailboxes"),
    )


@require_http_methods(["GET", "POST"])
def import_bodies(request: HttpRequest) -> HttpResponse:
    if not rules.can_change_body(request.who):
        raise PermissionDenied(_("Only an administrator enters and changes bodies."))
    return import_answer(
        request,
        lambda data: dataset_of(data, BODY_COLUMNS, needed=("id", "kind", "name_kk", "name_ru")),
        BodyResource,
        title=_("Bodies from Excel"),
        lead=_("Columns: id, kind, kato, name_kk, name_ru, name_en, short_ru, under. A body is found by its id."),
        template_url="",
    )


def import_answer(
    request: HttpRequest, read: Callable, resource: type, *, title: str, lead: str, template_url: str
) -> HttpResponse:
    """Upload, preview, and the writing of exactly the file that was previewed."""
    context: dict[str, Any] = {"title": title, "lead": lead, "template_url": template_url, "form": TableForm()}
    status = 200
    if request.method == "POST":
        status = 422
        data, token = file_in(request)
        if data is None:
            context["form"] = TableForm(request.POST, request.FILES)
            context["form"].is_valid()
            if token:
                context["fault"] = _("The file is no longer kept. Send it once more.")
            return render(request, "territories/import.html", context, status=status)
        try:
            dataset = read(data)
            write = bool(token) and "write" in request.POST
            report = take_in(resource(), dataset, who=request.who, write=write)
        except SheetRefused as error:
            context["fault"] = str(error)
            return render(request, "territories/import.html", context, status=status)
        if report.written:
            cache.delete(upload_key(request, token))
            text = _("Taken over: %(new)s new, %(changed)s changed, %(unchanged)s unchanged.")
            messages.success(request, text % report.counts)
            return redirect("territories:bodies")
        status = 422 if report.count("wrong") else 200
        first = sorted(report.rows, key=lambda row: row.state != "wrong")
        context |= {
            "report": report,
            "rows": first[:ROWS_SHOWN],
            "token": token or keep(request, data),
        }
    return render(request, "territories/import.html", context, status=status)


def upload_key(request: HttpRequest, token: str) -> str:
    return f"upload-{request.user.pk}-{token}"


def keep(request: HttpRequest, data: bytes) -> str:
    """Keep an upload for its confirmation; only the same person can name it."""
    token = uuid.uuid4().hex
    cache.set(upload_key(request, token), data, UPLOAD_SECONDS)
    return token


def file_in(request: HttpRequest) -> tuple[bytes | None, str]:
    """The file of this request: just sent, or kept under the token of its preview."""
    token = request.POST.get("token", "")
    if token:
        return cache.get(upload_key(request, token)), token
    file = request.FILES.get("file")
    return (file.read(MOST_BYTES + 1)[:MOST_BYTES] if file else None), ""


@require_GET
def export_mailboxes(request: HttpRequest) -> HttpResponse:
    """A workbook of the reader's mailboxes, and a row to fill in for each maslikhat that has none."""
    if not may_import_mailboxes(request):
        raise PermissionDenied(_("Mailboxes are entered by administrators and by the staff of regions."))
    boxes = (
        Mailbox.objects.visible_to(request.who)
        .filter(active=True)
        .select_related("organisation")
        .order_by("organisation__key")
    )
    table = MailboxResource().export(boxes)
    empty = Organisation.objects.visible_to(request.who).filter(
        request.who.under("territory__path"), kind="maslikhat", valid_to=None
    )
    for about in empty.filter(~Exists(boxes.filter(organisation=OuterRef("pk")))).order_by("key"):
        table.append([about.key, about.name_kk, "", "both", ""])
    table.title = "mailboxes"
    response = HttpResponse(table.export("xlsx"), content_type=SHEET_TYPE)
    response["Content-Disposition"] = 'attachment; filename="mailboxes.xlsx"'
    return response
