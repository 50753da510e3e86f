"""Personal receptions after meetings, for programs."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from journal.rest import Resource, Strict, checked, seen_version
from territories.api_fields import GREATEST_ID, DayField, who_asks
from territories.scope import today

from .. import services
from ..models import Reception, ReceptionCategory, ReceptionParticipant
from .shared import meeting_of, refusals

MOST_PEOPLE = 100_000


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


class ParticipantBody(Strict):
    category = serializers.ChoiceField(choices=ReceptionCategory.choices)
    invited = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, default=0)
    present = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, default=0)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class ReceptionChange(Strict):
    """What may be mended. A category that is not named keeps its numbers."""

    starts_on = DayField(required=False)
    ends_on = DayField(required=False, help_text="moves the ten-day clock")
    citizens = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False)
    address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    participants = ParticipantBody(many=True, required=False)


class ReceptionBody(ReceptionChange):
    meeting = serializers.IntegerField(min_value=1, max_value=GREATEST_ID)
    starts_on = DayField()
    ends_on = DayField()
    citizens = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE)


def counts(participants: list[dict[str, Any]]) -> dict[str, tuple[int, int, str]]:
    """Invited, came and note by category, as the services take them."""
    return {p["category"]: (p["invited"], p["present"], p["note"]) for p in participants}


class ReceptionFilter(django_filters.FilterSet):
    meeting = django_filters.NumberFilter(min_value=1, max_value=GREATEST_ID)
    unit = django_filters.CharFilter(field_name="unit__code", max_length=12)
    ended_from = django_filters.DateFilter(field_name="ends_on", lookup_expr="gte")
    ended_to = django_filters.DateFilter(field_name="ends_on", lookup_expr="lte")

    class Meta:
        model = Reception
        fields = ()


@extend_schema_view(
    list=extend_schema(summary="Personal receptions after meetings"),
    retrieve=extend_schema(summary="One reception with who took part, by its id"),
)
class ReceptionViewSet(Resource):
    """Receptions of citizens after meetings with the six categories of the decree (826, para 3, subpara 5)."""

    queryset = Reception.objects.none()
    serializer_class = ReceptionSerializer
    filterset_class = ReceptionFilter
    ordering = "-pk"
    versioned = ("partial_update",)

    def get_queryset(self):
        rows = Reception.objects.visible_to(who_asks(self.request))
        return rows.select_related("unit").prefetch_related("participants")

    @extend_schema(summary="Record a reception", request=ReceptionBody, responses={201: ReceptionSerializer})
    def create(self, request: Request) -> Response:
        data, who = dict(checked(ReceptionBody, request)), who_asks(request)
        meeting = meeting_of(who, data.pop("meeting"))
        assert meeting is not None, "the body demands it"
        with refusals():
            row = services.record_reception(
                meeting, **data | {"participants": counts(data.get("participants", []))}, today=today(), by=who
            )
        return self.shown(self.fresh(row), status.HTTP_201_CREATED)

    @extend_schema(summary="Mend a reception", request=ReceptionChange)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row, version = self.get_object(), seen_version(request)
        values = dict(checked(ReceptionChange, request))
        stood = {p.category: (p.invited, p.present, p.note) for p in row.participants.all()}
        told = stood | counts(values.pop("participants", []))
        with refusals():
            services.edit_reception(
                row, values=values, participants=told, seen_version=version, today=today(), by=who_asks(request)
            )
        return self.shown(self.fresh(row))
