"""Staff pages of editions: what is loaded, a file with its preview, the questions that it leaves."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from kombu.exceptions import OperationalError

from . import rules
from .forms_units import DecisionForm, UploadForm
from .kato.reading import MOST_BYTES, Refused, read
from .models import DraftState, Edition, EditionDraft, Kind, Territory
from .panels import form_answer
from .services import editions
from .services.people.stale import Stale
from .services.plans import REASONS
from .tasks import load_waiting, progress_key

ROWS_A_PAGE = 50
#: Faults of a refused file that the page shows; their number is always told.
FAULTS_SHOWN = 200
BEFORE = (DraftState.WAITING, DraftState.FAILED)


def for_administrators(view):
    """The tree's history is public inside the house, loading it is not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not rules.can_change_tree(request.who):
            raise PermissionDenied(_("Only an administrator loads editions of the classifier."))
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@for_administrators
def listing(request: HttpRequest) -> HttpResponse:
    ended = [DraftState.CLOSED, DraftState.DROPPED]
    drafts = EditionDraft.objects.exclude(state__in=ended).select_related("created_by")
    context = {
        "editions": Edition.objects.select_related("loaded_by"),
        "drafts": drafts.defer("rows", "plan", "decisions"),
    }
    return render(request, "territories/editions.html", context)


