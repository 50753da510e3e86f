"""gunicorn reads this by itself: its processes keep their counts for /metrics in one folder, new at each start."""

import os
import shutil
import tempfile

from prometheus_client import multiprocess

FOLDER = tempfile.mkdtemp(prefix="akim-metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = FOLDER


def child_exit(server, worker):
    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    shutil.rmtree(FOLDER, ignore_errors=True)
