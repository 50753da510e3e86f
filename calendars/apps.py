from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    name = "calendars"
    verbose_name = _("Calendars of meetings")

    def ready(self) -> None:
        from .changes import install

        post_migrate.connect(install, sender=self)
