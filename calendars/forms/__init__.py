"""Raw input to clean values, and the words of what is wrong with it. Nothing here saves."""

from .bulk import BulkForm
from .cell import CellForm
from .entry import MeetingForm
from .fields import UnitField
from .filters import FilterForm
from .verbs import AnnounceForm, CancelForm, HoldForm, MoveForm, RemarkForm

__all__ = [
    "AnnounceForm",
    "BulkForm",
    "CancelForm",
    "CellForm",
    "FilterForm",
    "HoldForm",
    "MeetingForm",
    "MoveForm",
    "RemarkForm",
    "UnitField",
]
