"""A form of this room at its door: in the side panel where htmx asks, as a page of its own where it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from .forms_versioned import VersionedForm
from .services.people.stale import Stale


def form_answer(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    done: str,
    back: str,
    button: str = "",
    lead: str = "",
    danger: bool = False,
) -> HttpResponse:
    """Show the form, or save it and go `back` with the message `done`.

    `save` is given the clean values. What it raises becomes the form's own errors (422), or, where another
    person was first, both values side by side (409) under the new version.
    """
    conflict, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save(form.cleaned_data)
            except Stale as clash:
                conflict, status = differences(form, clash.current), 409
                form = with_version(cast(VersionedForm, form), clash.current.version)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, done)
                return HttpResponseClientRedirect(back) if request.htmx else redirect(back)
    context = {
        "form": form,
        "title": title,
        "back": back,
        "button": button or _("Save"),
        "lead": lead,
        "danger": danger,
        "conflict": conflict,
        "action": request.get_full_path(),
    }
    template = "territories/_form.html" if request.htmx else "territories/form.html"
    return render(request, template, context, status=status)


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Errors of a service beside the fields that they speak of, else above the form."""
    if hasattr(error, "error_dict"):
        for name, found in error.error_dict.items():
            form.add_error(name if name in form.fields else None, found)
    else:
        form.add_error(None, error)


def differences(form: forms.Form, current: Any) -> list[dict[str, Any]]:
    """Fields whose present value is another than the person wants."""
    rows = []
    for name, mine in form.cleaned_data.items():
        if name == "version" or not hasattr(current, name):
            continue
        theirs = getattr(current, name)
        if theirs != mine and (theirs or mine):
            rows.append({"label": form.fields[name].label, "theirs": theirs, "mine": mine})
    return rows


def with_version(form: VersionedForm, version: int) -> VersionedForm:
    """The same form with the version that is there now: sent once more, it overwrites knowingly."""
    data = form.data.copy()
    data["version"] = version
    return type(form)(data=data, files=form.files, **form.extras())
