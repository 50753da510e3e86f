"""Addresses of log-in, second factor, sessions and passwords."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
