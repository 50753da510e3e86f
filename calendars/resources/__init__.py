"""The door of Excel and CSV as django-import-export knows it: columns, headings, cleaning; our services write."""

from .meetings import MeetingResource

__all__ = ["MeetingResource"]
