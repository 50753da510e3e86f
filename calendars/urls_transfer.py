"""Addresses of Excel and CSV in both directions; included by `calendars.urls` under transfer/."""

from django.urls import path

from .views_transfer import jobs, outgoing, upload

urlpatterns = [
    path("import/", upload.upload, name="import"),
    path("import/<int:pk>/", jobs.job, name="import_job"),
    path("import/<int:pk>/status/", jobs.status, name="import_status"),
    path("import/<int:pk>/remarks.xlsx", jobs.remarks, name="import_remarks"),
    path("import/<int:pk>/commit/", jobs.commit, name="import_commit"),
    path("import/<int:pk>/again/", jobs.again, name="import_again"),
    path("import/<int:pk>/drop/", jobs.drop, name="import_drop"),
    path("calendar.xlsx", outgoing.xlsx, name="export_xlsx"),
    path("calendar.csv", outgoing.csv, name="export_csv"),
    path("template.xlsx", outgoing.template, name="template_xlsx"),
]
