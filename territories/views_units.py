"""Staff pages of the tree: search, browse, one unit, and what may be changed about it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from . import queries, rules
from .forms_units import DaysForm, ExcludeForm, IncludeForm, MicroraionForm, NamesForm, SearchForm
from .models import Mailbox, Organisation, Territory
from .panels import form_answer
from .services import units

UNITS_A_PAGE = 50


@require_GET
@vary_on_headers("HX-Request")
def browse(request: HttpRequest) -> HttpResponse:
    """Search results while something is asked for, else the regions."""
    form = SearchForm(request.GET)
    values = {name: value for name, value in (form.cleaned_data if form.is_valid() else {}).items() if value}
    context = {"form": form, "asked": bool(values)}
    if values:
        context["page"] = Paginator(queries.narrowed(values, request.who), UNITS_A_PAGE).get_page(
            request.GET.get("page")
        )
    else:
        context["regions"] = queries.regions(request.who)
    if request.htmx and request.htmx.target == "units-found":
        return render(request, "territories/_units.html", context)
    context |= {
        "edition": queries.newest_edition(),
        "may_change": rules.can_change_tree(request.who),
    }
    return render(request, "territories/units.html", context)


def unit_of(request: HttpRequest, pk: int) -> Territory:
    """A unit as its page and its forms need it; one of nobody's business does not exist."""
    rows = Territory.objects.visible_to(request.who).select_related("parent", "region", "successor")
    return get_object_or_404(rows, pk=pk)


@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    about = unit_of(request, pk)
    named, others = queries.parts(about)
    boxes: dict[int, list[Mailbox]] = {}
    for box in Mailbox.objects.visible_to(request.who).filter(organisation__territory=about, active=True):
        boxes.setdefault(box.organisation_id, []).append(box)
    bodies = list(Organisation.objects.visible_to(request.who).filter(territory=about))
    for body in bodies:
        body.shown_boxes = boxes.get(body.pk, [])
    context = {
        "about": about,
        "above": queries.above(about),
        "named": named,
        "others": others,
        "states": queries.states_of(about),
        "bodies": bodies,
        "formerly": Territory.objects.filter(successor=about),
        "may_change": rules.can_change_tree(request.who),
        "may_add": rules.can_add_microraion(request.who, about),
        "may_mend": rules.can_change_microraion(request.who, about),
    }
    return render(request, "territories/unit.html", context)


def page_of(about: Territory) -> str:
    return reverse("territories:unit", args=[about.pk])


def changing(request: HttpRequest, pk: int) -> Territory:
    """The unit, for forms of administrators; others see it but may not change it."""
    about = unit_of(request, pk)
    if not rules.can_change_tree(request.who):
        raise PermissionDenied(_("Only an administrator changes units."))
    return about


@require_http_methods(["GET", "POST"])
def exclude(request: HttpRequest, pk: int) -> HttpResponse:
    about = changing(request, pk)
    form = ExcludeForm(
        request.POST or None, initial={"version": about.version, "excluded_reason": about.excluded_reason}
    )
    return form_answer(
        request,
        form,
        lambda values: units.exclude(
            about, reason=values["excluded_reason"], by=request.who, seen_version=values["version"]
        ),
        title=_("Exclude %(unit)s from the required meetings") % {"unit": about},
        done=_("%(unit)s is excluded from the required meetings.") % {"unit": about},
        back=page_of(about),
        button=_("Exclude"),
        danger=True,
    )


@require_http_methods(["GET", "POST"])
def include(request: HttpRequest, pk: int) -> HttpResponse:
    about = changing(request, pk)
    form = IncludeForm(request.POST or None, initial={"version": about.version})
    return form_answer(
        request,
        form,
        lambda values: units.include(about, by=request.who, seen_version=values["version"]),
        title=_("Include %(unit)s again") % {"unit": about},
        lead=_("The unit counts in the required meetings again. The reason of the exclusion stays in the journal."),
        done=_("%(unit)s counts in the required meetings again.") % {"unit": about},
        back=page_of(about),
        button=_("Include again"),
    )


@require_http_methods(["GET", "POST"])
def names(request: HttpRequest, pk: int) -> HttpResponse:
    about = unit_of(request, pk)
    if not (rules.can_change_tree(request.who) or rules.can_change_microraion(request.who, about)):
        raise PermissionDenied(_("Only an administrator changes units."))
    initial = {name: getattr(about, name) for name in ("name_kk", "name_ru", "name_en", "version")}
    form = NamesForm(request.POST or None, initial=initial)
    return form_answer(
        request,
        form,
        lambda values: units.rename(
            about,
            names={name: values[name] for name in units.NAMES},
            by=request.who,
            seen_version=values["version"],
        ),
        title=_("Names of %(unit)s") % {"unit": about},
        lead=_("Names mended here stay until the classifier itself brings another name."),
        done=_("The names are saved."),
        back=page_of(about),
    )


@require_http_methods(["GET", "POST"])
def days(request: HttpRequest, pk: int) -> HttpResponse:
    about = unit_of(request, pk)
    if not rules.can_change_microraion(request.who, about):
        raise PermissionDenied(_("Only units that were entered by hand have days that can be changed."))
    initial = {name: getattr(about, name) for name in ("valid_from", "valid_to", "version")}
    form = DaysForm(request.POST or None, initial=initial)
    return form_answer(
        request,
        form,
        lambda values: units.change_days(
            about,
            valid_from=values["valid_from"],
            valid_to=values["valid_to"],
            by=request.who,
            seen_version=values["version"],
        ),
        title=_("Days of %(unit)s") % {"unit": about},
        done=_("The days are saved."),
        back=page_of(about),
    )


@require_http_methods(["GET", "POST"])
def add_microraion(request: HttpRequest, pk: int) -> HttpResponse:
    about = unit_of(request, pk)
    if not rules.can_add_microraion(request.who, about):
        raise PermissionDenied(_("Microraions are entered by the region's staff under a city or a raion of a city."))
    form = MicroraionForm(request.POST or None)
    return form_answer(
        request,
        form,
        lambda values: units.add_microraion(about, by=request.who, **values),
        title=_("New microraion of %(unit)s") % {"unit": about},
        lead=_(
            "Microraions are in no classifier. Whether meetings are required in them is a chosen reading of the act."
        ),
        done=_("The microraion is entered."),
        back=page_of(about),
        button=_("Enter"),
    )
