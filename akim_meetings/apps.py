from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssemblyConfig(AppConfig):
    name = "akim_meetings"
    verbose_name = _("Meetings with the population")

    def ready(self):
        from . import terms  # noqa: F401  (registers what `manage.py check` says)
