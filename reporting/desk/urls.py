"""Addresses of the desk; included by `reporting.urls`."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.national, name="desk"),
    path("compare/", views.compare, name="desk_compare"),
    path("office/", views.one_office, name="office"),
]
