"""Addresses of exports."""

from django.urls import path

from . import views

app_name = "exports"
urlpatterns = [
    path("", views.exports, name="list"),
    path("returned/", views.returned, name="returned"),
    path("new/<slug:code>/", views.new, name="new"),
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/status/", views.status, name="status"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/file/", views.file, name="file"),
]
