"""Two people change the same thing: the second is told."""

from typing import Any

from django.utils.translation import gettext as _


class Stale(Exception):
    """Somebody else changed the row since the page was opened. `current` holds what is there now."""

    def __init__(self, current: Any):
        self.current = current
        super().__init__(_("Another person has changed this in the meantime."))
