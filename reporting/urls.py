"""Addresses of the national desk."""

from django.urls import include, path

from . import views

app_name = "reporting"
urlpatterns = [
    path("", include("reporting.desk.urls")),
    path("submissions/", include("reporting.submissions.urls")),
    path("coverage.xlsx", views.coverage_xlsx, name="coverage_xlsx"),
    path("<slug:code>/calendar.xlsx", views.calendar_xlsx, name="calendar_xlsx"),
]
