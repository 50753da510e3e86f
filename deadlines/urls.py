"""Addresses of the ledger."""

from django.urls import path

from . import views
from .views_remind import ladder

app_name = "deadlines"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("bell/", views.bell, name="bell"),
    path("bell/read/", views.read_all, name="read_all"),
    path("ladder/", ladder.ladder, name="ladder"),
    path("ladder/add/", ladder.add_stage, name="add_stage"),
    path("ladder/<int:pk>/", ladder.change_stage, name="change_stage"),
    path("ladder/rules/", ladder.change_rules, name="change_rules"),
    path("<int:pk>/", views.explain, name="explain"),
    path("of/<slug:subject_type>/<int:subject_id>/", views.of_subject, name="of_subject"),
]
