"""Addresses of the ledger."""

from django.urls import path

from . import views

app_name = "deadlines"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("bell/", views.bell, name="bell"),
    path("bell/read/", views.read_all, name="read_all"),
    path("<int:pk>/", views.explain, name="explain"),
    path("of/<slug:subject_type>/<int:subject_id>/", views.of_subject, name="of_subject"),
]
