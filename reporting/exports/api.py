"""Door 3: exports for programs: ask, look how far it is, take the file, cancel.

`POST` answers 202 with the job; its `status` tells when the `file` is there. One sees one's own jobs alone.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from calendars.api import who_asks
from issues.api import refused
from territories.models import Territory
from territories.scope import today

from ..summaries import files
from ..summaries.kinds import KINDS
from ..summaries.model import LANGUAGES, Asked
from . import services
from .models import ExportJob
from .views import begin, handed_out

REFUSALS = {code: OpenApiTypes.OBJECT for code in (400, 403, 404)}


class ExportSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code", read_only=True, default=None, help_text="code of the unit")
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


class ExportBody(serializers.Serializer):
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

    def asked(self, who: Any) -> Asked:
        given = self.validated_data
        unit = None
        if given.get("unit"):
            unit = Territory.objects.filter(code=given["unit"], valid_to=None).first()
            if unit is None:
                raise ValidationError({"unit": _("There is no such unit, or it is not yours to see.")})
        return Asked(given["kind"], given["year"], who, today(), unit, given["language"], given["filters"])


@extend_schema_view(
    list=extend_schema(summary="One's own exports, the newest first"),
    retrieve=extend_schema(summary="One export: its state, how far it is, where its file is"),
)
class ExportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Summaries of a year as files: calendar, coverage, meetings, issues, plan, progress, central, discipline."""

    queryset = ExportJob.objects.none()
    serializer_class = ExportSerializer

    def get_queryset(self):
        return ExportJob.objects.visible_to(who_asks(self.request)).select_related("unit")

    @extend_schema(summary="Ask for an export", request=ExportBody, responses={202: ExportSerializer} | REFUSALS)
    def create(self, request: Request) -> Response:
        body = ExportBody(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        try:
            asked = body.asked(who_asks(request))
            job = begin(services.ask(asked, given["format"], client_key=given.get("client_key")))
        except ValidationError as error:
            raise refused(error) from error
        shown = ExportSerializer(job, context=self.get_serializer_context()).data
        place = reverse("exportjob-detail", args=[job.pk], request=request)
        return Response(shown, status=status.HTTP_202_ACCEPTED, headers={"Location": place})

    @extend_schema(
        summary="Cancel an export that is not written yet", request=None, responses={200: ExportSerializer} | REFUSALS
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        job = services.cancel(self.get_object(), by=who_asks(request))
        return Response(self.get_serializer(job).data)

    @extend_schema(
        summary="The file of an export",
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)} | REFUSALS,
    )
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: str | None = None) -> Any:
        return handed_out(self.get_object(), who_asks(request))
