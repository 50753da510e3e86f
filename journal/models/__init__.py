"""What happened (Entry), who must hear of it (Notice), and signs of life of the senders."""

from .answer import KeptAnswer
from .control import Heartbeat, OutboxControl
from .entry import Entry, EntryIsFinal
from .failure import TaskFailure
from .notice import Content, Notice, NoticeAttempt, NoticeFile
from .seal import Seal

__all__ = [
    "Content",
    "Entry",
    "EntryIsFinal",
    "Heartbeat",
    "KeptAnswer",
    "Notice",
    "NoticeAttempt",
    "NoticeFile",
    "OutboxControl",
    "Seal",
    "TaskFailure",
]
