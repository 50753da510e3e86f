"""Addresses of the staff pages of this room; each noun adds its own."""

from django.urls import URLPattern, URLResolver, include, path

from .views import demands, files, topics

app_name = "issues"
urlpatterns: list[URLPattern | URLResolver] = [
    path("meetings/", include("issues.urls_meetings")),
    path("meetings/", include("issues.urls_after")),
    path("requests/", include("issues.urls_requests")),
    path("demands/", demands.demands, name="demands"),
    path("demands/add/", demands.demand_add, name="demand_add"),
    path("demands/<int:pk>/answer/", demands.demand_answer, name="demand_answer"),
    path("demands/off-calendar/", demands.off_calendar, name="off_calendar"),
    path("topics/", topics.topics, name="topics"),
    path("topics/add/", topics.topic_add, name="topic_add"),
    path("topics/<int:pk>/", topics.topic_edit, name="topic_edit"),
    path("files/<int:pk>/", files.file, name="file"),
]
