"""What the resources of this room share: refusals, and rows that a body names by id or code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.request import Request

from calendars import rules as calendar_rules
from calendars.models import Meeting
from journal.rest import Changed, RowsWrong, rows_of
from territories.api_fields import units_of
from territories.models import Territory
from territories.scope import Who

from .. import rules
from ..models import Topic
from ..services import Conflict
from ..services.changing import lock

Row = TypeVar("Row", bound=models.Model)


@contextmanager
def refusals() -> Iterator[None]:
    """Refusals of the services as answers of the API."""
    try:
        yield
    except Conflict as clash:
        raise Changed(clash, clash.row, clash.fields) from clash
    except ValidationError as error:
        raise refused(error) from error


def refused(error: ValidationError) -> serializers.ValidationError:
    """The service's words as the API says them, field by field."""
    if hasattr(error, "error_dict"):
        return serializers.ValidationError({name: [str(m) for m in e.messages] for name, e in _fields(error)})
    return serializers.ValidationError({"non_field_errors": error.messages})


def _fields(error: ValidationError):
    return ((name, ValidationError(errors)) for name, errors in error.error_dict.items())


def require_entry(who: Who, unit: Territory) -> None:
    """Raises PermissionDenied unless the asker's office enters what is asked of the akim of a unit."""
    if not calendar_rules.reads_rows(who) or not rules.answers_for(who, unit):
        raise exceptions.PermissionDenied(_("Only the akim's office of this unit, or one above it, may do this."))


def meeting_of(who: Who, pk: int | None) -> Meeting | None:
    """A meeting by its id; a foreign one is answered like one that does not exist."""
    if pk is None:
        return None
    row = Meeting.objects.visible_to(who).select_related("holder", "place", "calendar").filter(pk=pk).first()
    if row is None:
        raise serializers.ValidationError({"meeting": [_("There is no such meeting.")]})
    return row


def topic_of(code: str, unit: Territory) -> Topic | None:
    """A topic of the unit's region by its code; the empty code is no topic."""
    if not code:
        return None
    row = Topic.objects.for_region(unit.region_id or unit.pk).filter(code=code).first()
    if row is None:
        raise serializers.ValidationError({"topic": [_("There is no topic with this code.")]})
    return row


def written(
    body: type[serializers.Serializer],
    request: Request,
    write: Callable[[dict[str, Any]], Row],
    *,
    units: tuple[str, ...],
) -> list[Row]:
    """Every row of a list, written one after another by `write`, or RowsWrong and none.

    `units` are the fields that name units, so that all of them are read at once.
    """
    sent = rows_of(request)
    known = units_of(row.get(name) for row in sent if isinstance(row, dict) for name in units)
    rows = RowsWrong.unless_valid(body, sent, {"request": request, "units": known})
    made: list[Row] = []
    wrong: dict[int, Any] = {}
    with transaction.atomic():
        for index, row in enumerate(rows):
            try:
                with transaction.atomic():
                    made.append(write(row))
            except serializers.ValidationError as error:
                told = error.detail
                wrong[index] = told if isinstance(told, dict) else {"non_field_errors": told}
            except (exceptions.PermissionDenied, PermissionDenied) as error:
                wrong[index] = {"unit": [str(error)]}
        if wrong:
            raise RowsWrong(wrong)
    return made


def same_version(row: Any, seen: int) -> None:
    """Lock a row for a service that asks for no version itself; raise Conflict unless it is the one that was seen."""
    now = lock(type(row), row.pk)
    if now.version != seen:
        raise Conflict(row=now, mine={})
