"""Pages and files that are the same for everybody, and may be kept by whoever stands between.

A view under `for_everybody` is asked at most once for each state of the data: the whole answer is kept in
the memory of the process, beside the version of the data that it was made from (`calendars.changes`), and given
again while that version is the present one. Any committed change of any table but letters, sessions and their like
makes a new version, so no view has to tell what it depends on and nothing has to be cleared. Behind that stands
`answer`, whose tag a view makes of the facts that it shows: it spares the drawing, and the way, when the data
changed somewhere else. While data keeps changing, many readers of one page make it one after another, not each for
himself: whoever waits takes an answer whose making began after he came.

`KeptAnswersMiddleware` stands before all others and gives a kept answer, with the headers that they had added, to
whoever comes without a session: one query for the version and nothing else. Who has a session goes the long way,
so that the session lives on, and reads the same page.

Use it for a page that shows the same to all:

    @for_everybody(seconds=300)
    def page(request, code):
        rows = ...                              # few queries: what the tag is made of
        return answer(request, etag(...), lambda: render(request, "public/page.html", {...}))

The view may read the address, the language and the day. It must not read cookies, the session or the user.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, has_vary_header, patch_vary_headers
from django.views.decorators.http import require_safe

from territories.scope import Who, today

from .changes import data_version

#: How long a made file is remembered; its tag changes with whatever it is made of.
KEPT_SECONDS = 3600
#: Bytes of answers that a process keeps, and of the largest one among them.
MOST_BYTES, MOST_OF_ONE = 32_000_000, 400_000
#: A header that is every answer's own.
NUMBER = "X-Request-ID"
LANGUAGES = frozenset(dict(settings.LANGUAGES))
View = Callable[..., HttpResponse]


@dataclass(slots=True)
class Kept:
    """An answer as it was made, and the headers that it has when it leaves, once that is known."""

    version: str
    #: When its making began, by the process's clock: it shows all that had been committed before.
    begun: float
    content: bytes
    headers: dict[str, str]
    leaving: dict[str, str] | None = None

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

    def keep(self, key: tuple, version: str, begun: float, response: HttpResponse) -> Kept | None:
        content = response.content
        if len(content) > MOST_OF_ONE:
            return None
        kept = Kept(version, begun, content, dict(response.items()))
        with self.lock:
            before = self.answers.pop(key, None)
            self.answers[key] = kept
            self.size += len(content) - (len(before.content) if before else 0)
            while self.size > MOST_BYTES:
                _oldest, gone = self.answers.popitem(last=False)
                self.size -= len(gone.content)
        return kept


memory = Memory()


class Turns:
    """One maker at a time for each answer; whoever else wants it waits and may take what was made meanwhile."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.queues: dict[tuple, tuple[threading.Lock, int]] = {}

    @contextmanager
    def of(self, key: tuple) -> Iterator[bool]:
        """Holds the turn; tells whether somebody else had it before."""
        with self.lock:
            queue, waiting = self.queues.get(key, (threading.Lock(), 0))
            self.queues[key] = queue, waiting + 1
        try:
            with queue:
                yield waiting > 0
        finally:
            with self.lock:
                queue, waiting = self.queues[key]
                if waiting > 1:
                    self.queues[key] = queue, waiting - 1
                else:
                    del self.queues[key]


turns = Turns()


class Results:
    """Rows of dear statements beside the state of the data that they show, given again while it is the present.

    Kept by the process, for whoever asks; scope is no part of such a statement. Inside a transaction nothing is kept.
    """

    def __init__(self, most: int, most_rows: int) -> None:
        self.most, self.most_rows = most, most_rows
        self.lock = threading.Lock()
        self.found: OrderedDict[Any, tuple[str, list[tuple]]] = OrderedDict()

    def of(self, key: Any, read: Callable[[], list[tuple]]) -> list[tuple]:
        version = data_version()
        if version is None:
            return read()
        with self.lock:
            kept = self.found.get(key)
        if kept is not None and kept[0] == version:
            return kept[1]
        rows = read()
        if len(rows) <= self.most_rows:
            with self.lock:
                self.found[key] = version, rows
                self.found.move_to_end(key)
                while len(self.found) > self.most:
                    self.found.popitem(last=False)
        return rows

    def clear(self) -> None:
        with self.lock:
            self.found.clear()


