"""Addresses of the national desk."""

from django.urls import include, path

app_name = "reporting"
urlpatterns = [
    path("", include("reporting.desk.urls")),
    path("submissions/", include("reporting.submissions.urls")),
]
