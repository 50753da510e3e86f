"""What a page hears after a step: a toast with "Undo", and that the calendar has changed."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Step
from ..services import Outcome
from .chosen import Chosen


def words(outcome: Outcome) -> str:
    """One sentence about what was written."""
    if outcome.step is None:
        return _("Nothing had to be changed.")
    count = len(outcome.step.rows)
    done = ngettext("%(count)s meeting", "%(count)s meetings", count) % {"count": count}
    return f"{outcome.step.label}: {done}."


def toast(
    response: HttpResponse,
    outcome: Outcome,
    *,
    about: Chosen,
    text: str = "",
    close: str = "",
    refresh: bool = False,
) -> HttpResponse:
    """Adds the events to an answer to htmx. `close`: "panel" or "dialog"; `refresh`: lists read anew."""
    detail = {"text": f"{words(outcome)} {text}".strip(), "kind": "success"}
    if outcome.step is not None:
        detail |= undo_of(outcome.step, about)
    return told(response, detail, close=close, refresh=refresh)


def undo_of(step: Step, about: Chosen) -> dict:
    return {"url": about.url("undo", step.pk), "action": _("Undo"), "post": True}


def told(response: HttpResponse, detail: dict, *, close: str = "", refresh: bool = False) -> HttpResponse:
    events: dict = {"toast": detail}
    if close:
        events[f"{close}Close"] = True
    if refresh:
        events["calendarChanged"] = True
    # Headers are Latin-1: everything else is written as \\u escapes by json itself.
    response["HX-Trigger"] = json.dumps(events)
    return response


def back(request: HttpRequest, outcome: Outcome, address: str) -> HttpResponse:
    """The answer to a form that was sent without scripts: a banner, and the page again."""
    messages.success(request, words(outcome))
    return HttpResponseRedirect(address)


def message(request: HttpRequest, outcome: Outcome, about: Chosen, text: str = "") -> None:
    """The banner of the next page, with the way to undo."""
    text = text or words(outcome)
    if outcome.step is None:
        messages.success(request, text)
        return
    link = format_html('<a href="{}">{}</a>', about.url("steps"), _("My steps: undo"))
    messages.success(request, format_html("{} {}", text, link))
