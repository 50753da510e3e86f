"""Door 3: exports for programs: ask, look how far it is, take the file, cancel.

`POST` answers 202 with the job; its `status` tells when the `file` is there. One sees one's own jobs alone.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from issues.api.shared import refused
from journal.rest import Resource, Strict, checked
from territories.api_fields import who_asks
from territories.models import Territory
from territories.scope import Who, today

from ..summaries import files
from ..summaries.kinds import KINDS
from ..summaries.model import LANGUAGES, Asked
from . import services
from .models import ExportJob
from .views import begin, handed_out

KINDS_OF_FILE = [kind.partition(";")[0] for kind in files.TYPES.values()]


class ExportSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(
        source="unit.code", read_only=True, default=None, allow_null=True, help_text="code of the unit"
    )
    format = serializers.CharField(source="form", read_only=True)
    percent = serializers.IntegerField(read_only=True, allow_null=True, help_text="written so far, where it is known")
    file = serializers.SerializerMethodField(help_text="address of the file once it is there")

    class Meta:
        model = ExportJob
        fields = (
            "id", "kind", "year", "unit", "language", "format", "filters", "state", "percent", "progress", "fault",
            "file", "file_name", "sha256", "size", "rows", "asked_at", "finished_at", "kept_until",
        )  # fmt: skip

    def get_file(self, job: ExportJob) -> str | None:
        if not job.file:
            return None
        return reverse("exportjob-file", args=[job.pk], request=self.context.get("request"))


class ExportBody(Strict):
    """What is wanted."""

    kind = serializers.ChoiceField(choices=sorted(KINDS))
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    unit = serializers.RegexField(r"^\d{9}$", required=False, help_text="code of a unit; without it all of the scope")
    language = serializers.ChoiceField(choices=LANGUAGES, default="kk")
    format = serializers.ChoiceField(choices=files.FORMATS, default="xlsx")
    filters = serializers.DictField(
        child=serializers.CharField(max_length=40, allow_blank=True), required=False, default=dict
    )
    client_key = serializers.CharField(
        max_length=64, required=False, help_text="made by the program: the same key again is the same job"
    )


def asked_by(who: Who, given: dict[str, Any]) -> Asked:
    unit = None
    if given.get("unit"):
        unit = Territory.objects.filter(code=given["unit"], valid_to=None).first()
        if unit is None:
            raise ValidationError({"unit": _("There is no such unit, or it is not yours to see.")})
    return Asked(given["kind"], given["year"], who, today(), unit, given["language"], given["filters"])


def repeated(request: Request) -> str | None:
    """The key of a job that may be asked for again, from the header."""
    key = request.headers.get("Idempotency-Key")
    return hashlib.sha256(key.encode()).hexdigest() if key else None


@extend_schema_view(
    list=extend_schema(summary="One's own exports, the newest first"),
    retrieve=extend_schema(summary="One export: its state, how far it is, where its file is"),
)
class ExportViewSet(Resource):
    """Summaries of a year as files: calendar, coverage, meetings, issues, plan, progress, central, discipline."""

    queryset = ExportJob.objects.none()
    serializer_class = ExportSerializer
    ordering = "-pk"
    # A small file is written at once, in transactions of its own; the key makes it the same job twice.
    in_one_transaction = False

    def get_queryset(self):
        return ExportJob.objects.visible_to(who_asks(self.request)).select_related("unit")

    @extend_schema(summary="Ask for an export", request=ExportBody, responses={202: ExportSerializer})
    def create(self, request: Request) -> Response:
        given = checked(ExportBody, request)
        try:
            asked = asked_by(who_asks(request), given)
            job = begin(services.ask(asked, given["format"], client_key=given.get("client_key") or repeated(request)))
        except ValidationError as error:
            raise refused(error) from error
        shown = ExportSerializer(job, context=self.get_serializer_context()).data
        place = reverse("exportjob-detail", args=[job.pk], request=request)
        return Response(shown, status=status.HTTP_202_ACCEPTED, headers={"Location": place})

    @extend_schema(summary="Cancel an export that is not written yet", request=None, responses={200: ExportSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        job = services.cancel(self.get_object(), by=who_asks(request))
        return Response(self.get_serializer(job).data)

    @extend_schema(
        summary="The file of an export",
        responses={(200, kind): OpenApiResponse(OpenApiTypes.BINARY) for kind in KINDS_OF_FILE},
    )
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: str | None = None) -> Any:
        return handed_out(self.get_object(), who_asks(request))
