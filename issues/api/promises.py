"""Promises for programs: items of approved plans with their progress, and what was published where.

The same scope as on the pages. Accounts of executors and stored copies stay out; organisation and post are what is
published. Days are civil days of Kazakhstan.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from journal.rest import Resource, Strict, checked, seen_version
from territories.api_fields import GREATEST_ID, DayField, who_asks
from territories.scope import today

from .. import services
from ..models import (
    Channel,
    DueChange,
    ItemState,
    PlanItem,
    ProgressKind,
    Publication,
    PublishedVersion,
    What,
)
from .shared import meeting_of, refusals, same_version


class PlanItemSerializer(serializers.ModelSerializer):
    unit: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    meeting = serializers.IntegerField(source="plan.meeting_id", read_only=True)
    issue_number = serializers.CharField(source="issue", read_only=True, help_text="year-number of the issue")
    slips = serializers.IntegerField(read_only=True, help_text="how often the day of this item was put off")
    late = serializers.SerializerMethodField(help_text="owed and past its day today")

    class Meta:
        model = PlanItem
        fields = (
            "id",
            "meeting",
            "unit",
            "issue",
            "issue_number",
            "measure_kk",
            "measure_ru",
            "due_on",
            "first_due_on",
            "slips",
            "late",
            "organisation",
            "post",
            "completion_kk",
            "completion_ru",
            "state",
            "finished_on",
            "version",
        )

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_late(self, item: PlanItem) -> bool:
        return item.finished_on is None and item.state != ItemState.DROPPED and item.due_on < today()


class ProgressBody(Strict):
    kind = serializers.ChoiceField(choices=ProgressKind.choices)
    on = DayField(help_text="day on which it was done")
    text = serializers.CharField(max_length=3000)


class NewDayBody(Strict):
    to = DayField(help_text="the day that is asked for; the old one stays until the office has decided")
    reason = serializers.CharField(max_length=2000)


class DueChangeSerializer(serializers.ModelSerializer):
    class Meta:
        model = DueChange
        fields = ("id", "item", "was", "to", "reason", "state")


class PlanItemFilter(django_filters.FilterSet):
    meeting = django_filters.NumberFilter(field_name="plan__meeting", min_value=1, max_value=GREATEST_ID)
    issue = django_filters.NumberFilter(min_value=1, max_value=GREATEST_ID)
    unit = django_filters.CharFilter(field_name="unit__code", max_length=12)
    state = django_filters.MultipleChoiceFilter(choices=[c for c in ItemState.choices if c[0] != "draft"])
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")

    class Meta:
        model = PlanItem
        fields = ()


@extend_schema_view(
    list=extend_schema(summary="Items of approved action plans"),
    retrieve=extend_schema(summary="One item: day first promised, present day, slips, executor"),
)
class PlanItemViewSet(Resource):
    """Items of approved plans; an executor's token reads his own ones alone. Drafts never show."""

    queryset = PlanItem.objects.none()
    serializer_class = PlanItemSerializer
    filterset_class = PlanItemFilter
    ordering = "-pk"
    versioned = ("progress",)

    def get_queryset(self):
        rows = PlanItem.objects.visible_to(who_asks(self.request)).exclude(state=ItemState.DRAFT).with_slips()
        return rows.select_related("unit", "plan", "issue")

    @extend_schema(summary="Tell what was done", request=ProgressBody, responses={200: PlanItemSerializer})
    @action(detail=True, methods=["post"])
    def progress(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row, version = self.get_object(), seen_version(request)
        given = checked(ProgressBody, request)
        with refusals(), transaction.atomic():
            same_version(row, version)
            services.record_progress(row, **given, today=today(), by=who_asks(request))
        return self.shown(self.fresh(row))

    @extend_schema(summary="Ask for a new day", request=NewDayBody, responses={201: DueChangeSerializer})
    @action(detail=True, methods=["post"], url_path="ask-new-day")
    def ask_new_day(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row, given = self.get_object(), checked(NewDayBody, request)
        with refusals():
            asked = services.ask_due_change(row, **given, today=today(), by=who_asks(request))
        return Response(DueChangeSerializer(asked).data, status=status.HTTP_201_CREATED)


class PublicationSerializer(serializers.ModelSerializer):
    unit: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    place: serializers.Field = serializers.SlugRelatedField(source="channel", slug_field="code", read_only=True)
    meeting = serializers.IntegerField(source="version_of.meeting_id", read_only=True, allow_null=True, default=None)
    what = serializers.ChoiceField(
        source="version_of.what", choices=What.choices, read_only=True, default=None, allow_null=True
    )
    number = serializers.SerializerMethodField(help_text="version of the document, or number of the quarterly report")
    period = serializers.CharField(source="quarterly.period", read_only=True, allow_null=True, default=None)
    sha256 = serializers.SerializerMethodField(help_text="digest of the frozen document")
    copy_sha256 = serializers.CharField(source="copy.sha256", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Publication
        fields = (
            "id",
            "unit",
            "meeting",
            "what",
            "period",
            "number",
            "place",
            "link",
            "published_at",
            "own_page",
            "sha256",
            "copy_sha256",
        )

    @extend_schema_field(OpenApiTypes.INT)
    def get_number(self, row: Publication) -> int:
        return (row.version_of or row.quarterly).number

    @extend_schema_field(OpenApiTypes.STR)
    def get_sha256(self, row: Publication) -> str:
        return (row.version_of or row.quarterly).sha256


class PublishBody(Strict):
    meeting = serializers.IntegerField(min_value=1, max_value=GREATEST_ID)
    what = serializers.ChoiceField(choices=What.choices)
    place: serializers.Field = serializers.SlugRelatedField(
        slug_field="code", queryset=Channel.objects.filter(publication=True), help_text="code of the place"
    )
    link = serializers.URLField(max_length=500)
    published_at = serializers.DateTimeField()


class PublicationFilter(django_filters.FilterSet):
    meeting = django_filters.NumberFilter(field_name="version_of__meeting", min_value=1, max_value=GREATEST_ID)
    unit = django_filters.CharFilter(field_name="unit__code", max_length=12)
    what = django_filters.MultipleChoiceFilter(field_name="version_of__what", choices=What.choices)
    place = django_filters.CharFilter(field_name="channel__code", max_length=20)

    class Meta:
        model = Publication
        fields = ()


@extend_schema_view(
    list=extend_schema(summary="What was published where and when"),
    retrieve=extend_schema(summary="One document at one place, by its id"),
)
class PublicationViewSet(Resource):
    """Frozen results, lists, plans and quarterly reports at each place, with address, time and digest."""

    queryset = Publication.objects.none()
    serializer_class = PublicationSerializer
    filterset_class = PublicationFilter
    ordering = "-pk"

    def get_queryset(self):
        rows = Publication.objects.visible_to(who_asks(self.request))
        return rows.select_related("unit", "channel", "version_of", "quarterly", "copy")

    @extend_schema(
        summary="Record that a frozen document stands at a place",
        request=PublishBody,
        responses={
            200: OpenApiResponse(PublicationSerializer, "it was recorded already"),
            201: PublicationSerializer,
        },
    )
    def create(self, request: Request) -> Response:
        """The newest frozen version of the document; freezing it is done on the pages, where its text is checked."""
        given, who = checked(PublishBody, request), who_asks(request)
        meeting = meeting_of(who, given["meeting"])
        version = PublishedVersion.objects.filter(meeting=meeting, what=given["what"]).order_by("-number").first()
        if version is None:
            raise serializers.ValidationError({"what": [_("This document has not been frozen yet.")]})
        stood = Publication.objects.filter(version_of=version, channel=given["place"], link=given["link"]).exists()
        with refusals():
            row = services.publish(
                version,
                channel=given["place"],
                published_at=given["published_at"],
                link=given["link"],
                by=who,
            )
        return self.shown(self.fresh(row), status.HTTP_200_OK if stood else status.HTTP_201_CREATED)
