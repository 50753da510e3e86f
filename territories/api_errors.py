"""Answers of the API when something is wrong: one shape for all.

    {"code": "not_found", "detail": "…in the caller's language…", "errors": {"date": ["…"]}, "request_id": "…"}

`errors` is there when single fields are wrong. A row outside the scope answers exactly like one
that does not exist, and nothing of the database or of the program's insides is told.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

#: Where Django and DRF put what belongs to no single field.
GENERAL = ("__all__", "non_field_errors")


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: turns refusals of services into the statuses of the API; None for what is a fault of ours."""
    if isinstance(exc, ValidationError):
        exc = exceptions.ValidationError(exc.message_dict if hasattr(exc, "error_dict") else exc.messages)
    elif isinstance(exc, Http404):
        exc = exceptions.NotFound(_("There is no such thing, or it is not yours to see."))
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied(str(exc) or None)
    response = exception_handler(exc, context)
    if response is None:
        return None
    assert isinstance(exc, exceptions.APIException), "DRF answers these only"
    response.data = body_of(exc, response.data)
    response.data["request_id"] = getattr(context["request"]._request, "request_id", "")
    return response


def body_of(exc: exceptions.APIException, data: Any) -> dict[str, Any]:
    """The one shape, out of the several that DRF has."""
    code = getattr(exc, "default_code", "error")
    if not isinstance(exc, exceptions.ValidationError):
        return {"code": code, "detail": data["detail"]}
    if isinstance(data, list):
        return {"code": code, "detail": " ".join(str(item) for item in data)}
    errors = {str(name): value for name, value in data.items() if name not in GENERAL}
    general = [str(text) for name in GENERAL for text in data.get(name, [])]
    body = {"code": code, "detail": " ".join(general) or _("Some fields are wrong.")}
    return body | ({"errors": errors} if errors else {})
