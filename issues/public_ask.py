"""Door 2: anybody asks a question before a meeting, without an account, in his language."""

from __future__ import annotations

import re

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from calendars.models import Meeting, MeetingState
from calendars.public import above
from territories.middleware import client_address
from territories.scope import Who, clock, today

from . import flood, services
from .announcing import hall
from .forms.ask import AskForm, new_ticket
from .models import Moderation, Request, Source
from .services import Person

MOST_ID = 2**63 - 1
#: Where appeals in the sense of the law are taken and registered.
APPEALS_URL = "https://eotinish.kz/"
KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)


def public_meeting(pk: int) -> Meeting:
    """A meeting that the public knows of: in an approved version, or announced. Else 404."""
    rows = Meeting.objects.select_related("holder", "place", "calendar__region")
    rows = rows.filter(state__in=(MeetingState.PLANNED, MeetingState.HELD, MeetingState.CANCELLED))
    meeting = rows.filter(pk=pk).first() if pk <= MOST_ID else None
    if meeting is None or not (meeting.announced_on or meeting.frozen.exists()):
        raise Http404(_("There is no such meeting."))
    return meeting


def language_of(text: str) -> str:
    """Kazakh if the text has letters that only Kazakh has, else the language of the page."""
    if KAZAKH.search(text):
        return "kk"
    return "kk" if get_language() == "kk" else "ru"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; a sent question waits for the office and gets a code. Too many from one address: 429, text kept."""
    request.who = Who()  # type: ignore[attr-defined]
    meeting = public_meeting(pk)
    is_open = meeting.state == MeetingState.PLANNED and meeting.date >= today()
    context = {
        "meeting": meeting,
        "hall": hall(meeting, get_language() or "kk"),
        "above": [*above(meeting.place), meeting.place],
        "is_open": is_open,
        "today": today(),
        "appeals_url": APPEALS_URL,
    }
    if request.method != "POST":
        form = AskForm(initial={"ticket": new_ticket()})
        return render(request, "public/ask.html", context | {"form": form})
    if not is_open:
        return render(request, "public/ask.html", context, status=409)
    form = AskForm(request.POST)
    if not form.is_valid():
        return again(request, context, form, 422)
    seconds = flood.wait(client_address(request), meeting, timezone.now())
    if seconds:
        form.add_error(None, _("Too many questions came from your network. Your text is still here: send it later."))
        response = again(request, context, form, 429)
        response["Retry-After"] = str(seconds)
        return response
    try:
        row = keep(meeting, form)
    except ValidationError as error:
        form.add_error(None, error)
        return again(request, context, form, 422)
    return render(request, "public/asked.html", context | {"row": row})


def again(request: HttpRequest, context: dict, form: AskForm, status: int) -> HttpResponse:
    return render(request, "public/ask.html", context | {"form": form.with_fresh_ticket()}, status=status)


def keep(meeting: Meeting, form: AskForm) -> Request:
    """Enter the question for the office to look at; who asked lies apart, sealed, with what he agreed to."""
    data = form.cleaned_data
    person = None
    if form.has_person:
        consent = str(form.fields["consent"].label)
        person = Person(name=data["name"], phone=data["phone"], email=data["email"], consent=consent)
    return services.add_request(
        meeting.holder,
        place=meeting.place,
        source=Source.FORM,
        received_on=today(),
        text=data["text"],
        language=language_of(data["text"]),
        meeting=meeting,
        moderation=Moderation.WAITING,
        person=person,
        client_key=data["client_key"],
        today=today(),
        by=clock("ask"),
    )
