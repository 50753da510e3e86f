"""Dear pages of the staff that show the same to every reader of one scope: their content is drawn once and shared.

What is shared are the blocks that a template fills; the frame around them – menu, pickers, the reader's name, what he
is to be told – is drawn for each reader. A content is kept in the memory of the process beside the version of the data
that it was made from (`calendars.changes`) and given again while that version is the present one, so that nobody sees
anything older than the rows. While data keeps changing, readers of one page share its making: whoever waits takes what
was begun after he came.

Use it for a page that depends on nothing of a reader but his scope (role, unit or organisation of the post), his
language, and the unit, year and address that he asks for:

    return shared_page(request, "reporting/desk.html", lambda: {...})
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import RequestContext
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode
from django.utils.translation import get_language

from territories.scope import today

from .caching import Turns
from .changes import data_version

#: Extends the base of the page and fills each block with what was drawn.
FRAME = "shared_page.html"
#: Characters that a process keeps.
MOST = 16_000_000


@dataclass(frozen=True, slots=True)
class Content:
    """The blocks of a page by their names, and what stands around them."""

    version: str
    #: When its making began, by the process's clock: it shows all that had been committed before.
    begun: float
    #: The template around the blocks.
    base: str
    blocks: dict[str, str]
    title: str

    @property
    def size(self) -> int:
        return sum(map(len, self.blocks.values()))


class Contents:
    """Contents by what they depend on besides the data; those not asked for longest go first."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.lock = threading.Lock()
        self.kept: OrderedDict[tuple, Content] = OrderedDict()
        self.size = 0

    def find(self, key: tuple) -> Content | None:
        with self.lock:
            content = self.kept.get(key)
            if content is not None:
                self.kept.move_to_end(key)
        return content

    def keep(self, key: tuple, content: Content) -> None:
        with self.lock:
            before = self.kept.pop(key, None)
            self.kept[key] = content
            self.size += content.size - (before.size if before else 0)
            while self.size > self.most:
                _key, gone = self.kept.popitem(last=False)
                self.size -= gone.size


contents = Contents()
turns = Turns()


def shared_page(request: HttpRequest, template: str, make: Callable[[], dict[str, Any]]) -> HttpResponse:
    """The page of `template`, its blocks drawn with what `make` answers if no reader of the scope has them yet.

    `template` extends another one and says all it has to say in blocks; it must not show anything of the person.
    """
    came, version, key = time.monotonic(), data_version(), place(request, template)
    content = contents.find(key) if version else None
    if version is None:
        content = drawn(request, template, make, "")
    elif content is None or content.version != version:
        with turns.of(key) as waited:
            content = contents.find(key)
            # Begun after we came: it shows all that we could have seen, though more has changed since.
            if content is None or content.begun < came:
                version = (data_version() if waited else None) or version
                content = drawn(request, template, make, version)
                contents.keep(key, content)
    framed = {"shared_base": content.base, "shared": content.blocks, "title": content.title}
    return render(request, FRAME, framed)


def place(request: HttpRequest, template: str) -> tuple:
    """All that a shared content may depend on besides the data."""
    who = request.who  # type: ignore[attr-defined]
    scope = (who.role, who.post.territory_id, who.post.organisation_id) if who.post else (who.system,)
    unit = getattr(request, "unit", None)
    asked = (request.get_full_path(), unit.pk if unit else None, getattr(request, "year", None))
    return template, scope, asked, get_language(), today()


def drawn(request: HttpRequest, template: str, make: Callable[[], dict[str, Any]], version: str) -> Content:
    begun, values = time.monotonic(), make()
    compiled: Any = get_template(template).template  # type: ignore[attr-defined]
    extends = compiled.nodelist.get_nodes_by_type(ExtendsNode)[0]
    context = RequestContext(request, values)
    with context.render_context.push_state(compiled), context.bind_template(compiled):
        blocks = {name: block.nodelist.render(context) for name, block in extends.blocks.items()}
    return Content(version, begun, extends.parent_name.resolve(context), blocks, values["title"])
