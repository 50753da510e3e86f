from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TerritoriesConfig(AppConfig):
    name = "territories"
    verbose_name = _("Territories, organisations and people")

    def ready(self):
        from . import checks, checks_machine  # noqa: F401  (registers what `manage.py check` says)
