"""Who asked says "not solved" of a closed issue: by the code of his question, without an account (826-3.5.c4).

The issue is open again with its old days and slips, and the office gets a letter. What was written stays with the
office; the page of the issue tells everybody only that the asker does not agree.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from calendars.public import above
from territories.middleware import client_address
from territories.scope import clock, today

from .. import flood, rules, services
from ..forms.ask import NotSolvedForm, new_ticket
from ..models import Dispute, Issue, Request
from .following import open_page
from .issue import public_issue
from .words import pair


@open_page
def dispute(request: HttpRequest, code: str) -> HttpResponse:
    """The form; sent, the issue is open again. Too many from one network or about one issue: 429, the words kept."""
    issue = public_issue(code)
    context = {
        "issue": issue,
        "text": pair(issue, "text"),
        "above": [*above(issue.place), issue.place],
        "is_closed": rules.can_dispute(issue),
    }
    if request.method != "POST":
        known = request.GET.get("question", "")[:20]
        form = NotSolvedForm(initial={"ticket": new_ticket(), "question": known})
        return render(request, "public/dispute.html", context | {"form": form})
    form = NotSolvedForm(request.POST)
    if not form.is_valid():
        return again(request, context, form, 422)
    # Counted before the code is looked at, so that nobody tries codes one after another.
    if seconds := flood.wait_to_dispute(client_address(request), issue, timezone.now()):
        form.add_error(None, _("Too much was sent from your network. Your text is still here: send it later."))
        response = again(request, context, form, 429)
        response["Retry-After"] = str(seconds)
        return response
    asked = found(issue, form)
    if asked is None:
        return again(request, context, form, 422)
    if not context["is_closed"]:
        return repeated(request, context, asked, form)
    try:
        services.dispute(issue, request=asked, text=form.cleaned_data["text"], today=today(), by=clock("dispute"))
    except ValidationError as error:
        form.add_error(None, error)
        return again(request, context, form, 409)
    return render(request, "public/disputed.html", context)


def found(issue: Issue, form: NotSolvedForm) -> Request | None:
    """The question behind the typed code; a code of another issue is told like one that does not exist."""
    row = Request.objects.filter(code=form.cleaned_data["question"]).first()
    if row is not None and services.asked_by(row, issue):
        return row
    form.add_error("question", _("No question about this issue has this code. Look at it once more."))
    return None


def repeated(request: HttpRequest, context: dict, asked: Request, form: NotSolvedForm) -> HttpResponse:
    """The issue is open: a second click of the same asker is thanked for again, anybody else is told."""
    if Dispute.objects.filter(issue=context["issue"], request=asked, on=today()).exists():
        return render(request, "public/disputed.html", context)
    return again(request, context, form, 409)


def again(request: HttpRequest, context: dict, form: NotSolvedForm, status: int) -> HttpResponse:
    return render(request, "public/dispute.html", context | {"form": form.with_fresh_ticket()}, status=status)
