"""Addresses of the public pages of the calendar; the room of issues puts them together with its own."""

from django.urls import path

from . import public

urlpatterns = [
    path("", public.home, name="home"),
    path("regions/<slug:code>/", public.region, name="region"),
    path("regions/<slug:code>/<int:year>.csv", public.table, name="table"),
]
