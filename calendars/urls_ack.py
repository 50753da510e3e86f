"""Addresses of the maslikhat's acknowledgement, reached from the mail without an account."""

from django.urls import path

from .views_approval import ack

app_name = "ack"
urlpatterns = [
    path("<str:token>", ack.notice, name="notice"),
    path("<str:token>/calendar.xlsx", ack.workbook, name="workbook"),
    path("<str:token>/calendar.ics", ack.ics, name="ics"),
]
