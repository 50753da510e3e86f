from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TerritoriesConfig(AppConfig):
    name = "territories"
    verbose_name = _("Territories, organisations and people")

    def ready(self):
        from . import checks  # noqa: F401  (registers the check of demonstration accounts)
