"""Answers of the API when something is wrong."""

from rest_framework.views import exception_handler


def handle(exc, context):
    return exception_handler(exc, context)
