"""Pages and files that are the same for everybody, and may be kept by whoever stands between.

A view under `for_everybody` is asked at most once for each state of the data: the whole answer is kept in
the memory of the process, beside the version of the database that it was made from, and given again while
that version is the present one. Any committed change, of whatever row, makes a new version, so no view has
to tell what it depends on and nothing has to be cleared. Behind that stands `answer`, whose tag a view makes
of the facts that it shows: it spares the drawing, and the way, when the data changed somewhere else.

Use it for a page that shows the same to all:

    @for_everybody(seconds=300)
    def page(request, code):
        rows = ...                              # few queries: what the tag is made of
        return answer(request, etag(...), lambda: render(request, "public/page.html", {...}))

The view may read the address, the language and the day. It must not read cookies, the session or the user.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from territories.scope import Who, today

#: How long a made file is remembered; its tag changes with whatever it is made of.
KEPT_SECONDS = 3600
#: Bytes of answers that a process keeps, and of the largest one among them.
MOST_BYTES, MOST_OF_ONE = 32_000_000, 400_000
View = Callable[..., HttpResponse]


def data_version() -> str | None:
    """What tells one state of the database from another; None where that cannot be told.

    PostgreSQL's snapshot changes with every transaction of the server that writes, as it begins and as it ends,
    and never comes back: two readers of one snapshot read the same rows. Taken before the rows are read, so an answer
    may be newer than its version, never older. Inside a transaction own changes would not show in it.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return cursor.fetchone()[0]


class Kept(NamedTuple):
    """An answer as it was made."""

    version: str
    content: bytes
    headers: dict[str, str]

    def again(self) -> HttpResponse:
        return HttpResponse(self.content, headers=self.headers)


class Memory:
    """Whole answers by what they depend on besides the data; those not asked for longest go first."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.answers: OrderedDict[tuple, Kept] = OrderedDict()
        self.size = 0

    def find(self, key: tuple) -> Kept | None:
        """The last answer, if it is still here; whether it is good yet, its version or its tag tells."""
        with self.lock:
            kept = self.answers.get(key)
            if kept is not None:
                self.answers.move_to_end(key)
        return kept

    def keep(self, key: tuple, version: str, response: HttpResponse) -> None:
        content = response.content
        if len(content) > MOST_OF_ONE:
            return
        with self.lock:
            before = self.answers.pop(key, None)
            self.answers[key] = Kept(version, content, dict(response.items()))
            self.size += len(content) - (len(before.content) if before else 0)
            while self.size > MOST_BYTES:
                _oldest, gone = self.answers.popitem(last=False)
                self.size -= len(gone.content)


memory = Memory()


def place(request: HttpRequest) -> tuple:
    """All that an answer for everybody may depend on besides the data."""
    piece = request.headers.get("HX-Request", "") and request.headers.get("HX-Target", "-")
    return request.get_host(), request.is_secure(), request.get_full_path(), get_language(), today(), piece


def is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole answer that carries nothing for one reader: no cookie, no token of a form."""
    one_reader = response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    return response.status_code == 200 and not response.streaming and not one_reader


def for_everybody(*, seconds: int) -> Callable[[View], View]:
    """Open without log-in and blind to it: nobody's session is looked at, kept for so many seconds."""

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            version, key = data_version(), place(request)
            kept = memory.find(key) if version else None
            if kept is not None and kept.version == version:
                response = kept.again()
            else:
                request.kept_answer = kept  # type: ignore[attr-defined]
                # The messages of a person who is logged in would make the page his own.
                if hasattr(request, "_messages"):
                    del request._messages
                request.who = Who()  # type: ignore[attr-defined]
                response = view(request, *args, **kwargs)
                response["Cache-Control"] = f"public, max-age={seconds}"
                patch_vary_headers(response, ["Accept-Encoding"])
                if version and is_for_everybody(request, response):
                    memory.keep(key, version, response)
            # The middleware looked whether somebody is logged in; the page does not depend on the answer.
            if not request.session.modified:
                request.session.accessed = False
            tag = response.get("ETag")
            return (get_conditional_response(request, etag=tag, response=response) if tag else None) or response

        return login_not_required(require_safe(shown))

    return decorate


def answer(request: HttpRequest, tag: str, make: Callable[[], HttpResponse], *, keep: bool = False) -> HttpResponse:
    """304 if the reader has this very page already, else the page with its tag.

    `keep` remembers what was made for an hour: for files that are dear to make and asked for often.
    """
    response = get_conditional_response(request, etag=tag)
    kept = getattr(request, "kept_answer", None)
    if response is None and kept is not None and kept.headers.get("ETag") == tag:
        response = kept.again()
    if response is None and keep:
        name = f"made:{tag}"
        stored = cache.get(name)
        if stored is None:
            made = make()
            stored = (made.content, dict(made.items()))
            cache.set(name, stored, KEPT_SECONDS)
        content, headers = stored
        response = HttpResponse(content, headers=headers)
    response = response or make()
    response["ETag"] = tag
    return response
