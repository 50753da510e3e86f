"""Problem issues for programs: read, raised from requests, worded anew while they are open."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from journal.rest import Resource, Strict, checked, seen_version
from territories.api_fields import GREATEST_ID, DayField, UnitField, who_asks
from territories.models import Territory
from territories.scope import today

from .. import services
from ..models import Issue, IssueState, Level, Request
from .shared import meeting_of, refusals, require_entry, topic_of, written


class IssueSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code", read_only=True, help_text="code of the akim's unit")
    place = serializers.CharField(source="place.code", read_only=True, help_text="code of the place")
    topic = serializers.CharField(
        source="topic.code", read_only=True, default=None, allow_null=True, help_text="code of the topic"
    )

    class Meta:
        model = Issue
        fields = (
            "id", "unit", "place", "meeting", "reception", "year", "number", "raised_on", "text_kk", "text_ru", "topic",
            "level", "state", "offsite", "first_due_on", "due_on", "slips", "joined_into", "published_at", "closed_on",
            "version",
        )  # fmt: skip
        read_only_fields = fields


class WordsBody(Strict):
    """What may be changed of an open issue. The texts hold no personal data: they are published."""

    place = UnitField(required=False, help_text="code of the place")
    text_kk = serializers.CharField(max_length=3000, required=False, allow_blank=True)
    text_ru = serializers.CharField(max_length=3000, required=False, allow_blank=True)
    topic = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="code")
    level = serializers.ChoiceField(choices=Level.choices, required=False)


class IssueBody(WordsBody):
    """An issue in words that may be published; one text at least."""

    unit = UnitField(help_text="code of the unit whose akim answers")
    meeting = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=GREATEST_ID)
    raised_on = DayField()
    requests = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=GREATEST_ID), required=False, max_length=100,
        help_text="ids of the requests that it comes from",
    )  # fmt: skip


class IssueFilter(django_filters.FilterSet):
    unit = django_filters.CharFilter(field_name="unit__code", max_length=12)
    place = django_filters.CharFilter(field_name="place__code", max_length=12)
    meeting = django_filters.NumberFilter(min_value=1, max_value=GREATEST_ID)
    state = django_filters.MultipleChoiceFilter(choices=IssueState.choices)
    level = django_filters.MultipleChoiceFilter(choices=Level.choices)
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Issue
        fields = ()


@extend_schema_view(
    list=extend_schema(summary="Problem issues"),
    retrieve=extend_schema(summary="One issue, by its id"),
)
class IssueViewSet(Resource):
    """Problem issues that the asker may read: an executor his own, a central body what was routed to it."""

    queryset = Issue.objects.none()
    serializer_class = IssueSerializer
    filterset_class = IssueFilter
    ordering = "-pk"
    versioned = ("partial_update",)

    def get_queryset(self):
        rows = Issue.objects.visible_to(who_asks(self.request))
        return rows.select_related("unit", "place", "topic")

    @extend_schema(summary="Raise an issue", request=IssueBody, responses={201: IssueSerializer})
    def create(self, request: ApiRequest) -> Response:
        row = self.raised(checked(IssueBody, request))
        return self.shown(self.fresh(row), status.HTTP_201_CREATED)

    @extend_schema(
        summary="Raise many issues, all or none",
        request=IssueBody(many=True),
        responses={201: IssueSerializer(many=True)},
    )
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def bulk(self, request: ApiRequest) -> Response:
        return self.shown_many(written(IssueBody, request, self.raised, units=("unit", "place")))

    @extend_schema(summary="Change its words, place, topic or level", request=WordsBody)
    def partial_update(self, request: ApiRequest, *args: Any, **kwargs: Any) -> Response:
        row, version = self.get_object(), seen_version(request)
        values = dict(checked(WordsBody, request))
        if "topic" in values:
            values["topic"] = topic_of(values["topic"], row.unit)
        with refusals():
            services.edit_issue(row, values=values, seen_version=version, by=who_asks(request))
        return self.shown(self.fresh(row))

    def raised(self, given: dict[str, Any]) -> Issue:
        """The issue of a body's fields. Raises what `refusals` says, ValidationError for what is not in sight."""
        data, who = dict(given), who_asks(self.request)
        unit: Territory = data.pop("unit")
        require_entry(who, unit)
        values = data | {
            "place": data.get("place") or unit,
            "meeting": meeting_of(who, data.get("meeting")),
            "topic": topic_of(data.get("topic", ""), unit),
            "requests": self.requests(data.get("requests", [])),
        }
        with refusals():
            return services.make_issue(unit, **values, today=today(), by=who)

    def requests(self, ids: list[int]) -> list[Request]:
        found = Request.objects.visible_to(who_asks(self.request)).in_bulk(set(ids))
        if len(found) < len(set(ids)):
            raise serializers.ValidationError({"requests": [_("There is no such request.")]})
        return list(found.values())
