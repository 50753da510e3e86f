"""A `POST` that is sent again under the same `Idempotency-Key` is done once and answered twice.

The key is written in the transaction of the change, so there is never one without the other: whoever sends the same
while the first is still at work waits for it at the unique key. Refusals (4xx) are not kept: after mending the body the
same key may be used. Another request under a used key is a 422.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import KeptAnswer

HEADER = "Idempotency-Key"
#: Says that an answer was given before.
REPEATED = "Idempotency-Replayed"


class KeyUsed(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "key_used"

    def __init__(self) -> None:
        super().__init__(_("This Idempotency-Key was used for another request. Take a new one for each new request."))


def once(handler: Callable[..., Response], request: Request, *args: Any, together: bool, **kwargs: Any) -> Response:
    """The handler's answer, or the one that it gave before. Raises ValidationError for a key that is none, KeyUsed.

    `together`: the handler runs in the transaction that keeps its answer. Otherwise it runs on its own, must itself be
    harmless to repeat, and its answer is kept afterwards.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return handler(request, *args, **kwargs)
    if not re.fullmatch(r"[!-~]{1,200}", key):
        text = _("The key is 1 to 200 letters, digits and signs of ASCII without spaces.")
        raise exceptions.ValidationError({HEADER: [text]})
    asked = fingerprint(request)
    with transaction.atomic() if together else nullcontext():
        kept = claimed(request, key, asked)
        if kept.status is not None:
            return told_again(kept)
        try:
            response = handler(request, *args, **kwargs)
        except Exception:
            if not together:
                kept.delete()
            raise
        kept.status = response.status_code
        kept.body = JSONRenderer().render(response.data).decode()
        kept.headers = {name: value for name, value in response.headers.items() if name != "Content-Type"}
        kept.row_version = getattr(response, "version", None)
        kept.save()
    return response


def fingerprint(request: Request) -> str:
    """What makes two requests the same: the post, the address, the version that was seen and the body, byte by byte."""
    post = getattr(request._request.who, "post", None)
    words = [str(post and post.pk), request.get_full_path(), request.headers.get("If-Match", "")]
    digest = hashlib.sha256("\n".join(words).encode())
    digest.update(b"\n" + request._request.body)
    return digest.hexdigest()


def claimed(request: Request, key: str, asked: str) -> KeptAnswer:
    """The row of this key, new or there already. Raises KeyUsed for one that was made for something else."""
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(user=request.user, key=key, asked_sha256=asked)
    except IntegrityError:
        kept = KeptAnswer.objects.get(user=request.user, key=key)
    if kept.asked_sha256 != asked:
        raise KeyUsed
    return kept


def told_again(kept: KeptAnswer) -> Response:
    response = Response(json.loads(kept.body), status=kept.status, headers=kept.headers | {REPEATED: "true"})
    response.version = kept.row_version
    return response
