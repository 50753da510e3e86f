"""Addresses of the pages of the law."""

from django.urls import path

from .views_law import act, last_day, readings, why

app_name = "act"
urlpatterns = [
    path("", act.index, name="index"),
    path("readings/", readings.readings, name="readings"),
    path("readings/<slug:key>/", readings.choose, name="choose"),
    path("readings/ended/<int:pk>/", readings.end, name="end_choice"),
    path("last-day/", last_day.last_day, name="last_day"),
    path("why/", why.why, name="why"),
    path("<slug:code>/", act.act, name="act"),
]
