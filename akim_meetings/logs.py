"""Which request and which task a line of the log belongs to."""

import logging

from celery._state import get_current_task

from journal.context import request_id


class Ids(logging.Filter):
    """Gives each record `request_id` and `task_id`; empty where there is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        task = get_current_task()
        record.request_id = request_id.get()
        record.task_id = (task.request.id or "") if task is not None else ""
        return True
