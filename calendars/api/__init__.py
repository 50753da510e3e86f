"""Door 3: calendars, meetings and submissions for programs."""

from .calendars import CalendarViewSet
from .meetings import MeetingViewSet
from .submissions import SubmissionViewSet

__all__ = ["CalendarViewSet", "MeetingViewSet", "SubmissionViewSet"]
