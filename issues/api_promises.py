"""Door 3: what happened after meetings, for programs: receptions, items of plans, publications. Read only.

The same scope as on the pages. Accounts of executors and stored copies stay out; organisation and post are what is
published. Days are civil days of Kazakhstan.
"""

from __future__ import annotations

import django_filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets

from calendars.api import GREATEST_ID, who_asks
from territories.scope import today

from .models import ItemState, PlanItem, Publication, Reception, ReceptionParticipant, What


class ParticipantSerializer(serializers.ModelSerializer):
    class Meta:
        model = ReceptionParticipant
        fields = ("category", "invited", "present", "note")


class ReceptionSerializer(serializers.ModelSerializer):
    unit: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    participants = ParticipantSerializer(many=True, read_only=True)

    class Meta:
        model = Reception
        fields = ("id", "meeting", "unit", "starts_on", "ends_on", "address", "citizens", "participants", "version")


class ReceptionFilter(django_filters.FilterSet):
    meeting = django_filters.NumberFilter(min_value=1, max_value=GREATEST_ID)
    unit = django_filters.CharFilter(field_name="unit__code", max_length=12)
    ended_from = django_filters.DateFilter(field_name="ends_on", lookup_expr="gte")
    ended_to = django_filters.DateFilter(field_name="ends_on", lookup_expr="lte")

    class Meta:
        model = Reception
        fields = ()


class Readable(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Rows in the asker's scope, the newest first."""


@extend_schema_view(
    list=extend_schema(summary="Personal receptions after meetings"),
    retrieve=extend_schema(summary="One reception with who took part, by its id"),
)
class ReceptionViewSet(Readable):
    """Receptions of citizens after meetings with the six categories of the decree (826, para 3, subpara 5)."""

    queryset = Reception.objects.none()
    serializer_class = ReceptionSerializer
    filterset_class = ReceptionFilter

    def get_queryset(self):
        rows = Reception.objects.visible_to(who_asks(self.request))
        return rows.select_related("unit").prefetch_related("participants").order_by("-pk")


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
class PlanItemViewSet(Readable):
    """Items of approved plans; an executor's token reads his own ones alone. Drafts never show."""

    queryset = PlanItem.objects.none()
    serializer_class = PlanItemSerializer
    filterset_class = PlanItemFilter

    def get_queryset(self):
        rows = PlanItem.objects.visible_to(who_asks(self.request)).exclude(state=ItemState.DRAFT).with_slips()
        return rows.select_related("unit", "plan", "issue").order_by("-pk")


class PublicationSerializer(serializers.ModelSerializer):
    unit: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    place: serializers.Field = serializers.SlugRelatedField(source="channel", slug_field="code", read_only=True)
    meeting = serializers.IntegerField(source="version_of.meeting_id", read_only=True, allow_null=True, default=None)
    what = serializers.ChoiceField(source="version_of.what", choices=What.choices, read_only=True, default=None)
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
class PublicationViewSet(Readable):
    """Frozen results, lists, plans and quarterly reports at each place, with address, time and digest."""

    queryset = Publication.objects.none()
    serializer_class = PublicationSerializer
    filterset_class = PublicationFilter

    def get_queryset(self):
        rows = Publication.objects.visible_to(who_asks(self.request))
        return rows.select_related("unit", "channel", "version_of", "quarterly", "copy").order_by("-pk")
