"""Addresses of all public pages; the language stands in front of each. Pages of the calendar alone come last."""

from django.urls import path

from calendars import urls_public as of_calendar

from .public import issue, lists, meeting, place

app_name = "public"
urlpatterns = [
    path("issues/", lists.all_issues, name="issues"),
    path("issues/<slug:code>/", issue.issue, name="issue"),
    path("issues/<slug:code>/files/<int:pk>/", issue.file, name="file"),
    path("meetings/<int:pk>/", meeting.meeting, name="meeting"),
    path("meetings/<int:pk>/results/", meeting.results, name="results"),
    path("meetings/<int:pk>/results/<slug:what>/<int:number>/", meeting.version, name="version"),
    path("units/<slug:code>/", place.unit, name="unit"),
    path("units/<slug:code>/issues/", lists.unit_issues, name="unit_issues"),
    *of_calendar.urlpatterns,
]
