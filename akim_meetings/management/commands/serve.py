"""`make run`: bring the database up to date, load the demonstration, start web, worker and beat."""

import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

#: An embedded start serves static files where they lie; the full one collects them in the image.
EMBEDDED = {
    "DEMO": "1",
    "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "WHITENOISE_USE_FINDERS": "1",
    # Celery warns of running as root and Whitenoise of an uncollected folder; neither matters here.
    "PYTHONWARNINGS": "ignore",
    "LOG_LEVEL": "WARNING",
}


class Command(BaseCommand):
    help = "Start the whole program on this machine, without any server installed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args, port: int, **options) -> None:
        if not settings.DEMO:
            self.restart_embedded(port)
        call_command("migrate", verbosity=0)
        call_command("create_demo", scale="demo", quiet=True)
        call_command("welcome", port=port)
        self.stdout.flush()
        os.environ.update(PORT=str(port), VAR_DIR=str(settings.VAR))
        honcho = Path(sys.executable).with_name("honcho")
        os.environ["PATH"] = f"{honcho.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        os.execv(honcho, [str(honcho), "start", "--no-prefix", "--no-colour"])  # noqa: S606

    def restart_embedded(self, port: int) -> None:
        """Settings are read once; start again under those of the demonstration."""
        os.environ.update(EMBEDDED, SITE_URL=os.environ.get("SITE_URL", f"http://127.0.0.1:{port}"))
        os.execv(sys.executable, [sys.executable, sys.argv[0], "serve", "--port", str(port)])  # noqa: S606
