"""Bodies that programs send: what is not known is refused by name, so that no slip of the pen is lost in silence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request


class Strict(serializers.Serializer):
    """A body with these fields and no others. Fields that nobody may set can be sent back, and change nothing."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(str(name) for name in data.keys() - self.fields.keys())
            if unknown:
                raise serializers.ValidationError({name: [_("There is no such field.")] for name in unknown})
        return super().to_internal_value(data)


def checked(body: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The fields of a body, or ValidationError by field."""
    serializer = body(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