@require_http_methods(["GET", "POST"])
@for_administrators
def upload(request: HttpRequest) -> HttpResponse:
    """A file is read and looked at; nothing of the tree is changed yet."""
    form = UploadForm(request.POST or None, request.FILES or None)
    faults, status = [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                # One byte more than allowed is enough to say that it is too large.
                table = read(file.read(MOST_BYTES + 1), file.name)
                draft = editions.open_draft(table, by=request.who, as_of=form.cleaned_data["as_of"])
            except Refused as error:
                faults = error.faults
            else:
                return redirect("territories:draft", draft.pk)
    context = {"form": form, "faults": faults[:FAULTS_SHOWN], "fault_count": len(faults)}
    return render(request, "territories/edition_upload.html", context, status=status)


def draft_of(pk: int) -> EditionDraft:
    return get_object_or_404(EditionDraft.objects.select_related("created_by", "edition").defer("rows"), pk=pk)


@require_GET
@for_administrators
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan of a file, or what is left of it after loading."""
    return draft_page(request, draft_of(pk))


def draft_page(request: HttpRequest, about: EditionDraft, status: int = 200) -> HttpResponse:
    part = request.GET.get("part", "questions")
    listed = {
        "questions": about.plan.get("questions", []),
        "gone": about.plan.get("gone", []),
        "new": about.plan.get("new", []),
        "changed": about.plan.get("changed", []),
    }
    if part not in listed:
        raise Http404
    page = Paginator(listed[part], ROWS_A_PAGE).get_page(request.GET.get("page"))
    words = {
        "questions": _("Questions"),
        "gone": _("No longer named"),
        "new": _("New"),
        "changed": _("Other code or name"),
    }
    context = {
        "about": about,
        "part": part,
        "page": page,
        "rows": SHOWN[part](about, list(page.object_list)),
        "counts": about.plan.get("counts", {}),
        "before": about.state in BEFORE,
        "unanswered": sum(str(one["id"]) not in about.decisions for one in listed["questions"]),
        "tabs": [
            {"url": f"?part={name}", "label": words[name], "active": name == part, "count": len(rows)}
            for name, rows in listed.items()
        ],
        **progress_of(about),
    }
    return render(request, "territories/draft.html", context, status=status)


def progress_of(about: EditionDraft) -> dict[str, Any]:
    """What `_job.html` shows while the edition is being loaded."""
    if about.state != DraftState.LOADING:
        return {}
    done, of = cache.get(progress_key(about.pk)) or (0, 0)
    job = {
        "pk": about.pk,
        "title": _("The edition is being loaded"),
        "done": done,
        "total": of,
        "message": _("Steps of loading") if of else _("Waiting for its turn"),
    }
    return {"job": job, "poll": reverse("territories:draft_progress", args=[about.pk])}


def row_of(about: EditionDraft, code: str) -> dict[str, str]:
    row = about.plan.get("rows", {}).get(code, {})
    kind = row.get("kind", "")
    return {"code": code, **row, "kind_text": str(Kind(kind).label) if kind else ""}


def questions_shown(about: EditionDraft, questions: list[dict]) -> list[dict]:
    units = Territory.objects.select_related("parent").in_bulk([one["id"] for one in questions])
    decisions = editions.decisions_in(about)
    return [
        {
            "unit": units[one["id"]],
            "must": one["must"],
            "candidates": [
                row_of(about, candidate["code"])
                | {
                    "reasons": [REASONS[reason] for reason in candidate["reasons"]],
                    "suggested": candidate["code"] == one["suggested"],
                }
                for candidate in one["candidates"]
            ],
            "answer": answer_text(decisions.get(one["id"])),
        }
        for one in questions
        if one["id"] in units
    ]


def answer_text(decision: editions.Decision | None) -> str:
    if decision is None:
        return ""
    if decision.choice == "same":
        return _("the same unit as %(code)s") % {"code": decision.code}
    if decision.code:
        return _("abolished, its successor is %(code)s") % {"code": decision.code}
    return _("abolished")


def gone_shown(about: EditionDraft, ids: list[int]) -> list[dict]:
    units = Territory.objects.select_related("parent", "successor").in_bulk(ids)
    decisions = editions.decisions_in(about)
    return [{"unit": units[pk], "answer": answer_text(decisions.get(pk))} for pk in ids if pk in units]


def new_shown(about: EditionDraft, codes: list[str]) -> list[dict]:
    return [row_of(about, code) for code in codes]


def changed_shown(about: EditionDraft, changes: list[dict]) -> list[dict]:
    return [change | {"why": REASONS[change["why"]]} for change in changes]


SHOWN: dict[str, Callable[[EditionDraft, list], list[dict]]] = {
    "questions": questions_shown,
    "gone": gone_shown,
    "new": new_shown,
    "changed": changed_shown,
}


@require_http_methods(["GET", "POST"])
@for_administrators
def decide(request: HttpRequest, pk: int, unit_id: int) -> HttpResponse:
    """What became of one unit: kept until the file is loaded, or done at once when it is."""
    about = draft_of(pk)
    if unit_id not in about.plan.get("gone", []):
        raise Http404
    unit = get_object_or_404(Territory, pk=unit_id)
    question = next((one for one in about.plan["questions"] if one["id"] == unit_id), None)
    rows = [row_of(about, one["code"]) for one in question["candidates"]] if question else []
    text = _("the same unit as %(name)s, %(code)s")
    candidates = [(row["code"], text % {"name": row["ru"], "code": row["code"]}) for row in rows]
    suggested = question["suggested"] if question else ""
    form = DecisionForm(
        request.POST or None,
        candidates=candidates,
        initial={"version": about.version, "choice": f"same:{suggested}" if suggested else None},
    )

    def save(values: dict[str, Any]) -> None:
        decision = editions.Decision(values["choice"], values["code"])
        if about.state in BEFORE:
            editions.decide(about, unit, decision, by=request.who, seen_version=values["version"])
        else:
            editions.answer(about, unit, decision, by=request.who, seen_version=values["version"])

    return form_answer(
        request,
        form,
        save,
        title=_("What became of %(unit)s (%(code)s)?") % {"unit": unit, "code": unit.code},
        lead=_("The same unit keeps everything that hangs on it under its new code. An abolished one stays closed."),
        done=_("The answer is kept."),
        back=reverse("territories:draft", args=[pk]),
    )


@require_POST
@for_administrators
def start(request: HttpRequest, pk: int) -> HttpResponse:
    return changed_draft(request, pk, editions.start, _("The edition is being loaded."))


@require_POST
@for_administrators
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    return changed_draft(request, pk, editions.put_aside, _("The file was put aside; the tree is as it was."))


def changed_draft(request: HttpRequest, pk: int, change, done: str) -> HttpResponse:
    about = draft_of(pk)
    try:
        after = change(about, by=request.who, seen_version=int(request.POST.get("version", 0)))
    except Stale as stale:
        messages.error(request, str(stale))
        return draft_page(request, draft_of(pk), status=409)
    except (ValidationError, ValueError) as error:
        text = error.messages[0] if isinstance(error, ValidationError) else str(error)
        messages.error(request, text)
        return redirect("territories:draft", pk)
    messages.success(request, done)
    if after.state == DraftState.LOADING:
        transaction.on_commit(wake, robust=True)
    return redirect(
        "territories:editions" if after.state == DraftState.DROPPED else "territories:draft",
        *([] if after.state == DraftState.DROPPED else [pk]),
    )


def wake() -> None:
    """A courtesy: without a broker the timetable finds the draft within seconds."""
    try:
        load_waiting.apply_async(retry=False, expires=30)
    except OperationalError:
        return


@require_GET
@for_administrators
def draft_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The piece that asks every two seconds; when the load has ended it sends the reader on."""
    about = draft_of(pk)
    if about.state == DraftState.LOADING:
        return render(request, "_job.html", progress_of(about))
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true"
    return response
