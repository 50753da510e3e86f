"""How the API is documented: ways of logging in, what all resources have in common, and every refusal."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from journal.rest import Resource
from journal.rest.resource import CHOOSING

Operation = dict[str, Any]


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "territories.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "A token of your post: My account → Tokens."}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "territories.tokens.PageSession"
    name = "session"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class Hour(OpenApiSerializerFieldExtension):
    """Civil hours have no offset, unlike the `time` of JSON Schema."""

    target_class = "rest_framework.serializers.TimeField"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?$", "example": "15:00"}


class Refusal(serializers.Serializer):
    """Why something was not done, in the caller's language (`Accept-Language`)."""

    code = serializers.CharField(help_text="for programs: not_found, invalid, permission_denied …")
    detail = serializers.CharField(help_text="for people")
    errors = serializers.DictField(required=False, help_text="what is wrong, by field")  # type: ignore[assignment]
    rows = serializers.DictField(required=False, help_text="bulk: what is wrong, by place in the list and field")
    request_id = serializers.CharField(help_text="stands in the log of the server")


class Conflict(Refusal):
    """Somebody else was first: both texts, so that the caller can put them together."""

    theirs = serializers.DictField(help_text="the row as it is now")
    yours = serializers.JSONField(help_text="what was sent")
    fields = serializers.ListField(  # type: ignore[assignment]
        child=serializers.CharField(), help_text="where the two differ, if that is known"
    )


IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True,
    description="the `ETag` of the row as you have seen it, or its `version` in quotation marks",
)  # fmt: skip
REPEAT = OpenApiParameter(
    "Idempotency-Key", {"type": "string", "pattern": "^[!-~]{1,200}$"}, OpenApiParameter.HEADER,
    description="made by you: the same request again under the same key gives the first answer and changes nothing",
)  # fmt: skip
REASONS = {
    304: "you have this answer already (`If-None-Match`)",
    400: "something is wrong with the request; `errors` names each field",
    401: "no valid token",
    403: "your post may not do this",
    404: "no such thing, or not yours to see",
    406: "only JSON is spoken here",
    412: "the row has changed since you saw it; both texts",
    413: "the body is too large",
    415: "send JSON",
    422: "this Idempotency-Key was used for another request",
    428: "If-Match is missing",
    429: "too many requests; wait `Retry-After` seconds",
}
ETAG = {"ETag": {"schema": {"type": "string"}, "description": "for If-None-Match and, of one row, for If-Match"}}


class Documented(AutoSchema):
    """Adds to each operation of a `Resource` what the base class does for it."""

    @property
    def resource(self) -> Resource | None:
        return self.view if isinstance(self.view, Resource) else None

    def get_override_parameters(self) -> list[Any]:
        more: list[Any] = list(super().get_override_parameters())
        view = self.resource
        if view is None:
            return more
        if view.action in CHOOSING:
            columns = list(getattr(view.get_serializer(), "fields", {}))
            more.append(
                OpenApiParameter(
                    "fields", str, many=True, explode=False, enum=columns, description="only these fields of each row"
                )
            )
            more.append(OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="an `ETag`"))
        if view.action in view.versioned:
            more.append(IF_MATCH)
        if self.method == "POST":
            more.append(REPEAT)
        return more

    def get_operation(self, *args: Any, **kwargs: Any) -> Operation | None:
        operation: Operation | None = super().get_operation(*args, **kwargs)
        if operation is None or self.resource is None:
            return operation
        responses = operation["responses"]
        for code in self.refusals(operation):
            responses.setdefault(str(code), self.refusal(code))
        for done in ("200", "201"):
            if "application/json" in responses.get(done, {}).get("content", {}):
                responses[done]["headers"] = ETAG
        operation["responses"] = dict(sorted(responses.items()))
        return operation

    def refusals(self, operation: Operation) -> set[int]:
        """Statuses, beside those of success, with which this operation may answer."""
        view = self.resource
        assert view is not None
        codes = {400, 401, 403, 406, 429}
        if view.detail or "calendar" in view.takes.get(view.action, ()):
            codes.add(404)
        if view.action in CHOOSING:
            codes.add(304)
        if view.action in view.versioned:
            codes |= {412, 428}
        if self.method == "POST":
            codes.add(422)
        if "requestBody" in operation:
            codes |= {413, 415}
        return codes

    def refusal(self, code: int) -> dict[str, Any]:
        if code == 304:
            return {"description": REASONS[code]}
        body = self.resolve_serializer(Conflict if code == 412 else Refusal, "response")
        return {"description": REASONS[code], "content": {"application/json": {"schema": body.ref}}}


def as_answered(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """What answers promise less than bodies ask: addresses may be empty, a column that was not chosen is not there."""
    components = result["components"]["schemas"]
    for name, component in components.items():
        if name == "Request" or not name.endswith("Request"):
            for column in component.get("properties", {}).values():
                if column.get("format") == "uri":
                    del column["format"]
    reads = [methods["get"] for methods in result["paths"].values() if "get" in methods]
    for operation in reads:
        if not any(parameter["name"] == "fields" for parameter in operation.get("parameters", ())):
            continue
        content = operation["responses"]["200"]["content"]["application/json"]
        found = components[content["schema"]["$ref"].rpartition("/")[2]]
        if "results" in found["properties"]:
            found = components[found["properties"]["results"]["items"]["$ref"].rpartition("/")[2]]
        found.pop("required", None)
    return result
