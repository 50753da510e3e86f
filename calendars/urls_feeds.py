"""Addresses of the iCalendar feeds."""

from django.urls import path

from . import feeds

app_name = "feeds"
urlpatterns = [
    path("public/<slug:code>.ics", feeds.public, name="public"),
    path("<str:secret>.ics", feeds.secret, name="secret"),
]
