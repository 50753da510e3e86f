from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = _("Journal and outgoing mail")

    def ready(self):
        from . import checks  # noqa: F401  (registers the checks of the mail settings)
