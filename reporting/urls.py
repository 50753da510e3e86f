"""Addresses of the national desk."""

from django.urls import path

from . import views

app_name = "reporting"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("coverage.xlsx", views.coverage_xlsx, name="coverage_xlsx"),
    path("<slug:code>/calendar.xlsx", views.calendar_xlsx, name="calendar_xlsx"),
]
