"""Addresses of the staff pages of units, editions and bodies."""

from django.urls import path

from . import views_editions, views_organisations, views_units

app_name = "territories"
urlpatterns = [
    path("", views_units.browse, name="units"),
    path("<int:pk>/", views_units.unit, name="unit"),
    path("<int:pk>/exclude/", views_units.exclude, name="exclude"),
    path("<int:pk>/include/", views_units.include, name="include"),
    path("<int:pk>/names/", views_units.names, name="names"),
    path("<int:pk>/days/", views_units.days, name="days"),
    path("<int:pk>/microraion/", views_units.add_microraion, name="add_microraion"),
    path("editions/", views_editions.listing, name="editions"),
    path("editions/upload/", views_editions.upload, name="upload_edition"),
    path("editions/<int:pk>/", views_editions.draft, name="draft"),
    path("editions/<int:pk>/start/", views_editions.start, name="start_draft"),
    path("editions/<int:pk>/put-aside/", views_editions.put_aside, name="put_aside_draft"),
    path("editions/<int:pk>/progress/", views_editions.draft_progress, name="draft_progress"),
    path("editions/<int:pk>/unit/<int:unit_id>/", views_editions.decide, name="decide"),
    path("bodies/", views_organisations.listing, name="bodies"),
    path("bodies/add/", views_organisations.add_body, name="add_body"),
    path("bodies/import/", views_organisations.import_bodies, name="import_bodies"),
    path("bodies/mailboxes/import/", views_organisations.import_mailboxes, name="import_mailboxes"),
    path("bodies/mailboxes/export/", views_organisations.export_mailboxes, name="export_mailboxes"),
    path("bodies/<int:pk>/", views_organisations.body, name="body"),
    path("bodies/<int:pk>/change/", views_organisations.change_body, name="change_body"),
    path("bodies/<int:pk>/mailboxes/add/", views_organisations.add_mailbox, name="add_mailbox"),
    path("mailboxes/<int:pk>/", views_organisations.change_mailbox, name="change_mailbox"),
]
