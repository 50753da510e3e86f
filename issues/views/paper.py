"""What is printed, put up and sent before a meeting: posters, picture, calendar file, letters of invitation."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calendars.models import Meeting
from territories.downloads import download
from territories.scope import today

from .. import announcing, services
from ..documents import announcement as paper
from ..documents.paper import PDF, PNG
from ..models import Audience, AudienceCategory
from ..services.files import DOCX
from .page import attempt, done, meeting_context, meeting_of, posted, require_office


def checked(language: str) -> str:
    if language not in announcing.LANGUAGES:
        raise Http404
    return language


@require_GET
def posters(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be taken, with a look at each."""
    meeting = meeting_of(request, pk)
    context = meeting_context(request, meeting, "preparation") | {
        "title": _("Poster, picture, calendar file"),
        "languages": [("kk", "Қазақша"), ("ru", "На русском")],
        "address": announcing.ask_address(meeting, "kk"),
    }
    return render(request, "issues/posters.html", context)


@require_GET
def poster(request: HttpRequest, pk: int, language: str, size: str) -> HttpResponse:
    meeting = meeting_of(request, pk)
    if size not in paper.SIZES:
        raise Http404
    data = paper.poster(meeting, checked(language), size)
    return download(data, name=f"{meeting.date}_{meeting.place.name(language)}_{size}_{language}.pdf", content_type=PDF)


@require_GET
def picture(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """A picture for social networks."""
    meeting = meeting_of(request, pk)
    data = paper.picture(meeting, checked(language))
    return download(data, name=f"{meeting.date}_{meeting.place.name(language)}_{language}.png", content_type=PNG)


@require_GET
def ics(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    meeting = meeting_of(request, pk)
    data = paper.ics(meeting, checked(language))
    return download(data, name=f"{meeting.date}_{language}.ics", content_type="text/calendar; charset=utf-8")


class InviteForm(forms.Form):
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=AudienceCategory.choices)
    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One a line, or with commas between. Each gets one letter in Kazakh and Russian."),
    )


@require_http_methods(["GET", "POST"])
def invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """Letters to print and letters to mail."""
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    form = InviteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> tuple[int, Audience]:
            addresses = services.addresses_of(data["addresses"])
            return services.invite_by_mail(
                meeting, category=data["category"], addresses=addresses, today=today(), by=request.who
            )

        result = attempt(form, act)
        if result is not None:
            words = ngettext(
                "%(count)s invitation is on its way.", "%(count)s invitations are on their way.", result[0]
            )
            return done(request, words % {"count": result[0]}, reverse("issues:invitations", args=[pk]))
    context = meeting_context(request, meeting, "preparation") | {
        "title": _("Letters of invitation"),
        "form": form,
        "categories": list(AudienceCategory),
        "sent": services.invited(meeting).count(),
    }
    status = getattr(form, "status", 422) if form.is_bound else 200
    return render(request, "issues/invitations.html", context, status=status)


@require_GET
def letter(request: HttpRequest, pk: int, category: str, language: str, form: str) -> HttpResponse:
    """A letter of invitation to a category, as PDF or Word."""
    meeting: Meeting = meeting_of(request, pk)
    if category not in AudienceCategory.values or form not in ("pdf", "docx"):
        raise Http404
    name = f"{meeting.date}_{category}_{checked(language)}.{form}"
    if form == "pdf":
        return download(paper.letter_pdf(meeting, category, language), name=name, content_type=PDF)
    return download(paper.letter_docx(meeting, category, language), name=name, content_type=DOCX)


@require_POST
def tell_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell those who were invited by mail that the meeting is moved or cancelled."""
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    form = forms.Form(request.POST)
    count = attempt(form, lambda: services.tell_change(meeting, by=request.who))
    to = reverse("issues:preparation", args=[pk])
    if count is None:
        from django.contrib import messages

        messages.error(request, " ".join(map(str, form.non_field_errors())))
        return done(request, "", to)
    words = ngettext("%(count)s person is told by mail.", "%(count)s people are told by mail.", count)
    return done(request, words % {"count": count}, to)
