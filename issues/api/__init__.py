"""Door 3: what people ask, what is promised and what becomes of it, for programs."""

from .issues import IssueViewSet
from .promises import PlanItemViewSet, PublicationViewSet
from .receptions import ReceptionViewSet
from .requests import RequestViewSet

__all__ = ["IssueViewSet", "PlanItemViewSet", "PublicationViewSet", "ReceptionViewSet", "RequestViewSet"]
