"""The two-level list of topics, as a region uses it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from territories.models import Territory

from .. import rules, services
from ..forms.topics import TopicForm
from ..models import Topic
from .page import attempt, done, form_page, found, require_reader, unit_of


def whole_list(region: Territory):
    """Rows of the region's list, those out of use too."""
    own = Topic.objects.filter(region=region, code=OuterRef("code"))
    return Topic.objects.filter(Q(region=region) | Q(region=None) & ~Exists(own))


@require_GET
def topics(request: HttpRequest) -> HttpResponse:
    require_reader(request.who)
    unit = unit_of(request)
    region = unit.region or unit
    rows = list(whole_list(region))
    below: dict[str, list[Topic]] = {}
    for row in rows:
        below.setdefault(row.parent_code, []).append(row)
    context = {
        "title": _("Topics of issues"),
        "region": region,
        "heads": [(head, below.get(head.code, [])) for head in below.get("", [])],
        "may_edit": rules.can_edit_topics(request.who, region),
    }
    return render(request, "issues/topics.html", context)


def form_of(request: HttpRequest, region: Territory, topic: Topic | None) -> TopicForm:
    heads = list(Topic.objects.for_region(region.pk).filter(parent_code=""))
    initial = {"parent_code": request.GET.get("parent", "")}
    if topic is not None:
        heads = [head for head in heads if head.code != topic.code]
        names = ("name_kk", "name_ru", "name_en", "parent_code", "proof", "order", "active", "version")
        initial = {name: getattr(topic, name) for name in names}
    return TopicForm(request.POST if request.method == "POST" else None, heads=heads, initial=initial)


def may(request: HttpRequest) -> Territory:
    require_reader(request.who)
    unit = unit_of(request)
    region = unit.region or unit
    if not rules.can_edit_topics(request.who, region):
        raise PermissionDenied(_("Only the staff of the region changes its list of topics."))
    return region


@require_http_methods(["GET", "POST"])
def topic_add(request: HttpRequest) -> HttpResponse:
    region = may(request)
    form = form_of(request, region, None)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        if attempt(form, lambda: services.add_topic(region, values=values, by=request.who)) is not None:
            return done(request, _("The topic is added."), reverse("issues:topics"))
    return form_page(request, form, title=_("New topic"), back=reverse("issues:topics"))


@require_http_methods(["GET", "POST"])
def topic_edit(request: HttpRequest, pk: int) -> HttpResponse:
    region = may(request)
    row = found(whole_list(region), pk)
    form = form_of(request, region, row)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        seen = form.cleaned_data["version"] or 0
        act = lambda: services.edit_topic(region, row, values=values, seen_version=seen, by=request.who)  # noqa: E731
        if attempt(form, act) is not None:
            return done(request, _("The topic is changed for the region."), reverse("issues:topics"))
    return form_page(request, form, title=row.name(), back=reverse("issues:topics"))
