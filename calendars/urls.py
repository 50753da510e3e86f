"""Addresses of the staff pages of this room."""

import datetime as dt

from django.urls import include, path, register_converter

from .views import bulk, coverage, entry, list, meeting, month, move, printing, proposals, propose, steps, units, year


class DayConverter:
    """A civil day in an address: 2027-03-15."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date | str) -> str:
        return str(value)


register_converter(DayConverter, "day")

app_name = "calendars"
urlpatterns = [
    path("", year.year, name="year"),
    path("month/", month.this_month, name="this_month"),
    path("month/<int:month>/", month.month, name="month"),
    path("day/<day:day>/", month.day, name="day"),
    path("list/", list.list_, name="list"),
    path("list/<int:pk>/<str:field>/", list.cell, name="cell"),
    path("print/", printing.print_, name="print"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/<int:pk>/", coverage.group, name="coverage_group"),
    path("coverage/propose/", propose.preview, name="propose"),
    path("coverage/propose/apply/", propose.apply, name="propose_apply"),
    path("open/", coverage.open_calendar, name="open"),
    path("new/", entry.entry, name="entry"),
    path("new/check/", entry.live, name="check"),
    path("units/", units.units, name="units"),
    path("meetings/<int:pk>/", meeting.meeting, name="meeting"),
    path("meetings/<int:pk>/edit/", meeting.edit, name="edit"),
    path("meetings/<int:pk>/move/", move.move, name="move"),
    path("meetings/<int:pk>/<str:name>/", meeting.verb, name="verb"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("approval/", include("calendars.urls_approval")),
    path("transfer/", include("calendars.urls_transfer")),
    path("steps/", steps.steps, name="steps"),
    path("steps/<int:pk>/undo/", steps.undo, name="undo"),
]
