"""Staff pages: letters and what became of them; the journal. Rows outside the reader's scope do not exist."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from . import rules, services, words
from .actors import Actor
from .addresses import NoticeRefused
from .conf import outbox as outbox_conf
from .delivery.folder import letter_path
from .forms import EntryFilter, NoticeFilter, ReasonForm
from .masking import words_for_others
from .mime import build
from .models import Entry, Notice
from .paging import KeyPaginator
from .queries import outbox_health

LETTERS_ON_PAGE = 50
ENTRIES_ON_PAGE = 50
#: A foreign letter is shown like a picture: nothing in it runs, loads or leads away.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox"
)
STATE_LOOK = {
    "pending": ("neutral", "hourglass-split"),
    "leased": ("info", "send"),
    "dot": ("info", "send"),
    "sent": ("success", "send-check"),
    "doubtful": ("warning", "question-circle"),
    "failed": ("danger", "x-circle"),
    "held": ("warning", "lock"),
    "cancelled": ("muted", "slash-circle"),
    "bounced": ("danger", "envelope-exclamation"),
}


def _scope(request: HttpRequest) -> Q:
    return import_string(settings.SCOPE_FOR)(request)


def _actor(request: HttpRequest) -> Actor:
    return request.who.actor  # type: ignore[attr-defined]


def _administers(request: HttpRequest) -> bool:
    return bool(request.who.is_administrator)  # type: ignore[attr-defined]


def _letters(request: HttpRequest) -> QuerySet[Notice]:
    return Notice.objects.filter(_scope(request))


def _letter(request: HttpRequest, pk: int) -> Notice:
    return get_object_or_404(_letters(request), pk=pk)


def look_of(notice: Notice) -> dict[str, str]:
    """Words, colour and icon of a delivery state; a letter that came back is not called accepted."""
    came_back = notice.bounced_at is not None
    kind, icon = STATE_LOOK["bounced" if came_back else notice.state]
    return {"label": _("Came back") if came_back else notice.get_state_display(), "kind": kind, "icon": icon}


def _sees_all(notice: Notice) -> bool:
    """In a demonstration nobody gets real mail, so whoever sees the letter may follow its links."""
    return not notice.confidential or (settings.DEMO and outbox_conf().transport == "file")


@never_cache
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    scoped = _letters(request)
    kinds = list(scoped.order_by("kind").values_list("kind", flat=True).distinct())
    form = NoticeFilter(request.GET, kinds=kinds)
    whole = Notice.objects.defer("body_text", "body_html")
    page = KeyPaginator(form.narrow(scoped), LETTERS_ON_PAGE, order=("-pk",), whole=whole).page_of(request.GET)
    health = outbox_health(scoped)
    return render(
        request,
        "journal/outbox.html",
        {
            "form": form,
            "page": page,
            "rows": [(notice, look_of(notice), words.kind_word(notice.kind)) for notice in page],
            "tiles": _tiles(health.by_state, health.bounced),
            "health": health,
            "as_files": outbox_conf().transport == "file",
            "filtered": any(form.cleaned_data.values()),
            "is_administrator": _administers(request),
        },
    )


def _tiles(by_state: dict[str, int], bounced: int) -> list[dict[str, object]]:
    State = Notice.State
    groups = [
        ("", _("waiting or on the way"), (State.PENDING, *Notice.IN_HAND), State.PENDING),
        ("", _("accepted"), (State.SENT,), State.SENT),
        ("stat-warning", _("in doubt"), (State.DOUBTFUL,), State.DOUBTFUL),
        ("stat-danger", _("refused"), (State.FAILED,), State.FAILED),
    ]
    tiles = [
        {"css": css, "label": label, "state": link, "number": sum(by_state.get(state, 0) for state in states)}
        for css, label, states, link in groups
    ]
    tiles.append({"css": "stat-danger", "label": _("came back"), "state": NoticeFilter.BOUNCED, "number": bounced})
    return tiles


@never_cache
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    letter = _letter(request, pk)
    administers = _administers(request)
    text, html = (letter.body_text, letter.body_html) if _sees_all(letter) else words_for_others(letter)
    return render(
        request,
        "journal/notice.html",
        {
            "notice": letter,
            "look": look_of(letter),
            "message_id": letter.message_id.strip("<>").split("@"),
            "kind": words.kind_word(letter.kind),
            "text": text,
            "has_html": bool(html),
            "is_masked": letter.confidential and not _sees_all(letter),
            "files": letter.files.select_related("content").defer("content__data"),
            "history": letter.history.all(),
            "as_files": outbox_conf().transport == "file",
            "can_retry": administers and rules.can_retry(letter),
            "can_cancel": administers and rules.can_cancel(letter),
            "can_put_aside": administers and rules.can_put_aside(letter),
        },
    )


@never_cache
@require_GET
@xframe_options_sameorigin
def notice_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of a letter alone, for a sandboxed frame."""
    letter = _letter(request, pk)
    html = letter.body_html if _sees_all(letter) else words_for_others(letter)[1]
    if not html:
        raise Http404
    response = HttpResponse(html)
    response["Content-Security-Policy"] = LETTER_POLICY
    return response


