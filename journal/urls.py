"""Addresses of the staff pages of this room."""

from django.urls import path

from . import views

app_name = "journal"
urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("release/", views.release, name="release"),
    path("<int:pk>/", views.notice, name="notice"),
    path("<int:pk>/letter/", views.notice_html, name="notice_html"),
    path("<int:pk>/letter.eml", views.notice_eml, name="notice_eml"),
    path("<int:pk>/files/<int:position>/", views.notice_file, name="notice_file"),
    path("<int:pk>/retry/", views.notice_retry, name="notice_retry"),
    path("<int:pk>/cancel/", views.notice_cancel, name="notice_cancel"),
    path("<int:pk>/put-aside/", views.notice_put_aside, name="notice_put_aside"),
    path("journal/", views.entries, name="entries"),
    path("journal/<str:object_type>/<str:object_id>/", views.history, name="history"),
]
