"""Addresses of tables that offices bring."""

from django.urls import path

from .views import importing

urlpatterns = [
    path("", importing.imports, name="imports"),
    path("<int:pk>/", importing.table, name="import"),
    path("<int:pk>/columns/", importing.columns, name="import_columns"),
    path("<int:pk>/status/", importing.status, name="import_status"),
    path("<int:pk>/take/", importing.take, name="import_take"),
    path("<int:pk>/drop/", importing.drop, name="import_drop"),
    path("<int:pk>/wrong.xlsx", importing.wrong, name="import_wrong"),
    path("empty/<slug:kind>.xlsx", importing.empty, name="import_empty"),
]
