"""Our settings with what tests need: a cheap hasher, files in a throwaway folder, no manifest."""

import os
import tempfile

os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="akim-tests-"))
os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("STATICFILES_STORAGE", "django.contrib.staticfiles.storage.StaticFilesStorage")

from akim_meetings.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SITE_URL = "http://testserver"
ALLOWED_HOSTS = ["*"]
FAILPOINTS_ALLOWED = True
CELERY_TASK_ALWAYS_EAGER = True
WHITENOISE_AUTOREFRESH = True
# Django's live server insists on an address for uploads; nothing is served there.
MEDIA_URL = "/no-uploads-here/"
