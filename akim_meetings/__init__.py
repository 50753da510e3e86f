"""The assembly: settings, site map, timetable. It may import every room and is imported by none."""

from .celery import app as celery_app

__all__ = ["celery_app"]
