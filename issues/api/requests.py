"""Requests of the population for programs, through the same services as the pages.

Names and contacts of people do not come out of this door; they go in with the text of the consent. A request sent
twice under the same `client_key` is one.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from journal.rest import Resource, Strict, checked, seen_version
from territories.api_fields import GREATEST_ID, DayField, UnitField, who_asks
from territories.models import Territory
from territories.scope import today

from .. import services
from ..models import Classification, Issue, Moderation, Request, Source
from ..models.requests import Language
from ..services import Person
from .shared import meeting_of, refusals, require_entry, topic_of, written


class RequestSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code", read_only=True, help_text="code of the akim's unit")
    place = serializers.CharField(source="place.code", read_only=True, help_text="code of the place")
    topic = serializers.CharField(
        source="topic.code", read_only=True, default=None, allow_null=True, help_text="code of the topic"
    )
    issue = serializers.SerializerMethodField(help_text="id of the issue that it was joined to")

    class Meta:
        model = Request
        fields = (
            "id", "unit", "place", "meeting", "source", "received_on", "text", "language", "topic", "classification",
            "appeal_number", "moderation", "refusal", "link", "issue", "version",
        )  # fmt: skip

    def get_issue(self, row: Request) -> int | None:
        living = [origin.issue_id for origin in row.origins.all() if origin.undone_at is None]
        return living[0] if living else None


class PersonBody(Strict):
    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True, default="")
    consent = serializers.CharField(max_length=500, help_text="what the person agreed to, in his language")


class RequestBody(Strict):
    """A request as a program enters it: a portal, a call centre, a bot."""

    unit = UnitField(help_text="code of the unit whose akim is asked")
    place = UnitField(required=False, help_text="code of the place; without it the unit itself")
    meeting = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=GREATEST_ID)
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    received_on = DayField()
    text = serializers.CharField(max_length=5000)
    language = serializers.ChoiceField(choices=Language.choices, default=Language.KK)
    topic = serializers.CharField(max_length=40, required=False, allow_blank=True, default="", help_text="code")
    classification = serializers.ChoiceField(choices=Classification.choices, default=Classification.UNSORTED)
    appeal_number = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    link = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")
    client_key = serializers.CharField(
        max_length=64, required=False, allow_blank=True, default="", help_text="your own id: the same twice is one row"
    )
    person = PersonBody(required=False, allow_null=True, default=None)


class RequestFilter(django_filters.FilterSet):
    unit = django_filters.CharFilter(field_name="unit__code", max_length=12)
    meeting = django_filters.NumberFilter(min_value=1, max_value=GREATEST_ID)
    source = django_filters.MultipleChoiceFilter(choices=Source.choices)
    classification = django_filters.MultipleChoiceFilter(choices=Classification.choices)
    moderation = django_filters.MultipleChoiceFilter(choices=Moderation.choices)
    received_from = django_filters.DateFilter(field_name="received_on", lookup_expr="gte")
    received_to = django_filters.DateFilter(field_name="received_on", lookup_expr="lte")

    class Meta:
        model = Request
        fields = ()


class ClassifyBody(Strict):
    classification = serializers.ChoiceField(choices=Classification.choices)
    appeal_number = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class JoinBody(Strict):
    issue = serializers.IntegerField(min_value=1, max_value=GREATEST_ID)


@extend_schema_view(
    list=extend_schema(summary="Requests of the population"),
    retrieve=extend_schema(summary="One request, by its id"),
)
class RequestViewSet(Resource):
    """Requests of the asker's offices: read, entered, sorted, joined to issues."""

    queryset = Request.objects.none()
    serializer_class = RequestSerializer
    filterset_class = RequestFilter
    ordering = "-pk"
    versioned = ("classify",)

    def get_queryset(self):
        rows = Request.objects.visible_to(who_asks(self.request))
        return rows.select_related("unit", "place", "topic").prefetch_related("origins")

    @extend_schema(
        summary="Enter a request",
        request=RequestBody,
        responses={
            200: OpenApiResponse(RequestSerializer, "the same `client_key` had made this request before"),
            201: RequestSerializer,
        },
    )
    def create(self, request: ApiRequest) -> Response:
        given = checked(RequestBody, request)
        key = given["client_key"]
        known = bool(key) and Request.objects.filter(unit=given["unit"], client_key=key).exists()
        row = self.entered(given)
        return self.shown(self.fresh(row), status.HTTP_200_OK if known else status.HTTP_201_CREATED)

    @extend_schema(
        summary="Enter many requests, all or none",
        request=RequestBody(many=True),
        responses={201: RequestSerializer(many=True)},
    )
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def bulk(self, request: ApiRequest) -> Response:
        made = written(RequestBody, request, self.entered, units=("unit", "place"))
        return self.shown_many(made)

    def entered(self, given: dict[str, Any]) -> Request:
        """The request of a body's fields. Raises what `refusals` says, ValidationError for what is not in sight."""
        data, who = dict(given), who_asks(self.request)
        unit: Territory = data.pop("unit")
        require_entry(who, unit)
        person = data["person"]
        values = data | {
            "place": data.get("place") or unit,
            "meeting": meeting_of(who_asks(self.request), data.get("meeting")),
            "topic": topic_of(data["topic"], unit),
            "person": Person(**person) if person else None,
        }
        with refusals():
            return services.add_request(unit, **values, today=today(), by=who)

    @extend_schema(summary="Say what it is", request=ClassifyBody)
    @action(detail=True, methods=["post"])
    def classify(self, request: ApiRequest, *args: Any, **kwargs: Any) -> Response:
        row, version = self.get_object(), seen_version(request)
        with refusals():
            given = checked(ClassifyBody, request)
            services.classify_request(row, **given, seen_version=version, by=who_asks(request))
        return self.shown(self.fresh(row))

    @extend_schema(summary="Join it to an issue", request=JoinBody)
    @action(detail=True, methods=["post"])
    def join(self, request: ApiRequest, *args: Any, **kwargs: Any) -> Response:
        row, given = self.get_object(), checked(JoinBody, request)
        issue = Issue.objects.visible_to(who_asks(request)).filter(pk=given["issue"]).first()
        if issue is None:
            raise serializers.ValidationError({"issue": [_("There is no such issue.")]})
        with refusals():
            services.join_request(row, issue, by=who_asks(request))
        return self.shown(self.fresh(row))
