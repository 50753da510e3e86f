"""Two people change the same thing: the second is told."""

from django.utils.translation import gettext as _

from ...models import Post, User


class Stale(Exception):
    """Somebody else changed the row since the page was opened. `current` holds what is there now."""

    def __init__(self, current: User | Post):
        self.current = current
        super().__init__(_("Another person has changed this in the meantime."))
