"""Which letter may be done what to. Who may is asked at the door."""

from .models import Notice

State = Notice.State


def can_retry(notice: Notice) -> bool:
    """Send again at once. A doubtful letter too: then it may arrive twice, and says so."""
    if notice.is_forgotten:
        return False
    return notice.state in (State.FAILED, State.HELD, State.DOUBTFUL) or (
        notice.state == State.PENDING and notice.next_try is not None
    )


def can_cancel(notice: Notice) -> bool:
    """Never send. Not while a worker has the letter in hand."""
    return notice.state in (State.PENDING, State.HELD, State.FAILED)


def can_put_aside(notice: Notice) -> bool:
    return notice.state == State.PENDING
