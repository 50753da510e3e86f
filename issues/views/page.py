"""What the staff pages of this room share: the meeting in scope, its tabs, one way to show and answer a form."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from calendars import rules as calendar_rules
from calendars.models import Meeting
from journal import dates
from territories.models import Territory
from territories.scope import Who, today

from .. import rules
from ..services import Conflict

Result = TypeVar("Result")
#: Greatest id that the databases keep.
MOST_ID = 2**63 - 1


def require_reader(who: Who) -> None:
    """403 for posts that are no staff of an akimat: they have pages of their own."""
    if not calendar_rules.reads_rows(who):
        raise PermissionDenied(_("Your post does not read the working pages of akims' offices."))


def meeting_of(request: HttpRequest, pk: int) -> Meeting:
    """The meeting whose akim lies within the reader's scope; else 404, as for one that does not exist."""
    require_reader(request.who)
    if pk > MOST_ID:
        raise Http404
    rows = Meeting.objects.visible_to(request.who).filter(request.who.under("holder__path"))
    return get_object_or_404(rows.select_related("holder", "place", "calendar__region"), pk=pk)


def found(rows: models.QuerySet[Any], pk: int) -> Any:
    """A row of a scoped queryset, else 404."""
    if pk > MOST_ID:
        raise Http404
    return get_object_or_404(rows, pk=pk)


def require_office(who: Who, unit: Territory) -> None:
    if not rules.answers_for(who, unit):
        raise PermissionDenied(_("Only the akim's office of this unit, or one above it, may do this."))


def unit_of(request: HttpRequest) -> Territory:
    """The unit that the page is about: the chosen one, else the post's own, else the first region."""
    unit = getattr(request, "unit", None) or request.who.territory
    if unit is None:
        unit = Territory.objects.regions().filter(valid_to=None).order_by("code").first()
    if unit is None:
        raise Http404(_("There is no unit to show."))
    return unit


def meeting_context(request: HttpRequest, meeting: Meeting, active: str) -> dict[str, Any]:
    """What `issues/meeting_page.html` needs."""
    return {
        "meeting": meeting,
        "active": active,
        "today": today(),
        "may_edit": rules.answers_for(request.who, meeting.holder),
    }


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, be it nothing at all; None where the page is only opened."""
    return request.POST if request.method == "POST" else None


class VersionForm(forms.Form):
    """Carries the version of the row that the person saw; empty for a new row."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)


def attempt(form: Form, act: Callable[[], Result]) -> Result | None:
    """Run a service. Its refusals become messages of the form, `form.status` the answer's status.

    A stale save shows what stands now beside what was typed; sending again then decides for the typed value.
    """
    try:
        return act()
    except Conflict as clash:
        put_conflict(form, clash)
        form.status = 409
    except ValidationError as error:
        put_errors(form, error)
        form.status = 422
    return None


def put_errors(form: Form, error: ValidationError) -> None:
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, error)


def put_conflict(form: Form, clash: Conflict) -> None:
    row = clash.row
    who = getattr(row, "updated_by", None) or pgettext("person", "Somebody")
    text = _("%(who)s has changed this in the meantime. Both values are shown; what you send now is kept.")
    form.add_error(None, text % {"who": who})
    form.clash, form.conflict = clash, compared(form, clash)
    data = form.data.copy()
    data[form.add_prefix("version")] = str(row.version)
    form.data = data


def compared(form: Form, clash: Conflict) -> list[dict[str, str]]:
    """Field by field what the other person wrote and what this one did, in words, for `_conflict.html`."""
    mine = copy.copy(clash.row)
    rows = []
    for name in clash.fields:
        setattr(mine, name, clash.mine[name])
        field = form.fields.get(name.removesuffix("_id"))
        label = field.label if field is not None else clash.row._meta.get_field(name).verbose_name
        rows.append({"label": str(label), "theirs": shown(clash.row, name), "mine": shown(mine, name)})
    rows += [{"label": label, "theirs": theirs, "mine": own} for label, theirs, own in clash.others]
    return rows


def shown(row: models.Model, name: str) -> str:
    """The value of a column in words."""
    named = getattr(row, f"get_{name}_display", None)
    value = named() if named else getattr(row, name.removesuffix("_id"), "")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dt.date):
        return dates.short_date(value)
    return "" if value is None else str(value)


def form_page(
    request: HttpRequest,
    form: Form,
    *,
    title: str,
    back: str,
    button: str = "",
    lead: str = "",
    context: Mapping[str, Any] | None = None,
    template: str = "issues/form",
) -> HttpResponse:
    """A form as a page, or as the side panel for htmx. Status 422 or 409 where it was refused."""
    status = getattr(form, "status", 422 if form.is_bound and not form.is_valid() else 200)
    values = {
        "form": form,
        "title": title,
        "back": back,
        "button": button or _("Save"),
        "lead": lead,
        "action": request.get_full_path(),
        "today": today(),
    } | dict(context or {})
    folder, _slash, name = template.rpartition("/")
    chosen = f"{folder}/_{name}.html" if request.htmx else f"{template}.html"
    return render(request, chosen, values, status=status)


def done(request: HttpRequest, text: str, to: str) -> HttpResponse:
    """After a change: a banner on the page that is shown next."""
    if text:
        messages.success(request, text)
    return HttpResponseClientRedirect(to) if request.htmx else HttpResponseRedirect(to)
