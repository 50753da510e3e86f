"""Addresses of published documents for everybody; the language stands in front of each."""

from django.urls import path

from . import public_documents

app_name = "documents"
urlpatterns = [
    path("published/<int:pk>/", public_documents.published, name="published"),
    path("quarterly/<int:pk>/", public_documents.quarterly, name="quarterly"),
]
