"""Door 3: calendars and meetings for programs, through the same services as the pages.

A row is changed only with `If-Match: "<version>"`: without it 428, with an old one 412 and both
texts. Wrong fields are a 400 that names each; what the act forbids is a 400 with its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import exceptions, mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from territories.models import Territory
from territories.scope import Who, today

from . import coverage, rules, services
from .models import Calendar, CalendarVersion, Meeting, MeetingState
from .services import Change, Conflict, Outcome, WallHit

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description='the row\'s `version`, e.g. "3"'
)
#: SQLite and PostgreSQL keep whole numbers up to this in an id column.
GREATEST_ID = 2**63 - 1


class Changed(exceptions.APIException):
    """Somebody else was first: his values and the caller's, field by field."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "changed_meanwhile"

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(str(conflict))
        self.conflict = conflict


class VersionMissing(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_required"

    def __init__(self) -> None:
        super().__init__(_("Send the version of the row that you have seen in the header If-Match."))


def who_asks(request: Request) -> Who:
    return request._request.who


def seen_version(request: Request) -> int:
    """The version of `If-Match`; raises VersionMissing when it is absent or no whole number."""
    found = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', request.headers.get("If-Match", "").strip())
    if found is None:
        raise VersionMissing
    return int(found[1])


class UnitField(serializers.SlugRelatedField):
    """A unit by its code; a code that is unknown and one that is abolished are told apart nowhere."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Territory.objects.filter(valid_to=None), **kwargs)

    def to_internal_value(self, data: Any) -> Territory:
        if not isinstance(data, str) or "\0" in data:
            raise serializers.ValidationError(_("Give the code of the unit as text of nine digits."))
        return super().to_internal_value(data)


class MeetingSerializer(serializers.ModelSerializer):
    calendar: serializers.PrimaryKeyRelatedField = serializers.PrimaryKeyRelatedField(read_only=True)
    holder = UnitField(help_text="code of the unit whose akim holds the meeting")
    place = UnitField(help_text="code of the unit in which it takes place")
    planned_minutes = serializers.IntegerField(min_value=1, max_value=720, default=120)
    report_minutes = serializers.IntegerField(min_value=0, max_value=180, default=30)

    class Meta:
        model = Meeting
        fields = (
            "id",
            "calendar",
            "number",
            "state",
            "holder",
            "place",
            "address",
            "date",
            "time",
            "planned_minutes",
            "report_minutes",
            "format",
            "broadcast",
            "broadcast_note",
            "languages",
            "remarks",
            "off_calendar",
            "announced_on",
            "announced_url",
            "held_on",
            "attendance",
            "cancel_reason",
            "returned_remark",
            "version",
        )
        read_only_fields = (
            "id",
            "number",
            "state",
            "announced_on",
            "announced_url",
            "held_on",
            "attendance",
            "cancel_reason",
            "returned_remark",
            "version",
        )


class MeetingFilter(django_filters.FilterSet):
    calendar = django_filters.NumberFilter(min_value=1, max_value=GREATEST_ID)
    year = django_filters.NumberFilter(field_name="calendar__year", min_value=1990, max_value=2100)
    state = django_filters.MultipleChoiceFilter(choices=[c for c in MeetingState.choices if c[0] != "removed"])
    holder = django_filters.CharFilter(field_name="holder__code", max_length=12)
    place = django_filters.CharFilter(field_name="place__code", max_length=12)
    date_from = django_filters.DateFilter(field_name="date", lookup_expr="gte")
    date_to = django_filters.DateFilter(field_name="date", lookup_expr="lte")

    class Meta:
        model = Meeting
        fields = ()


class AnnounceBody(serializers.Serializer):
    on = serializers.DateField(help_text="day of the first public announcement")
    url = serializers.URLField(required=False, allow_blank=True, default="", max_length=500)
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=2000, help_text="why so late; required when it is late"
    )


class HoldBody(serializers.Serializer):
    on = serializers.DateField(help_text="day on which the meeting took place")
    attendance = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=0, max_value=100_000)


class CancelBody(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class ReturnBody(serializers.Serializer):
    remark = serializers.CharField(max_length=2000)


class MeetingViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, viewsets.GenericViewSet
):
    """Rows of the calendars of the asker's territory. Staff of a region plan, lower offices propose."""

    queryset = Meeting.objects.none()
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter

    def get_queryset(self):
        rows = Meeting.objects.visible_to(who_asks(self.request))
        return rows.select_related("holder", "place", "calendar").order_by("date", "pk")

    def values(self, serializer: serializers.BaseSerializer) -> dict[str, Any]:
        """Validated fields as the pipeline takes them: units by id."""
        given = serializer.validated_data
        return {
            f"{k}_id" if k in ("holder", "place") else k: v.pk if k in ("holder", "place") else v
            for k, v in given.items()
        }

    def write(self, change: Callable[[], Outcome]) -> Outcome:
        """Through the pipeline; its refusals become answers of the API."""
        try:
            return change()
        except WallHit as hit:
            errors: dict[str, list[str]] = {}
            for problem in hit.problems[0]:
                text = f"{problem.text} ({problem.basis})" if problem.basis else problem.text
                errors.setdefault(problem.field, []).append(text)
            raise serializers.ValidationError(errors) from hit
        except Conflict as conflict:
            raise Changed(conflict) from conflict

    def answer(self, meeting: Meeting, code: int = status.HTTP_200_OK) -> Response:
        fresh = Meeting.objects.select_related("holder", "place", "calendar").get(pk=meeting.pk)
        return Response(self.get_serializer(fresh).data, status=code, headers={"ETag": f'"{fresh.version}"'})

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if isinstance(exc, Changed):
            response.data["theirs"] = MeetingSerializer(exc.conflict.meeting).data
            response.data["fields"] = [name.removesuffix("_id") for name in exc.conflict.fields]
        return response

    @extend_schema(summary="One meeting, by its id")
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting = self.get_object()
        return Response(self.get_serializer(meeting).data, headers={"ETag": f'"{meeting.version}"'})

    @extend_schema(summary="Meetings")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="Plan or propose a meeting",
        parameters=[OpenApiParameter("calendar", int, required=True, description="id of the calendar")],
        responses={
            200: OpenApiResponse(MeetingSerializer, "the same request had made this meeting a moment ago"),
            201: MeetingSerializer,
            400: OpenApiTypes.OBJECT,
            403: OpenApiTypes.OBJECT,
            404: OpenApiTypes.OBJECT,
        },
    )
    def create(self, request: Request) -> Response:
        number = request.query_params.get("calendar", "")
        if not re.fullmatch(r"\d{1,18}", number, re.ASCII):
            raise serializers.ValidationError(
                {"calendar": [_("Give the id of the calendar in the address: ?calendar=ID.")]}
            )
        calendar = Calendar.objects.visible_to(who_asks(request)).filter(pk=int(number)).first()
        if calendar is None:
            raise exceptions.NotFound(_("There is no such thing, or it is not yours to see."))
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        defaults = {
            "address": "",
            "time": None,
            "format": "in_person",
            "broadcast": "later",
            "broadcast_note": "",
            "languages": "both",
            "remarks": "",
            "off_calendar": False,
        }
        values = defaults | self.values(serializer)
        # A request that is sent again because its answer was lost finds the meeting that it has made.
        outcome = self.write(lambda: services.plan(calendar, values, None, by=who_asks(request)))
        code = status.HTTP_200_OK if outcome.unchanged else status.HTTP_201_CREATED
        return self.answer(outcome.meetings[0], code)

    @extend_schema(
        summary="Change a meeting",
        parameters=[IF_MATCH],
        responses={
            200: MeetingSerializer,
            400: OpenApiTypes.OBJECT,
            403: OpenApiTypes.OBJECT,
            404: OpenApiTypes.OBJECT,
            412: OpenApiTypes.OBJECT,
            428: OpenApiTypes.OBJECT,
        },
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting = self.get_object()
        version = seen_version(request)
        if not rules.can_edit(who_asks(request), meeting):
            raise PermissionDenied(_("This meeting can no longer be edited by your office."))
        serializer = self.get_serializer(meeting, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        item = Change(meeting.pk, self.values(serializer), version)
        asker = who_asks(request)
        outcome = self.write(lambda: services.apply(meeting.calendar, [item], by=asker, label=_("Editing")))
        return self.answer(outcome.meetings[0])

    @extend_schema(summary="Take a meeting out of the draft", parameters=[IF_MATCH])
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting = self.get_object()
        self.done(services.remove, meeting.calendar, {meeting.pk: seen_version(request)})
        return Response(status=status.HTTP_204_NO_CONTENT)

    def done(self, verb, *args: Any, **kwargs: Any) -> None:
        """Run a verb of the services as the asker."""
        try:
            verb(*args, **kwargs, by=who_asks(self.request))
        except Conflict as conflict:
            raise Changed(conflict) from conflict

    def body(self, kind: type[serializers.Serializer]) -> dict[str, Any]:
        serializer = kind(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    @extend_schema(summary="Record the announcement", request=AnnounceBody, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def announce(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting, version = self.get_object(), seen_version(request)
        self.done(services.announce, meeting, **self.body(AnnounceBody), seen_version=version, today=today())
        return self.answer(meeting)

    @extend_schema(summary="Record that it was held", request=HoldBody, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting, version = self.get_object(), seen_version(request)
        self.done(services.hold, meeting, **self.body(HoldBody), seen_version=version, today=today())
        return self.answer(meeting)

    @extend_schema(summary="Cancel it", request=CancelBody, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting, version = self.get_object(), seen_version(request)
        self.done(services.cancel, meeting, **self.body(CancelBody), seen_version=version)
        return self.answer(meeting)

    @extend_schema(summary="Accept a proposal", request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting = self.get_object()
        self.done(services.accept, meeting.calendar, {meeting.pk: seen_version(request)})
        return self.answer(meeting)

    @extend_schema(summary="Return a proposal", request=ReturnBody, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="return")
    def return_(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting, version = self.get_object(), seen_version(request)
        self.done(services.return_, meeting.calendar, {meeting.pk: version}, **self.body(ReturnBody))
        return self.answer(meeting)


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


class CalendarFilter(django_filters.FilterSet):
    year = django_filters.NumberFilter(min_value=1990, max_value=2100)
    region = django_filters.CharFilter(field_name="region__code", max_length=12)

    class Meta:
        model = Calendar
        fields = ()


LineBody = inline_serializer(
    "CoverageLine",
    {name: serializers.IntegerField() for name in ("required", "planned", "held", "missing")}
    | {"line": serializers.CharField()},
)


@extend_schema_view(
    list=extend_schema(summary="Calendars with their approved versions"),
    retrieve=extend_schema(summary="One calendar, by its id"),
)
class CalendarViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Yearly calendars of the regions."""

    queryset = Calendar.objects.none()
    serializer_class = CalendarSerializer
    filterset_class = CalendarFilter

    def get_queryset(self):
        rows = Calendar.objects.visible_to(who_asks(self.request))
        return rows.select_related("region").prefetch_related("versions").order_by("-year", "region__code")

    @extend_schema(summary="Coverage by line", responses={200: OpenApiResponse(LineBody)})
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
