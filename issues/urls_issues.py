"""Addresses of issues, of items of the plans, and of requests for a new day."""

from django.urls import path

from .views import central, issues, items

urlpatterns = [
    path("issues/", issues.issues, name="issues"),
    path("issues/<int:pk>/", issues.issue, name="issue"),
    path("issues/<int:pk>/close/", issues.issue_close, name="issue_close"),
    path("issues/<int:pk>/dispute/", issues.issue_dispute, name="issue_dispute"),
    path("issues/<int:pk>/route/", issues.issue_route, name="issue_route"),
    path("items/", items.items, name="items"),
    path("items/<int:pk>/", items.item, name="item"),
    path("items/<int:pk>/progress/", items.progress_add, name="progress_add"),
    path("items/<int:pk>/new-day/", items.new_day, name="new_day"),
    path("new-days/<int:pk>/grant/", items.new_day_grant, name="new_day_grant"),
    path("new-days/<int:pk>/refuse/", items.new_day_refuse, name="new_day_refuse"),
    path("progress/<int:pk>/show/", items.progress_show, name="progress_show"),
    path("central/", central.central, name="central"),
    path("central/<int:pk>/", central.central_one, name="central_one"),
    path("central/<int:pk>/answer/", central.central_answer, name="central_answer"),
    path("central/<int:pk>/course/", central.central_course, name="central_course"),
]
