"""Bodies as JSON, refused where they are none: too long, nested without end, one name twice."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.parsers import JSONParser

#: Bytes of one body; 500 rows with the longest texts are less.
MOST_BYTES = 8_000_000


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"

    def __init__(self) -> None:
        super().__init__(_("The body is larger than %(most)s bytes.") % {"most": MOST_BYTES})


class Body(JSONParser):
    """UTF-8, no NaN, no name twice in one object; raises ParseError (400) or TooLarge (413)."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        sent = stream.read(MOST_BYTES + 1)
        if len(sent) > MOST_BYTES:
            raise TooLarge
        try:
            text = codecs.decode(sent, "utf-8")
            return json.loads(text, parse_constant=no_constant, object_pairs_hook=each_once)
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(_("The body is no JSON: %(error)s") % {"error": str(error)[:200]}) from error


def no_constant(name: str) -> Any:
    raise ValueError(name)


def each_once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"“{twice}” twice")
    return found
