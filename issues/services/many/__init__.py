"""The same changes for many meetings at once: bulk actions, and the replay of a year.

Each function checks what its single counterpart checks, writes the same rows and the same entries of the journal,
all or nothing, in a constant number of statements for 1 or 2,000 rows.
"""

from .after import Held, add_items, adopt_plans, freeze_documents, publish_documents, record_receptions
from .before import Asked, Raised, Use, add_requests, enter_issues, freeze_pools, make_issues, record_channels
from .commissions import Formed, form_commissions
from .hall import record_audiences, record_broadcasts
from .progress import Ending, Told, close_issues, record_steps
from .quarterly import draft_quarters, freeze_quarters, publish_quarters

__all__ = [
    "Asked",
    "Ending",
    "Formed",
    "Held",
    "Raised",
    "Told",
    "Use",
    "add_items",
    "add_requests",
    "adopt_plans",
    "close_issues",
    "draft_quarters",
    "enter_issues",
    "form_commissions",
    "freeze_documents",
    "freeze_pools",
    "freeze_quarters",
    "make_issues",
    "publish_documents",
    "publish_quarters",
    "record_audiences",
    "record_broadcasts",
    "record_channels",
    "record_receptions",
    "record_steps",
]
