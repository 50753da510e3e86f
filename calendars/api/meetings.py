"""Meetings of calendars for programs, through the same services as the pages.

Wrong fields are a 400 that names each; what the act forbids is a 400 with its paragraph. Many rows may be sent at once,
all or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import exceptions, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from journal.rest import Changed, Resource, RowsWrong, Strict, checked, rows_of, seen_version
from territories.api_fields import GREATEST_ID, DayField, UnitField, units_of, who_asks
from territories.scope import today

from .. import rules, services
from ..models import Calendar, Meeting, MeetingState
from ..services import Change, Conflict, Create, Problem, WallHit

CALENDAR = OpenApiParameter("calendar", int, required=True, description="id of the calendar")
#: What a row says where the program says nothing.
DEFAULTS = {
    "address": "",
    "time": None,
    "format": "in_person",
    "broadcast": "later",
    "broadcast_note": "",
    "languages": "both",
    "remarks": "",
    "off_calendar": False,
}


class MeetingSerializer(Strict, serializers.ModelSerializer):
    """A row of the calendar. Units are named by their codes; date and time are civil, in the region's zone."""

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


class AnnounceBody(Strict):
    on = DayField(help_text="day of the first public announcement")
    url = serializers.URLField(required=False, allow_blank=True, default="", max_length=500)
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=2000, help_text="why so late; required when it is late"
    )


class HoldBody(Strict):
    on = DayField(help_text="day on which the meeting took place")
    attendance = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=0, max_value=100_000)


class CancelBody(Strict):
    reason = serializers.CharField(max_length=2000)


class ReturnBody(Strict):
    remark = serializers.CharField(max_length=2000)


def told(problems: list[Problem]) -> dict[str, list[str]]:
    """The walls of one row by field, with their paragraphs."""
    errors: dict[str, list[str]] = {}
    for problem in problems:
        text = f"{problem.text} ({problem.basis})" if problem.basis else problem.text
        errors.setdefault(problem.field, []).append(text)
    return errors


@contextmanager
def refusals() -> Iterator[None]:
    """Refusals of the pipeline as answers of the API."""
    try:
        yield
    except WallHit as hit:
        raise serializers.ValidationError(told(hit.problems[0])) from hit
    except Conflict as clash:
        raise Changed(clash, clash.meeting, clash.fields) from clash


def as_written(given: dict[str, Any]) -> dict[str, Any]:
    """Validated fields as the pipeline takes them: units by id."""
    units = ("holder", "place")
    return {f"{k}_id" if k in units else k: v.pk if k in units else v for k, v in given.items()}


@extend_schema_view(
    list=extend_schema(summary="Meetings"),
    retrieve=extend_schema(summary="One meeting, by its id"),
)
class MeetingViewSet(Resource):
    """Rows of the calendars of the asker's territory. Staff of a region plan, lower offices propose."""

    queryset = Meeting.objects.none()
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter
    takes = {"create": ("calendar",), "bulk": ("calendar",)}
    versioned = ("partial_update", "destroy", "announce", "hold", "cancel", "accept", "return_")

    def get_queryset(self):
        rows = Meeting.objects.visible_to(who_asks(self.request))
        return rows.select_related("holder", "place", "calendar")

    def calendar(self) -> Calendar:
        """The calendar that the address names; a foreign one does not exist."""
        number = self.request.query_params.get("calendar", "")
        if not re.fullmatch(r"[0-9]{1,18}", number):
            raise serializers.ValidationError(
                {"calendar": [_("Give the id of the calendar in the address: ?calendar=ID.")]}
            )
        calendar = Calendar.objects.visible_to(who_asks(self.request)).filter(pk=int(number)).first()
        if calendar is None:
            raise exceptions.NotFound(_("There is no such thing, or it is not yours to see."))
        return calendar

    @extend_schema(
        summary="Plan or propose a meeting",
        parameters=[CALENDAR],
        responses={
            200: OpenApiResponse(MeetingSerializer, "the same person had made this meeting a moment ago"),
            201: MeetingSerializer,
        },
    )
    def create(self, request: Request) -> Response:
        calendar = self.calendar()
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        # A request that is sent again because its answer was lost finds the meeting that it has made.
        with refusals():
            values = DEFAULTS | as_written(serializer.validated_data)
            outcome = services.plan(calendar, values, None, by=who_asks(request))
        code = status.HTTP_200_OK if outcome.unchanged else status.HTTP_201_CREATED
        return self.shown(self.fresh(outcome.meetings[0]), code)

    @extend_schema(
        summary="Plan or propose many meetings, all or none",
        parameters=[CALENDAR],
        request=MeetingSerializer(many=True),
        responses={201: MeetingSerializer(many=True)},
    )
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def bulk(self, request: Request) -> Response:
        calendar = self.calendar()
        sent = rows_of(request)
        units = units_of(row.get(name) for row in sent if isinstance(row, dict) for name in ("holder", "place"))
        context = {**self.get_serializer_context(), "units": units}
        rows = RowsWrong.unless_valid(MeetingSerializer, sent, context)
        items = [Create(DEFAULTS | as_written(row)) for row in rows]
        try:
            made = services.apply(
                calendar, items, by=who_asks(request), label=_("New meetings"), verb="meeting.planned"
            ).meetings
        except WallHit as hit:
            raise RowsWrong({index: told(found) for index, found in hit.problems.items()}) from hit
        return self.shown_many(made)

    @extend_schema(summary="Change a meeting")
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting = self.get_object()
        version = seen_version(request)
        if not rules.can_edit(who_asks(request), meeting):
            raise PermissionDenied(_("This meeting can no longer be edited by your office."))
        serializer = self.get_serializer(meeting, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        item = Change(meeting.pk, as_written(serializer.validated_data), version)
        with refusals():
            services.apply(meeting.calendar, [item], by=who_asks(request), label=_("Editing"))
        return self.shown(self.fresh(meeting))

    @extend_schema(summary="Take a meeting out of the draft")
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting = self.get_object()
        with refusals():
            services.remove(meeting.calendar, {meeting.pk: seen_version(request)}, by=who_asks(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def ran(self, verb: Any, body: type[serializers.Serializer], **more: Any) -> Response:
        """A verb of the services on one meeting, with the fields of its body."""
        meeting, version = self.get_object(), seen_version(self.request)
        with refusals():
            verb(meeting, **checked(body, self.request), **more, seen_version=version, by=who_asks(self.request))
        return self.shown(self.fresh(meeting))

    @extend_schema(summary="Record the announcement", request=AnnounceBody)
    @action(detail=True, methods=["post"])
    def announce(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.ran(services.announce, AnnounceBody, today=today())

    @extend_schema(summary="Record that it was held", request=HoldBody)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.ran(services.hold, HoldBody, today=today())

    @extend_schema(summary="Cancel it", request=CancelBody)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.ran(services.cancel, CancelBody)

    @extend_schema(summary="Accept a proposal", request=None)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting = self.get_object()
        with refusals():
            services.accept(meeting.calendar, {meeting.pk: seen_version(request)}, by=who_asks(request))
        return self.shown(self.fresh(meeting))

    @extend_schema(summary="Return a proposal", request=ReturnBody)
    @action(detail=True, methods=["post"], url_path="return")
    def return_(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting, version = self.get_object(), seen_version(request)
        with refusals():
            given = checked(ReturnBody, request)
            services.return_(meeting.calendar, {meeting.pk: version}, **given, by=who_asks(request))
        return self.shown(self.fresh(meeting))
