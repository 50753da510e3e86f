"""Minutes of a meeting, and the templates by which a region makes them."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calendars.forms.fields import DayField
from calendars.models import MeetingState
from territories.downloads import download
from territories.scope import today

from .. import rules, services
from ..documents import minutes as paper
from ..models import HallLine, Instruction, MeetingRecord, Minutes, MinutesTemplate
from ..services.files import DOCX
from .page import (
    VersionForm,
    attempt,
    done,
    form_page,
    meeting_context,
    meeting_of,
    posted,
    require_office,
    require_reader,
    unit_of,
)


@require_GET
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """What was written down, the versions of the minutes, and the next step."""
    meeting = meeting_of(request, pk)
    rows = Minutes.objects.filter(meeting=meeting).select_related(
        "docx_kk", "docx_ru", "pdf_kk", "pdf_ru", "created_by"
    )
    record = MeetingRecord.objects.filter(meeting=meeting).first()
    context = meeting_context(request, meeting, "minutes") | {
        "title": pgettext("page of a meeting", "Minutes"),
        "rows": list(rows),
        "lines": list(HallLine.objects.filter(meeting=meeting, removed_at=None).prefetch_related("instructions")),
        "instructions": list(Instruction.objects.filter(meeting=meeting, line=None)),
        "record": record,
        "quarter": (record.planned_minutes if record else meeting.planned_minutes) // 4,
        "is_held": meeting.state == MeetingState.HELD,
        "may_templates": rules.can_edit_topics(request.who, meeting.calendar.region),
    }
    return render(request, "issues/minutes.html", context)


def address(pk: int) -> str:
    return reverse("issues:minutes", args=[pk])


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the next draft out of the record."""
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    form = forms.Form(request.POST)
    made = attempt(form, lambda: services.draft_minutes(meeting, by=request.who))
    if made is None:
        from django.contrib import messages

        messages.error(request, " ".join(map(str, form.non_field_errors())))
        return done(request, "", address(pk))
    return done(request, _("Draft %(number)s of the minutes is made.") % {"number": made.number}, address(pk))


class SignForm(VersionForm):
    document_number = forms.CharField(label=gettext_lazy("Number of the minutes"), max_length=60)
    signed_on = DayField(label=gettext_lazy("Signed on"))


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    row = of_number(Minutes.objects.filter(meeting=meeting), number)
    form = SignForm(posted(request), initial={"signed_on": today(), "version": row.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Minutes:
            return services.sign_minutes(
                row,
                document_number=data["document_number"],
                signed_on=data["signed_on"],
                seen_version=data["version"] or 0,
                today=today(),
                by=request.who,
            )

        if attempt(form, act) is not None:
            return done(request, _("The minutes are recorded as signed."), address(pk))
    return form_page(request, form, title=_("The minutes were signed"), back=address(pk), button=_("Record"))


class PublishForm(VersionForm):
    read = forms.BooleanField(
        label=gettext_lazy("I have read the minutes in both languages: no citizen is named in them"), required=False
    )


class WithdrawForm(VersionForm):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Put signed minutes on the public page of the meeting."""
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    row = of_number(Minutes.objects.filter(meeting=meeting), number)
    form = PublishForm(posted(request), initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        seen = data["version"] or 0
        act = lambda: services.publish_minutes(row, read=data["read"], seen_version=seen, by=request.who)  # noqa: E731
        if attempt(form, act) is not None:
            return done(request, _("The minutes stand on the public page of the meeting."), address(pk))
    lead = _("Speakers stand in the minutes by their category. Everybody may fetch the files as Word and PDF.")
    title = _("Publish the minutes")
    return form_page(request, form, title=title, back=address(pk), lead=lead, button=_("Publish"))


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take published minutes back from the public page, with the reason."""
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    row = of_number(Minutes.objects.filter(meeting=meeting), number)
    form = WithdrawForm(posted(request), initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        seen = data["version"] or 0
        act = lambda: services.withdraw_minutes(row, reason=data["reason"], seen_version=seen, by=request.who)  # noqa: E731
        if attempt(form, act) is not None:
            return done(request, _("The minutes no longer stand on the public page."), address(pk))
    return form_page(
        request, form, title=_("Withdraw the published minutes"), back=address(pk), button=_("Withdraw")
    )  # fmt: skip


def of_number(rows: QuerySet[Minutes], number: int) -> Minutes:
    row = rows.filter(number=min(number, 32767)).first()
    if row is None:
        raise Http404
    return row


# -- Templates -----------------------------------------------------------------------------------------
LANGUAGES = [("kk", gettext_lazy("Kazakh")), ("ru", gettext_lazy("Russian"))]


class TemplateForm(forms.Form):
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    file = forms.FileField(label=gettext_lazy("Template (DOCX)"), max_length=200)


@require_http_methods(["GET", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """The region's templates of minutes: ours to begin from, its own in use, and the way to replace them."""
    require_reader(request.who)
    unit = unit_of(request)
    region = unit.region or unit
    may_edit = rules.can_edit_topics(request.who, region)
    form = TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm()
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied(_("Only the staff of the region changes its templates."))
        if form.is_valid():
            language = form.cleaned_data["language"]

            def act() -> MinutesTemplate:
                checked = services.read_upload(form.cleaned_data["file"], types=(DOCX,))
                return services.replace_template(region, language=language, checked=checked, by=request.who)

            if attempt(form, act) is not None:
                text = _("The template is checked and in use from the next draft on.")
                return done(request, text, reverse("issues:minutes_templates"))
    rows = MinutesTemplate.objects.filter(region=region).select_related("file", "created_by")
    sample = paper.sample("kk")
    context = {
        "title": _("Templates of the minutes"),
        "region": region,
        "rows": list(rows),
        "form": form,
        "may_edit": may_edit,
        "names": [name for name, value in sample.items() if isinstance(value, str)],
        "lists": [(name, list(value[0])) for name, value in sample.items() if isinstance(value, list)],
    }
    status = getattr(form, "status", 422) if form.is_bound else 200
    return render(request, "issues/minutes_templates.html", context, status=status)


@require_POST
def template_drop(request: HttpRequest, language: str) -> HttpResponse:
    require_reader(request.who)
    unit = unit_of(request)
    services.drop_template(unit.region or unit, language=language, by=request.who)
    return done(request, _("Our template is in use again."), reverse("issues:minutes_templates"))


@require_GET
def our_template(request: HttpRequest, language: str) -> HttpResponse:
    """Our own template, to be changed and brought back."""
    require_reader(request.who)
    if language not in paper.LANGUAGES:
        raise Http404
    return download(paper.our_template(language), name=f"minutes_{language}.docx", content_type=DOCX)