def place(request: HttpRequest) -> tuple:
    """All that an answer for everybody may depend on besides the data."""
    piece = request.headers.get("HX-Request", "") and request.headers.get("HX-Target", "-")
    return request.get_host(), request.is_secure(), request.get_full_path(), language_of(request), today(), piece


def language_of(request: HttpRequest) -> str:
    """The language in which this address is answered: that of the address, else the chosen one, else Kazakh."""
    for wish in (request.path_info.split("/", 2)[1], request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)):
        if wish in LANGUAGES:
            return wish
    return settings.LANGUAGE_CODE


def is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole answer that carries nothing for one reader: no cookie, no token of a form."""
    one_reader = response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    return response.status_code == 200 and not response.streaming and not one_reader


def for_everybody(*, seconds: int) -> Callable[[View], View]:
    """Open without log-in and blind to it: nobody's session is looked at, kept for so many seconds."""

    def decorate(view: View) -> View:
        def made(request: HttpRequest, kept: Kept | None, *args: Any, **kwargs: Any) -> HttpResponse:
            request.kept_answer = kept  # type: ignore[attr-defined]
            # The messages of a person who is logged in would make the page his own.
            if hasattr(request, "_messages"):
                del request._messages
            request.who = Who()  # type: ignore[attr-defined]
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = f"public, max-age={seconds}"
            patch_vary_headers(response, ["Accept-Encoding"])
            return response

        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            came = time.monotonic()
            # Read before the middleware looked, where it did: then it is older than the rows, which does no harm.
            version, key = getattr(request, "data_version", None) or data_version(), place(request)
            kept = memory.find(key) if version else None
            if kept is not None and kept.version == version:
                response = kept.again()
            elif version:
                with turns.of(key) as waited:
                    kept = memory.find(key)
                    # Begun after we came: it shows all that we could have seen, though more has changed since.
                    if kept is not None and kept.begun >= came:
                        response = kept.again()
                    else:
                        begun = time.monotonic()
                        version = (data_version() if waited else None) or version
                        response = made(request, kept, *args, **kwargs)
                        if is_for_everybody(request, response):
                            kept = memory.keep(key, version, begun, response)
            else:
                response = made(request, None, *args, **kwargs)
            request.leaves_as = kept  # type: ignore[attr-defined]
            # The middleware looked whether somebody is logged in; the page does not depend on the answer.
            if not request.session.modified:
                request.session.accessed = False
            tag = response.get("ETag")
            return (get_conditional_response(request, etag=tag, response=response) if tag else None) or response

        return login_not_required(require_safe(shown))

    return decorate


class KeptAnswersMiddleware:
    """Before all others: a kept answer goes out at once, to whoever asks without a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self.get_response(request)
        kept = memory.find(place(request))
        if kept is not None and kept.leaving is not None:
            version = data_version()
            if version == kept.version:
                return leave(request, kept)
            request.data_version = version  # type: ignore[attr-defined]
        response = self.get_response(request)
        kept = getattr(request, "leaves_as", None)
        if kept is not None and response.status_code == 200 and not response.cookies and not is_of_cookie(response):
            kept.leaving = {name: value for name, value in response.items() if name != NUMBER}
        return response


def leave(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The kept answer as it left before, or that the reader has it already; each time under a number of its own."""
    response = HttpResponse(kept.content, headers=kept.leaving)
    tag = kept.headers.get("ETag")
    if tag and "HTTP_IF_NONE_MATCH" in request.META:
        response = get_conditional_response(request, etag=tag, response=response) or response
    response[NUMBER] = uuid.uuid4().hex
    return response


def is_of_cookie(response: HttpResponse) -> bool:
    """Whether a cookie had a say in the answer."""
    return has_vary_header(response, "Cookie")


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
