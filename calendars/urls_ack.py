"""Addresses of the maslikhat's acknowledgement, reached from the mail without an account."""

from django.urls import URLPattern

app_name = "ack"
urlpatterns: list[URLPattern] = []
