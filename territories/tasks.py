"""Work of this room that takes longer than a page may."""

from functools import partial

from celery import shared_task
from django.core.cache import cache

from .scope import today
from .services import editions

#: How long the progress of a load stays readable.
PROGRESS_SECONDS = 3600


def progress_key(draft_id: int) -> str:
    return f"edition-draft-{draft_id}"


def keep_progress(draft_id: int, done: int, of: int) -> None:
    """Beside the database, because the load is one transaction and nobody could see it inside."""
    cache.set(progress_key(draft_id), (done, of), PROGRESS_SECONDS)


@shared_task(time_limit=900, soft_time_limit=880)
def load_waiting() -> int:
    """Load the editions that were asked for. A sweep: may come late, twice or at once with another."""
    return sum(
        editions.run(draft.pk, today=today(), progress=partial(keep_progress, draft.pk)) for draft in editions.waiting()
    )
