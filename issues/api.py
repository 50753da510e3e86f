"""Door 3: requests and issues for programs, through the same services as the pages.

Names and contacts of people do not come out of this door; they go in with the text of the consent. A request sent
twice under the same `client_key` is one. A row is changed only with `If-Match: "<version>"`.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from calendars import rules as calendar_rules
from calendars.api import GREATEST_ID, IF_MATCH, UnitField, VersionMissing, seen_version, who_asks
from calendars.models import Meeting
from territories.models import Territory
from territories.scope import today

from . import rules, services
from .models import Classification, Issue, IssueState, Level, Moderation, Request, Source, Topic
from .models.requests import Language
from .services import Conflict, Person

__all__ = ["IssueViewSet", "RequestViewSet", "VersionMissing"]
REFUSALS = {code: OpenApiTypes.OBJECT for code in (400, 403, 404)}
CHANGE_REFUSALS = REFUSALS | {412: OpenApiTypes.OBJECT, 428: OpenApiTypes.OBJECT}


class Changed(exceptions.APIException):
    """Somebody else was first."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "changed_meanwhile"


def refused(error: ValidationError) -> serializers.ValidationError:
    """The service's words as the API says them, field by field."""
    if hasattr(error, "error_dict"):
        return serializers.ValidationError({name: [str(m) for m in e.messages] for name, e in _fields(error)})
    return serializers.ValidationError({"non_field_errors": error.messages})


def _fields(error: ValidationError):
    return ((name, ValidationError(errors)) for name, errors in error.error_dict.items())


class RequestSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code", read_only=True, help_text="code of the akim's unit")
    place = serializers.CharField(source="place.code", read_only=True, help_text="code of the place")
    topic = serializers.CharField(source="topic.code", read_only=True, default=None, help_text="code of the topic")
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


class PersonBody(serializers.Serializer):
    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True, default="")
    consent = serializers.CharField(max_length=500, help_text="what the person agreed to, in his language")


class RequestBody(serializers.Serializer):
    """A request as a program enters it: a portal, a call centre, a bot."""

    unit = UnitField(help_text="code of the unit whose akim is asked")
    place = UnitField(required=False, help_text="code of the place; without it the unit itself")
    meeting = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=GREATEST_ID)
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    received_on = serializers.DateField()
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


class ClassifyBody(serializers.Serializer):
    classification = serializers.ChoiceField(choices=Classification.choices)
    appeal_number = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class JoinBody(serializers.Serializer):
    issue = serializers.IntegerField(min_value=1, max_value=GREATEST_ID)


@extend_schema_view(
    list=extend_schema(summary="Requests of the population"),
    retrieve=extend_schema(summary="One request, by its id"),
)
class RequestViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Requests of the asker's offices: read, entered, sorted, joined to issues."""

    queryset = Request.objects.none()
    serializer_class = RequestSerializer
    filterset_class = RequestFilter

    def get_queryset(self):
        rows = Request.objects.visible_to(who_asks(self.request))
        return rows.select_related("unit", "place", "topic").prefetch_related("origins").order_by("-received_on", "-pk")

    def answer(self, row: Request, code: int = status.HTTP_200_OK) -> Response:
        fresh = Request.objects.select_related("unit", "place", "topic").prefetch_related("origins").get(pk=row.pk)
        return Response(RequestSerializer(fresh).data, status=code, headers={"ETag": f'"{fresh.version}"'})

    @extend_schema(
        summary="Enter a request",
        request=RequestBody,
        responses={200: RequestSerializer, 201: RequestSerializer} | REFUSALS,
    )
    def create(self, request: ApiRequest) -> Response:
        who = who_asks(request)
        body = RequestBody(data=request.data)
        body.is_valid(raise_exception=True)
        data = dict(body.validated_data)
        unit: Territory = data.pop("unit")
        if not calendar_rules.reads_rows(who) or not rules.answers_for(who, unit):
            raise exceptions.PermissionDenied(_("Only the akim's office of this unit, or one above it, may do this."))
        person = data.pop("person")
        topic = data.pop("topic")
        values = data | {
            "place": data.get("place") or unit,
            "meeting": self.meeting(data.pop("meeting", None)),
            "topic": self.topic(topic, unit),
            "person": Person(**person) if person else None,
        }
        key = data["client_key"]
        known = bool(key) and Request.objects.filter(unit=unit, client_key=key).exists()
        try:
            row = services.add_request(unit, **values, today=today(), by=who)
        except ValidationError as error:
            raise refused(error) from error
        return self.answer(row, status.HTTP_200_OK if known else status.HTTP_201_CREATED)

    def meeting(self, pk: int | None) -> Meeting | None:
        """A foreign meeting is answered like one that does not exist."""
        if pk is None:
            return None
        row = Meeting.objects.visible_to(who_asks(self.request)).filter(pk=pk).first()
        if row is None:
            raise serializers.ValidationError({"meeting": [_("There is no such meeting.")]})
        return row

    def topic(self, code: str, unit: Territory) -> Topic | None:
        if not code:
            return None
        row = Topic.objects.for_region(unit.region_id or unit.pk).filter(code=code).first()
        if row is None:
            raise serializers.ValidationError({"topic": [_("There is no topic with this code.")]})
        return row

    @extend_schema(
        summary="Say what it is", request=ClassifyBody, parameters=[IF_MATCH],
        responses={200: RequestSerializer} | CHANGE_REFUSALS,
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def classify(self, request: ApiRequest, *args: Any, **kwargs: Any) -> Response:
        row, version = self.get_object(), seen_version(request)
        body = ClassifyBody(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            services.classify_request(row, **body.validated_data, seen_version=version, by=who_asks(request))
        except Conflict as clash:
            raise Changed(str(clash)) from clash
        except ValidationError as error:
            raise refused(error) from error
        return self.answer(row)

    @extend_schema(
        summary="Join it to an issue", request=JoinBody, responses={200: RequestSerializer} | REFUSALS
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def join(self, request: ApiRequest, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        body = JoinBody(data=request.data)
        body.is_valid(raise_exception=True)
        issue = Issue.objects.visible_to(who_asks(request)).filter(pk=body.validated_data["issue"]).first()
        if issue is None:
            raise serializers.ValidationError({"issue": [_("There is no such issue.")]})
        try:
            services.join_request(row, issue, by=who_asks(request))
        except ValidationError as error:
            raise refused(error) from error
        return self.answer(row)


class IssueSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code", read_only=True, help_text="code of the akim's unit")
    place = serializers.CharField(source="place.code", read_only=True, help_text="code of the place")
    topic = serializers.CharField(source="topic.code", read_only=True, default=None, help_text="code of the topic")

    class Meta:
        model = Issue
        fields = (
            "id", "unit", "place", "meeting", "reception", "year", "number", "raised_on", "text_kk", "text_ru", "topic",
            "level", "state", "offsite", "first_due_on", "due_on", "slips", "joined_into", "published_at", "closed_on",
            "version",
        )  # fmt: skip
        read_only_fields = fields


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
    list=extend_schema(
        summary="Problem issues", parameters=[OpenApiParameter("page", int, description="page of the list")]
    ),
    retrieve=extend_schema(summary="One issue, by its id"),
)
class IssueViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Problem issues that the asker may read: an executor his own, a central body what was routed to it."""

    queryset = Issue.objects.none()
    serializer_class = IssueSerializer
    filterset_class = IssueFilter

    def get_queryset(self):
        rows = Issue.objects.visible_to(who_asks(self.request))
        return rows.select_related("unit", "place", "topic").order_by("-raised_on", "-pk")
