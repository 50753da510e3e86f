"""What became of my question: by the code that the asker got, and nobody else."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from territories.scope import Who, today

from ..models import Issue, Moderation, Request
from ..models.requests import CODE_LENGTH
from . import facts


@login_not_required
@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Received, taken in, refused with its reason, or part of an issue; never the words, as codes get read aloud.

    The code of a published issue leads to its page.
    """
    request.who = Who()  # type: ignore[attr-defined]
    code = "".join(request.GET.get("code", "")[:40].split()).replace("-", "").upper()
    context = {"code": code[:CODE_LENGTH], "today": today()}
    if len(code) != CODE_LENGTH or not (code.isascii() and code.isalnum()):
        wrong = bool(code)
        return render(request, "public/asked_state.html", context | {"wrong": wrong}, status=404 if wrong else 200)
    row = Request.objects.filter(code=code).select_related("meeting__place", "place").first()
    if row is None:
        if Issue.objects.public().filter(code=code).exists():
            return redirect("public:issue", code)
        return render(request, "public/asked_state.html", context | {"wrong": True}, status=404)
    origin = row.origins.filter(undone_at=None).select_related("issue").first()
    issue = standing(origin.issue) if origin else None
    public = facts.listed(Issue.objects.public()).filter(pk=issue.pk).first() if issue else None
    context |= {
        "row": row,
        "refused": row.moderation == Moderation.REFUSED,
        "waiting": row.moderation == Moderation.WAITING,
        "issue": issue,
        "one": facts.shown(public) if public else None,
    }
    return render(request, "public/asked_state.html", context)


def standing(issue: Issue) -> Issue:
    """The issue that it was joined into, however often."""
    seen = {issue.pk}
    while issue.joined_into is not None and issue.joined_into.pk not in seen:
        issue = issue.joined_into
        seen.add(issue.pk)
    return issue
