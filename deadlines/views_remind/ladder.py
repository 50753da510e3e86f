"""The ladder of reminders and the quiet hours: everybody reads them, an administrator changes them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from territories.panels import form_answer
from territories.scope import today

from ..forms import RulesForm, StageForm
from ..models import HouseRules, Stage
from ..services import ladder as service
from .tabs import LADDER, tabs


@require_GET
def ladder(request: HttpRequest) -> HttpResponse:
    stages = list(Stage.objects.all())
    context = {
        "rows": [{"stage": stage, "when": when(stage.offset_days)} for stage in stages],
        "rules": HouseRules.objects.first(),
        "may_change": request.who.is_administrator,
        "tabs": tabs(request.who, LADDER),
    }
    return render(request, "deadlines/remind/ladder.html", context)


def when(days: int) -> str:
    """ "14 days before", "on the day", "1 day after"."""
    if days == 0:
        return _("on the day")
    text = (
        ngettext("%(n)s day before", "%(n)s days before", -days)
        if days < 0
        else ngettext("%(n)s day after", "%(n)s days after", days)
    )
    return text % {"n": abs(days)}


def administrator_only(request: HttpRequest) -> None:
    if not request.who.is_administrator:
        raise PermissionDenied(_("Only an administrator changes how people are reminded."))


def values_of(clean: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: clean[name] for name in names}


@require_http_methods(["GET", "POST"])
def add_stage(request: HttpRequest) -> HttpResponse:
    administrator_only(request)
    return form_answer(
        request,
        StageForm(request.POST or None),
        lambda clean: service.add_stage(values=values_of(clean, service.STAGE_FIELDS), by=request.who),
        title=_("Add a stage"),
        done=_("The stage is added."),
        back=reverse("deadlines:ladder"),
    )


@require_http_methods(["GET", "POST"])
def change_stage(request: HttpRequest, pk: int) -> HttpResponse:
    administrator_only(request)
    stage = get_object_or_404(Stage, pk=pk)
    initial = {name: getattr(stage, name) for name in (*service.STAGE_FIELDS, "version")}
    return form_answer(
        request,
        StageForm(request.POST or None, initial=initial),
        lambda clean: service.change_stage(
            stage,
            values=values_of(clean, service.STAGE_FIELDS),
            by=request.who,
            seen_version=clean["version"] or 0,
        ),
        title=_("Change the stage"),
        lead=_("What was already said by this stage stays said."),
        done=_("The stage is changed."),
        back=reverse("deadlines:ladder"),
    )


@require_http_methods(["GET", "POST"])
def change_rules(request: HttpRequest) -> HttpResponse:
    administrator_only(request)
    rules = HouseRules.objects.first() or HouseRules(watch_from=today())
    initial = {name: getattr(rules, name) for name in (*service.RULE_FIELDS, "version")}
    return form_answer(
        request,
        RulesForm(request.POST or None, initial=initial),
        lambda clean: service.change_rules(
            values=values_of(clean, service.RULE_FIELDS),
            by=request.who,
            seen_version=clean["version"],
            today=today(),
        ),
        title=_("Quiet hours"),
        done=_("The rules are changed."),
        back=reverse("deadlines:ladder"),
    )
