"""Addresses of the staff pages of this room; each noun adds its own."""

from django.urls import URLPattern, URLResolver, include, path

from .views import demands, files, minutes, topics

app_name = "issues"
urlpatterns: list[URLPattern | URLResolver] = [
    path("meetings/", include("issues.urls_meetings")),
    path("meetings/", include("issues.urls_after")),
    path("", include("issues.urls_publication")),
    path("", include("issues.urls_issues")),
    path("requests/", include("issues.urls_requests")),
    path("imports/", include("issues.urls_imports")),
    path("demands/", demands.demands, name="demands"),
    path("demands/add/", demands.demand_add, name="demand_add"),
    path("demands/<int:pk>/answer/", demands.demand_answer, name="demand_answer"),
    path("demands/off-calendar/", demands.off_calendar, name="off_calendar"),
    path("topics/", topics.topics, name="topics"),
    path("topics/add/", topics.topic_add, name="topic_add"),
    path("topics/<int:pk>/", topics.topic_edit, name="topic_edit"),
    path("minutes/templates/", minutes.templates, name="minutes_templates"),
    path("minutes/templates/<slug:language>/drop/", minutes.template_drop, name="template_drop"),
    path("minutes/templates/<slug:language>/ours/", minutes.our_template, name="our_template"),
    path("files/<int:pk>/", files.file, name="file"),
]
