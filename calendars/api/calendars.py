"""Calendars for programs: their approved versions, their coverage, and the opening of a new year."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from journal.rest import Resource, Strict, checked
from territories.api_fields import UnitField, who_asks

from .. import coverage, rules, services
from ..models import Calendar, CalendarVersion


class VersionSerializer(serializers.ModelSerializer):
    class Meta:
        model = CalendarVersion
        fields = ("number", "order_number", "order_date", "reason", "approved_at", "row_count", "rows_sha256")


class CalendarSerializer(serializers.ModelSerializer):
    region = serializers.CharField(source="region.code", help_text="code of the region")
    versions = VersionSerializer(many=True, read_only=True)

    class Meta:
        model = Calendar
        fields = ("id", "region", "year", "changed_at", "version", "versions")


class OpenBody(Strict):
    region = UnitField(help_text="code of the region")
    year = serializers.IntegerField(min_value=2024, max_value=2100)


class CalendarFilter(django_filters.FilterSet):
    year = django_filters.NumberFilter(min_value=1990, max_value=2100)
    region = django_filters.CharFilter(field_name="region__code", max_length=12)

    class Meta:
        model = Calendar
        fields = ()


class LineBody(serializers.Serializer):
    line = serializers.CharField(help_text="a–e of paragraph 2, and the total")
    required = serializers.IntegerField()  # type: ignore[assignment]
    planned = serializers.IntegerField()
    held = serializers.IntegerField()
    missing = serializers.IntegerField()


@extend_schema_view(
    list=extend_schema(summary="Calendars with their approved versions"),
    retrieve=extend_schema(summary="One calendar, by its id"),
)
class CalendarViewSet(Resource):
    """Yearly calendars of the regions."""

    queryset = Calendar.objects.none()
    serializer_class = CalendarSerializer
    filterset_class = CalendarFilter

    def get_queryset(self):
        rows = Calendar.objects.visible_to(who_asks(self.request))
        versions = CalendarVersion.objects.visible_to(who_asks(self.request))
        return rows.select_related("region").prefetch_related(Prefetch("versions", versions))

    @extend_schema(
        summary="Open the region's calendar of a year",
        request=OpenBody,
        responses={200: OpenApiResponse(CalendarSerializer, "it is open already"), 201: CalendarSerializer},
    )
    def create(self, request: Request) -> Response:
        given = checked(OpenBody, request)
        who, region, year = who_asks(request), given["region"], given["year"]
        if not region.is_region or not rules.of_region(who, Calendar(region=region, year=year)):
            raise PermissionDenied(_("Only the staff of the region's akimat opens its calendar."))
        there = Calendar.objects.filter(region=region, year=year).exists()
        row = services.open_calendar(region, year, by=who)
        return self.shown(self.fresh(row), status.HTTP_200_OK if there else status.HTTP_201_CREATED)

    @extend_schema(summary="Coverage by line", responses={200: OpenApiResponse(LineBody(many=True))})
    @action(detail=True, filterset_class=None, pagination_class=None)
    def coverage(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Required, planned and held meetings of lines a–e, counted on the working rows."""
        calendar = self.get_object()
        if not rules.reads_rows(who_asks(request)):
            raise PermissionDenied(_("Your post reads approved versions, not the working rows."))
        totals = coverage.region_totals(calendar.region, calendar.year)
        return Response(
            [
                {"line": t.line, "required": t.required, "planned": t.planned, "held": t.held, "missing": t.missing}
                for t in [*totals, coverage.sum_up(totals)]
            ]
        )
