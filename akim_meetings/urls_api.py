"""The REST API: one router for all rooms, its schema and its documentation."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
