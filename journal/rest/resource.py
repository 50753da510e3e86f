"""The base of every resource of the API."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from .bulk import RowsWrong
from .once import once
from .paging import Pages
from .parsing import Body
from .versions import Changed

#: Actions whose answer is made of the resource's own columns, so that `?fields=` can choose among them.
CHOOSING = ("list", "retrieve")


class Resource(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """A list in pages and single rows, read by everybody in whose scope (`get_queryset`) they lie."""

    parser_classes = (Body,)
    # Whatever stands in the place of an id is answered here, in JSON.
    lookup_value_regex = "[^/]+"
    pagination_class = Pages
    #: Column by whose values the list is sorted and cut into pages: unique and never changed.
    ordering = "pk"
    #: Parameters of the address that single actions take, beside those that every list and row has.
    takes: dict[str, tuple[str, ...]] = {}
    #: Actions that change a row and ask for its version in `If-Match`.
    versioned: tuple[str, ...] = ()
    #: False where a `POST` begins work outside its transaction and is harmless to repeat by itself.
    in_one_transaction = True

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        handler: Any = getattr(self, "post", None)
        if request.method == "POST" and handler is not None:
            self.post = partial(once, handler, together=self.in_one_transaction)
        return super().dispatch(request, *args, **kwargs)

    # -- What is asked ----------------------------------------------------------------------------
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        unknown = sorted(set(request.query_params) - self.parameters())
        if unknown and self.action is not None:
            known = ", ".join(sorted(self.parameters())) or "–"
            text = _("There is no such parameter. Known here: %(known)s.") % {"known": known}
            raise ValidationError({name: [text] for name in unknown})

    def parameters(self) -> set[str]:
        """Names that the present action reads from the address."""
        names = set(self.takes.get(self.action or "", ()))
        if self.action in CHOOSING:
            names.add("fields")
        if self.action == "list":
            names |= {"cursor", "page_size"}
            names |= set(filters.base_filters) if (filters := getattr(self, "filterset_class", None)) else set()
        return names

    def get_serializer(self, *args: Any, **kwargs: Any) -> serializers.BaseSerializer:
        serializer = super().get_serializer(*args, **kwargs)
        if self.request.method in SAFE_METHODS and self.action in CHOOSING:
            narrow(serializer, self.request.query_params.get("fields"))
        return serializer

    # -- What is answered -------------------------------------------------------------------------
    def version_of(self, row: Any) -> int | None:
        """What `If-Match` is compared with; None for rows that nobody changes here."""
        return getattr(row, "version", None)

    def shown(self, row: Any, code: int = status.HTTP_200_OK, **headers: str) -> Response:
        """One row, with its version in the `ETag`."""
        response = Response(self.get_serializer(row).data, status=code, headers=headers)
        response.version = self.version_of(row)
        return response

    def shown_many(self, rows: Sequence[Any], code: int = status.HTTP_201_CREATED) -> Response:
        """Rows that were written together, in the order in which they were sent."""
        found = self.get_queryset().in_bulk([row.pk for row in rows])
        shown = [found[row.pk] for row in rows]
        return Response(self.get_serializer(shown, many=True).data, status=code)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.shown(self.get_object())

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(response, Response) and response.status_code in (200, 201) and response.data is not None:
            response.add_post_render_callback(lambda done: tagged(request, done))
        return response

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if isinstance(exc, RowsWrong):
            response.data["rows"] = exc.rows
        elif isinstance(exc, Changed):
            present = self.get_queryset().filter(pk=exc.row.pk).first() or exc.row
            response.data["theirs"] = self.get_serializer(present).data
            response.data["yours"] = self.request.data
            response.data["fields"] = exc.fields
        return response

    def fresh(self, row: Any) -> Any:
        """The row with all that the answer shows of it, read anew and in the asker's scope."""
        return self.get_queryset().get(pk=row.pk)


def narrow(serializer: Any, asked: str | None) -> None:
    """Leave the columns that `?fields=id,date` names; raises ValidationError for one that is not there."""
    if asked is None:
        return
    columns = getattr(serializer, "child", serializer).fields
    wanted = asked.split(",")
    unknown = [name for name in wanted if name not in columns]
    if unknown:
        text = _("There is no field “%(name)s”. The fields are: %(known)s.")
        raise ValidationError({"fields": [text % {"name": name, "known": ", ".join(columns)} for name in unknown]})
    for name in set(columns) - set(wanted):
        columns.pop(name)


def tagged(request: Request, response: Response) -> HttpResponse:
    """The answer with its `ETag`, or 304 for a reader who has it already."""
    digest = hashlib.sha256(response.content).hexdigest()[:16]
    version = getattr(response, "version", None)
    tag = f'"{digest}"' if version is None else f'"{version}-{digest}"'
    response["ETag"] = tag
    if request.method not in SAFE_METHODS:
        return response
    kept = {known.removeprefix("W/") for known in parse_etags(request.headers.get("If-None-Match", ""))}
    if tag not in kept:
        return response
    same = HttpResponseNotModified(headers={"ETag": tag})
    for name in ("Vary", "Content-Language"):
        if response.has_header(name):
            same[name] = response[name]
    return same