@never_cache
@require_GET
def notice_eml(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as a file for a mail program; links that act are masked in it."""
    letter = _letter(request, pk)
    written = letter_path(outbox_conf(), letter)
    if outbox_conf().transport == "file" and _sees_all(letter) and written.exists():
        data = written.read_bytes()
    else:
        if not _sees_all(letter):
            letter.body_text, letter.body_html = words_for_others(letter)
        data = build(letter, outbox_conf())
    return _download(data, "message/rfc822", f"notice-{letter.pk}.eml")


@never_cache
@require_GET
def notice_file(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """An attachment, as it went out."""
    file = get_object_or_404(_letter(request, pk).files.select_related("content"), position=position)
    return _download(bytes(file.content.data), file.content_type, file.name)


def _download(data: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
def notice_retry(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, services.retry, _("The letter goes out with the next round."))


@require_POST
def notice_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, services.cancel, _("The letter will not be sent."))


@require_POST
def notice_put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, services.put_aside, _("The letter is put aside until somebody sends it."))


def _change(request: HttpRequest, pk: int, service, done: str) -> HttpResponse:
    letter = _letter(request, pk)
    if not _administers(request):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        service(letter, by=_actor(request), reason=reason)
    except NoticeRefused as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, done)
    return redirect("journal:notice", pk=pk)


@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """The operator's word that mail may leave again."""
    if not _administers(request):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    services.release(by=_actor(request), reason=form.cleaned_data["reason"] if form.is_valid() else "")
    messages.success(request, _("Mail leaves again."))
    return redirect("journal:outbox")


@never_cache
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """The journal, newest first; pages follow the order of rows, so a long journal is as fast as a short one."""
    form = EntryFilter(request.GET)
    found = form.narrow(Entry.objects.filter(_scope(request))).order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    shown = list(found[: ENTRIES_ON_PAGE + 1])
    older = shown[ENTRIES_ON_PAGE - 1].pk if len(shown) > ENTRIES_ON_PAGE else None
    return render(
        request,
        "journal/entries.html",
        {
            "seal": services.head(),
            "form": form,
            "rows": _rows(shown[:ENTRIES_ON_PAGE]),
            "older": older,
            "is_later_page": bool(before),
            "filtered": any(form.cleaned_data.values()),
        },
    )


@never_cache
@require_GET
def history(request: HttpRequest, object_type: str, object_id: str) -> HttpResponse:
    """What happened to one thing: a piece for its page."""
    found = Entry.objects.filter(_scope(request), object_type=object_type, object_id=object_id)
    shown = _rows(found.order_by("-pk")[:ENTRIES_ON_PAGE])
    return render(
        request,
        "journal/_history.html",
        {"rows": shown, "object_type": object_type, "object_id": object_id, "full": len(shown) == ENTRIES_ON_PAGE},
    )


#: One change of a field; a page holds hundreds, so each is one format.
CHANGE = '<div><span class="muted">{}:</span> {}{}{}</div>'


def _rows(entries: Iterable[Entry]) -> list[dict[str, object]]:
    fields: dict[tuple[str, str], str] = {}
    return [
        {
            "entry": entry,
            "action": words.action_word(entry.action),
            "kind": words.object_word(entry.object_type) if entry.object_type else "",
            "changes": _drawn(words.changes(entry, fields)),
        }
        for entry in entries
    ]


def _drawn(changes: Iterable[tuple[str, str, str]]) -> SafeString:
    """What was and what became, as HTML; every text is escaped here."""
    found = []
    for field, was, became in changes:
        before, after = f"<del>{escape(was)}</del>" if was else "", f"<ins>{escape(became)}</ins>" if became else ""
        found.append(CHANGE.format(escape(field), before, " → " if was and became else "", after))
    return mark_safe("".join(found))  # noqa: S308
