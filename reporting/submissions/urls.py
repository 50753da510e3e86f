"""Addresses of submissions; included by `reporting.urls` under submissions/."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.overview, name="submissions"),
    path("calendars/", views.calendars, name="send_calendars"),
    path("issues/<int:month>/", views.issues, name="send_issues"),
    path("bodies/<int:quarter>/", views.bodies, name="body_lists"),
    path("bodies/<int:quarter>/<int:pk>/", views.body, name="send_body"),
    path("<int:pk>/", views.dispatch, name="dispatch"),
    path("<int:pk>/received/", views.received, name="dispatch_received"),
    path("<int:pk>/letter-<slug:language>.docx", views.letter, name="dispatch_letter"),
    path("<int:pk>/bundle.zip", views.bundle, name="dispatch_bundle"),
]
