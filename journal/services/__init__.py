"""Every change that this room makes. Other rooms call `record` and `queue` inside their own transaction."""

from ..addresses import NoticeRefused
from .bounces import record_bounce
from .control import hold, reconcile, release, see_failures
from .entries import Change, Ref, record, record_many
from .failures import forget_failures, keep_failure, put_failure_aside, retry_failure
from .forgetting import forget_addressees, forget_answers
from .letters import call_back, cancel, put_aside, retry
from .outbox import Attachment, Letter, Recipient, queue, queue_many
from .sealing import head, seal

__all__ = [
    "Attachment",
    "Change",
    "Letter",
    "NoticeRefused",
    "Recipient",
    "Ref",
    "call_back",
    "cancel",
    "forget_addressees",
    "forget_answers",
    "forget_failures",
    "head",
    "hold",
    "keep_failure",
    "put_aside",
    "put_failure_aside",
    "queue",
    "queue_many",
    "reconcile",
    "record",
    "record_bounce",
    "record_many",
    "release",
    "retry",
    "retry_failure",
    "seal",
    "see_failures",
]
