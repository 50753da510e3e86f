"""A row is changed by whoever has seen it as it is: `If-Match` with its version, 428 without, 412 with an old one."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.request import Request

#: Our tags are `"3-5f2a9c01"`: the version, then a digest of the answer. For `If-Match` the version alone will do.
TAG = re.compile(r'(?:W/)?"?([0-9]{1,9})(?:-[0-9a-f]{16})?"?')


class Changed(exceptions.APIException):
    """Somebody else was first; the answer holds his row as it is now (`theirs`) and what was sent (`yours`).

    `row` is the present row, `fields` the names in which the two differ, where that is known.
    """

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "changed_meanwhile"

    def __init__(self, text: object, row: Any, fields: list[str] | None = None) -> None:
        super().__init__(str(text))
        self.row = row
        self.fields = [name.removesuffix("_id") for name in fields or []]


class VersionMissing(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_required"

    def __init__(self) -> None:
        super().__init__(_("Send the version of the row that you have seen in the header If-Match."))


def seen_version(request: Request) -> int:
    """The version of `If-Match`; raises VersionMissing when it is absent or none of our tags."""
    found = TAG.fullmatch(request.headers.get("If-Match", "").strip())
    if found is None:
        raise VersionMissing
    return int(found[1])
