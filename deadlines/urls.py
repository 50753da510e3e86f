"""Addresses of the ledger."""

from django.urls import path

from . import views
from .views_remind import delivery, feed, ladder

app_name = "deadlines"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("bell/", views.bell, name="bell"),
    path("bell/read/", views.read_all, name="read_all"),
    path("feed/", feed.feed, name="feed"),
    path("feed/<int:pk>/end/", feed.end, name="end_feed"),
    path("delivery/", delivery.delivery, name="delivery"),
    path("delivery/seen/", delivery.see_failures, name="see_failures"),
    path("ladder/", ladder.ladder, name="ladder"),
    path("ladder/add/", ladder.add_stage, name="add_stage"),
    path("ladder/<int:pk>/", ladder.change_stage, name="change_stage"),
    path("ladder/rules/", ladder.change_rules, name="change_rules"),
    path("<int:pk>/", views.explain, name="explain"),
    path("<int:pk>/prove/", views.prove, name="prove"),
    path("evidence/<int:pk>/file/", views.evidence_file, name="evidence_file"),
    path("evidence/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("of/<slug:subject_type>/<int:subject_id>/", views.of_subject, name="of_subject"),
]
