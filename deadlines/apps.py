from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeadlinesConfig(AppConfig):
    name = "deadlines"
    verbose_name = _("Duties and reminders")

    def ready(self):
        from . import checks  # noqa: F401  (registers what `manage.py check` says)
