"""Addresses of the public pages; the language stands in front of each."""

from django.urls import URLPattern

app_name = "public"
urlpatterns: list[URLPattern] = []
