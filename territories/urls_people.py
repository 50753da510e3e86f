"""Addresses of the pages on accounts and posts."""

from django.urls import path

from . import views_people as views

app_name = "people"
urlpatterns = [
    path("", views.people_list, name="list"),
    path("invite/", views.invite, name="invite"),
    path("place/", views.place, name="place"),
    path("units/", views.units, name="units"),
    path("posts/<int:pk>/end/", views.end_post, name="end_post"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/appoint/", views.appoint, name="appoint"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<int:pk>/link/", views.send_link, name="send_link"),
    path("<int:pk>/second-factor/remove/", views.remove_factor, name="remove_factor"),
]
