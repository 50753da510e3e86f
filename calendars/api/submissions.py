"""Submissions for programs: the region sends its approved calendar, the Government accepts it or returns it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django_filters
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from journal.rest import Changed, Resource, Strict, checked, seen_version
from territories.api_fields import GREATEST_ID, DayField, who_asks
from territories.scope import today

from .. import rules
from ..models import CalendarVersion, Submission, SubmissionRemark
from ..models.submission import SubmissionState
from ..services import submit as services


class RemarkSerializer(serializers.ModelSerializer):
    meeting = serializers.IntegerField(
        source="row.meeting_id", default=None, allow_null=True, help_text="id of the meeting it is about; null: all"
    )

    class Meta:
        model = SubmissionRemark
        fields = ("id", "meeting", "text", "settled_text")


class SubmissionSerializer(serializers.ModelSerializer):
    calendar = serializers.IntegerField(source="version.calendar_id", help_text="id of the calendar")
    region = serializers.CharField(source="version.calendar.region.code", help_text="code of the region")
    year = serializers.IntegerField(source="version.calendar.year")
    number = serializers.IntegerField(source="version.number", help_text="which approved version was sent")
    remarks = serializers.SerializerMethodField(help_text="the region reads them once it is returned")
    version = serializers.IntegerField(source="lock", help_text="grows with each decision; for If-Match")

    class Meta:
        model = Submission
        fields = (
            "id", "calendar", "region", "year", "number", "letter_number", "letter_date", "submitted_at", "state",
            "incoming_number", "decided_at", "decision_text", "remarks", "version",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(RemarkSerializer(many=True))
    def get_remarks(self, row: Submission) -> Any:
        told = row.state == SubmissionState.RETURNED or rules.can_review(who_asks(self.context["request"]))
        return RemarkSerializer(row.remarks.all() if told else [], many=True).data


class SubmissionFilter(django_filters.FilterSet):
    year = django_filters.NumberFilter(field_name="version__calendar__year", min_value=1990, max_value=2100)
    region = django_filters.CharFilter(field_name="version__calendar__region__code", max_length=12)
    calendar = django_filters.NumberFilter(field_name="version__calendar", min_value=1, max_value=GREATEST_ID)
    state = django_filters.MultipleChoiceFilter(choices=SubmissionState.choices)

    class Meta:
        model = Submission
        fields = ()


class SubmitBody(Strict):
    calendar = serializers.IntegerField(min_value=1, max_value=GREATEST_ID, help_text="id of the calendar")
    number = serializers.IntegerField(min_value=1, max_value=32767, help_text="approved version; the newest only")
    letter_number = serializers.CharField(max_length=60)
    letter_date = DayField()


class AcceptBody(Strict):
    incoming_number = serializers.CharField(max_length=60)


class GiveBackBody(Strict):
    text = serializers.CharField(max_length=5000)
    incoming_number = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


@contextmanager
def refusals() -> Iterator[None]:
    try:
        yield
    except services.StaleSubmission as stale:
        raise Changed(stale, stale.submission) from stale


@extend_schema_view(
    list=extend_schema(summary="Submitted calendars and what was decided"),
    retrieve=extend_schema(summary="One submission, by its id"),
)
class SubmissionViewSet(Resource):
    """Approved calendars that regions sent to the Government: the region reads its own, the Government all."""

    queryset = Submission.objects.none()
    serializer_class = SubmissionSerializer
    filterset_class = SubmissionFilter
    ordering = "-pk"
    versioned = ("accept", "return_")

    def get_queryset(self):
        rows = Submission.objects.visible_to(who_asks(self.request)).select_related("version__calendar__region")
        return rows.prefetch_related(Prefetch("remarks", SubmissionRemark.objects.select_related("row")))

    def version_of(self, row: Submission) -> int:
        return row.lock

    @extend_schema(
        summary="Send the newest approved version to the Government",
        request=SubmitBody,
        responses={
            200: OpenApiResponse(SubmissionSerializer, "it lies with the Government already"),
            201: SubmissionSerializer,
        },
    )
    def create(self, request: Request) -> Response:
        given, who = checked(SubmitBody, request), who_asks(request)
        versions = CalendarVersion.objects.visible_to(who).select_related("calendar__region")
        version = versions.filter(calendar=given["calendar"], number=given["number"]).first()
        if version is None:
            raise serializers.ValidationError({"number": [_("There is no such approved version.")]})
        row, sent = services.submit(
            version,
            letter_number=given["letter_number"],
            letter_date=given["letter_date"],
            today=today(),
            by=who,
        )
        return self.shown(self.fresh(row), status.HTTP_201_CREATED if sent else status.HTTP_200_OK)

    @extend_schema(summary="Accept it under an incoming number", request=AcceptBody)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.decided(services.accept, AcceptBody)

    @extend_schema(summary="Return it with remarks", request=GiveBackBody)
    @action(detail=True, methods=["post"], url_path="return")
    def return_(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.decided(services.return_with_remarks, GiveBackBody)

    def decided(self, decision: Any, body: type[Strict]) -> Response:
        row, seen = self.get_object(), seen_version(self.request)
        with refusals():
            decision(row, **checked(body, self.request), seen=seen, today=today(), by=who_asks(self.request))
        return self.shown(self.fresh(row))
