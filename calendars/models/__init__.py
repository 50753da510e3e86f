"""The statutory calendar: rows that people plan, versions that were approved, and where they went."""

from .calendar import Calendar, CalendarVersion, VersionRow
from .meeting import Broadcast, Format, Meeting, MeetingState, MeetingTarget, Step
from .submission import MaslikhatNotice, Submission, SubmissionRemark
from .transfer import FeedLink, ImportJob

__all__ = [
    "Broadcast",
    "Calendar",
    "CalendarVersion",
    "FeedLink",
    "Format",
    "ImportJob",
    "MaslikhatNotice",
    "Meeting",
    "MeetingState",
    "MeetingTarget",
    "Step",
    "Submission",
    "SubmissionRemark",
    "VersionRow",
]
