"""The REST API: one router for all rooms, its schema and its documentation."""

from typing import Any

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from calendars.api import CalendarViewSet, MeetingViewSet, SubmissionViewSet
from deadlines.api import DutyViewSet
from issues.api import IssueViewSet, PlanItemViewSet, PublicationViewSet, ReceptionViewSet, RequestViewSet
from journal.api import NoticeViewSet
from reporting.exports.api import ExportViewSet
from territories.api import OrganisationViewSet, TerritoryViewSet

from . import schema  # noqa: F401  (registers itself with the documentation)

router = SimpleRouter()
router.register("territories", TerritoryViewSet)
router.register("organisations", OrganisationViewSet)
router.register("calendars", CalendarViewSet)
router.register("meetings", MeetingViewSet)
router.register("submissions", SubmissionViewSet)
router.register("duties", DutyViewSet)
router.register("requests", RequestViewSet)
router.register("issues", IssueViewSet)
router.register("notices", NoticeViewSet)
router.register("receptions", ReceptionViewSet)
router.register("plan-items", PlanItemViewSet)
router.register("publications", PublicationViewSet)
router.register("exports", ExportViewSet)


class Nothing(APIView):
    """Addresses of the API at which there is nothing, answered as everything else here is."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound


urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/<path:rest>/", Nothing.as_view(), name="api_nothing"),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
]
