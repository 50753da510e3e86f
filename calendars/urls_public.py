"""Addresses of the public pages; the language stands in front of each."""

from django.urls import path

from . import public

app_name = "public"
urlpatterns = [
    path("", public.home, name="home"),
    path("regions/<slug:code>/", public.region, name="region"),
    path("regions/<slug:code>/<int:year>.csv", public.table, name="table"),
    path("units/<slug:code>/", public.unit, name="unit"),
]
