"""Addresses of approval, notice and submission; included by `calendars.urls` under approval/."""

from django.urls import path

from .views_approval import approving, feed_links, notices, overview, submissions, versions

urlpatterns = [
    path("", overview.overview, name="approval"),
    path("", overview.overview, name="versions"),
    path("approve/", approving.approval_form, name="approval_form"),
    path("difference/", versions.compare, name="difference"),
    path("versions/<int:pk>/", versions.version, name="version"),
    path("versions/<int:pk>/scan/", versions.scan, name="version_scan"),
    path("versions/<int:pk>/calendar.xlsx", versions.xlsx, name="version_xlsx"),
    path("versions/<int:pk>/calendar.ics", versions.ics, name="version_ics"),
    path("versions/<int:pk>/letter/<str:language>/", notices.letter, name="version_letter"),
    path("versions/<int:pk>/notify/", notices.notify_now, name="version_notify"),
    path("versions/<int:pk>/resend/", notices.resend, name="version_resend"),
    path("versions/<int:pk>/submit/", submissions.submit, name="version_submit"),
    path("notices/<int:pk>/revoke/", notices.revoke, name="notice_revoke"),
    path("notices/<int:pk>/acknowledge/", notices.acknowledge, name="notice_acknowledge"),
    path("submissions/<int:pk>/", submissions.submission, name="submission"),
    path("submissions/<int:pk>/remark/", submissions.remark, name="submission_remark"),
    path("submissions/<int:pk>/accept/", submissions.accept, name="submission_accept"),
    path("submissions/<int:pk>/return/", submissions.return_, name="submission_return"),
    path("remarks/<int:pk>/settle/", submissions.settle, name="remark_settle"),
    path("remarks/<int:pk>/take-back/", submissions.take_back, name="remark_take_back"),
    path("feeds/", feed_links.feeds, name="feeds"),
    path("feeds/<int:pk>/end/", feed_links.end, name="feed_end"),
]
