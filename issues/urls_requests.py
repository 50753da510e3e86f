"""Addresses of requests of the population."""

from django.urls import path

from .views import requests

urlpatterns = [
    path("", requests.requests, name="requests"),
    path("similar/", requests.similar, name="similar"),
    path("<int:pk>/", requests.request_page, name="request"),
    path("<int:pk>/classify/", requests.classify, name="request_classify"),
    path("<int:pk>/edit/", requests.edit, name="request_edit"),
    path("<int:pk>/accept/", requests.accept, name="request_accept"),
    path("<int:pk>/refuse/", requests.refuse, name="request_refuse"),
    path("<int:pk>/join/", requests.join, name="request_join"),
    path("<int:pk>/issue/", requests.new_issue, name="request_issue"),
    path("<int:pk>/origins/<int:origin>/undo/", requests.part, name="request_part"),
]
