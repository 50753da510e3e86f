"""A person's own last steps, and undoing one of them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import services
from ..models import Step
from . import saved
from .chosen import Chosen, chosen, tabs

#: Steps that the list shows.
SHOWN = 30


def own(about: Chosen):
    """Steps of this person in the calendars that he sees."""
    if about.who.user is None:
        return Step.objects.none()
    return Step.objects.filter(user=about.who.user, calendar=about.calendar)


@require_GET
def steps(request: HttpRequest) -> HttpResponse:
    about = chosen(request)
    found = [{"step": step, "count": len(step.rows), "url": about.url("undo", step.pk)} for step in own(about)[:SHOWN]]
    return render(request, "calendars/steps.html", {"about": about, "steps": found, "tabs": tabs(about, "")})


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts the rows of one's own step back; refused whole if somebody has changed one of them since."""
    about = chosen(request)
    step = get_object_or_404(Step.objects.filter(user=about.who.user), pk=pk)
    if step.undone_at:
        raise PermissionDenied(_("This step is undone already."))
    try:
        outcome = services.undo(step, by=about.who)
    except services.Conflict as clash:
        text = _("%(meeting)s was changed after your step, so nothing was put back. Open it and change it there.") % {
            "meeting": clash.meeting
        }
        return refuse(request, about, text)
    except services.WallHit as wall:
        return refuse(request, about, str(wall))
    if request.htmx:
        detail = {"text": _("Undone: %(label)s.") % {"label": step.label}, "kind": "success"}
        return saved.told(HttpResponse(status=204), detail, refresh=True)
    saved.message(request, outcome, about, _("Undone: %(label)s.") % {"label": step.label})
    return HttpResponseRedirect(about.url("steps"))


def refuse(request: HttpRequest, about: Chosen, text: str) -> HttpResponse:
    if request.htmx:
        return saved.told(HttpResponse(status=204), {"text": text, "kind": "danger"})
    found = [{"step": s, "count": len(s.rows), "url": about.url("undo", s.pk)} for s in own(about)[:SHOWN]]
    context = {"about": about, "steps": found, "problem": text, "tabs": tabs(about, "")}
    return render(request, "calendars/steps.html", context, status=409)
