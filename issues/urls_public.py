"""Addresses of all public pages; the language stands in front of each. Pages of the calendar alone come last."""

from django.urls import path

from calendars import urls_public as of_calendar

from .public import asked, central, data, dispute, following, issue, lists, meeting, place

app_name = "public"
urlpatterns = [
    path("issues/", lists.all_issues, name="issues"),
    path("issues.csv", data.csv_file, name="issues_csv"),
    path("issues.json", data.json_file, name="issues_json"),
    path("my-question/", asked.asked, name="asked"),
    path("central/", central.bodies, name="central"),
    path("central/<int:pk>/", central.body, name="central_body"),
    path("meetings/<int:pk>/meeting.ics", meeting.ics, name="meeting_ics"),
    path("open-data/", data.about, name="open_data"),
    path("issues/<slug:code>/", issue.issue, name="issue"),
    path("issues/<slug:code>/follow/", following.follow_issue, name="follow_issue"),
    path("issues/<slug:code>/not-solved/", dispute.dispute, name="dispute"),
    path("issues/<slug:code>/files/<int:pk>/", issue.file, name="file"),
    path("meetings/<int:pk>/", meeting.meeting, name="meeting"),
    path("meetings/<int:pk>/results/", meeting.results, name="results"),
    path("meetings/<int:pk>/minutes/<int:number>/<slug:language>.<slug:form>", meeting.minutes, name="minutes"),
    path("units/<slug:code>/", place.unit, name="unit"),
    path("units/<slug:code>/issues/", lists.unit_issues, name="unit_issues"),
    path("units/<slug:code>/issues.csv", data.csv_file, name="unit_csv"),
    path("units/<slug:code>/issues.json", data.json_file, name="unit_json"),
    path("units/<slug:code>/issues.<slug:form>", data.feed, name="feed"),
    path("units/<slug:code>/follow/", following.follow_unit, name="follow_unit"),
    path("following/<slug:token>/", following.following, name="following"),
    *of_calendar.urlpatterns,
]
