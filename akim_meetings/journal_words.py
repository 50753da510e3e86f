"""Every verb of the journal, kind of letter and name of a noted value, in the reader's language.

The journal itself knows no room; it finds these words by `settings.JOURNAL_WORDS`.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ACTIONS = {
    "notice.bounced": pgettext_lazy("journal", "Letter came back"),
    "notice.cancelled": pgettext_lazy("journal", "Letter cancelled"),
    "notice.put_aside": pgettext_lazy("journal", "Letter put aside"),
    "notice.retried": pgettext_lazy("journal", "Letter sent again"),
    "outbox.held": pgettext_lazy("journal", "All mail held back"),
    "outbox.reconciled": pgettext_lazy("journal", "Letters compared with the log of the mail server"),
    "outbox.released": pgettext_lazy("journal", "Mail let go"),
}
NOTICES = {
    "account": pgettext_lazy("kind of letter", "Log-in and password"),
}
FIELDS = {
    "held": _("held back"),
}
