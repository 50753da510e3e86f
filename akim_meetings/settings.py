"""The one settings file. Machines differ by environment; `.env.example` names every variable.

Without any variable the application runs embedded: SQLite, Celery over folders, mail as files.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()
environ.Env.read_env(BASE_DIR / ".env")

# -- Where things lie ---------------------------------------------------------------------------
VAR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = VAR / "files"
MAIL_FOLDER = VAR / "mail"

# -- Kind of installation -----------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
# A demonstration may create accounts with printed passwords; a real office must never.
DEMO = env.bool("DEMO", default=False)


def secret(name: str) -> str:
    """A secret from the environment or from the file that NAME_FILE points to, without its last newline."""
    return env(name, default="").strip()


def _secret_key() -> str:
    """The key from the environment, else one made once and kept beside the data."""
    given = secret("SECRET_KEY")
    if given:
        return given
    kept = VAR / "secret_key"
    if not kept.exists():
        import secrets

        kept.write_text(secrets.token_urlsafe(50))
        kept.chmod(0o600)
    return kept.read_text()


SECRET_KEY = _secret_key()
# Earlier keys after a change: sessions and secrets of second factors are still read with them.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])


def _personal_data_keys() -> list[str]:
    """Keys that seal names and contacts of citizens, the newest first; else one made once beside the data."""
    given = [key.strip() for key in secret("PERSONAL_DATA_KEYS").replace("\n", ",").split(",") if key.strip()]
    if given:
        return given
    kept = VAR / "personal_data_key"
    if not kept.exists():
        import base64
        import secrets

        kept.write_text(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
        kept.chmod(0o600)
    return [kept.read_text().strip()]


PERSONAL_DATA_KEYS = _personal_data_keys()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = env.bool("HTTPS", default=SITE_URL.startswith("https://"))
# How many proxies stand in front; the client's address is taken from the last trusted hop.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

INSTALLED_APPS = [
    "akim_meetings",
    "reporting",
    "issues",
    "calendars",
    "deadlines",
    "territories",
    "journal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
]

MIDDLEWARE = [
    "akim_meetings.metrics.MetricsMiddleware",
    "calendars.caching.KeptAnswersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "akim_meetings.middleware.StaffLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "territories.middleware.SessionAgeMiddleware",
    "territories.middleware.WhoMiddleware",
    "akim_meetings.middleware.PickerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "akim_meetings.urls"
WSGI_APPLICATION = "akim_meetings.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "akim_meetings.context.staff",
            ],
        },
    },
]

# -- Data ---------------------------------------------------------------------------------------
# One address, or its parts where the password comes from a file (DB_PASSWORD_FILE).
if env("DB_HOST", default=""):
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": env("DB_HOST"),
            "PORT": env("DB_PORT", default="5432"),
            "NAME": env("DB_NAME", default="akim_meetings"),
            "USER": env("DB_USER", default="akim_meetings"),
            "PASSWORD": secret("DB_PASSWORD"),
        }
    }
else:
    DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Web, worker and beat share one file: writers queue instead of failing.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=30,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    )
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Behind a pool that gives a connection for a transaction only: a cursor of the server would outlive it.
    if env.bool("DB_POOLED", default=False):
        DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# An index that holds more columns than it is ordered by is a plain index on SQLite.
SILENCED_SYSTEM_CHECKS = ["models.W040"]

REDIS_URL = env("REDIS_URL", default="")
if env("REDIS_HOST", default=""):
    REDIS_URL = f"redis://:{secret('REDIS_PASSWORD')}@{env('REDIS_HOST')}:6379/0"
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "akim_meetings.cache.ForgivingRedisCache",
            "LOCATION": env("CACHE_URL", default=REDIS_URL.rsplit("/", 1)[0] + "/1"),
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR / "cache",
        }
    }
# Sessions live in the database: a lost Redis must not log everybody out.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# A session ends this long after its log-in, or after so long without a request.
SESSION_LONGEST_SECONDS = env.int("SESSION_LONGEST_SECONDS", default=60 * 60 * 12)
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=60 * 60 * 2)
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", default=HTTPS)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "akim_meetings.pages_errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# -- People -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "territories.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "territories.passwords.NotLikeTheAccount"},
    {"NAME": "territories.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "territories.passwords.NotCommon"},
    {"NAME": "territories.passwords.NotOnlyDigits"},
]
# Links that set a password (reset and invitation) work this long.
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24 * 3
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "territories.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Addresses live on the account alone; no second table that could disagree.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_FORMS = {
    "login": "territories.forms_accounts.LoginForm",
    "reset_password": "territories.forms_accounts.ResetPasswordForm",
    "reset_password_from_key": "territories.forms_accounts.ResetPasswordKeyForm",
    "user_token": "territories.forms_accounts.UserTokenForm",
    "change_password": "territories.forms_accounts.ChangePasswordForm",
    "reauthenticate": "territories.forms_accounts.ReauthenticateForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
}
MFA_ADAPTER = "territories.accounts.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = env("MFA_ISSUER", default="Akim meetings")
# A code is also good 30 seconds before and after its time (clocks of telephones); each only once.
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "activate_totp": "territories.forms_accounts.ActivateTOTPForm",
    "authenticate": "territories.forms_accounts.AuthenticateForm",
    "reauthenticate": "territories.forms_accounts.ReauthenticateCodeForm",
}

# -- Words --------------------------------------------------------------------------------------
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
LANGUAGE_CODE = "kk"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 31536000
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["akim_meetings.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Almaty"
USE_THOUSAND_SEPARATOR = False
FORM_RENDERER = "akim_meetings.forms.BootstrapRenderer"

# -- Static and uploaded files ------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env("STATICFILES_STORAGE", default="whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
WHITENOISE_USE_FINDERS = env.bool("WHITENOISE_USE_FINDERS", default=DEBUG)
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_URL = None  # nothing uploaded is served by address; every file goes through a scoped door
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10000

# -- Background work ----------------------------------------------------------------------------
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=REDIS_URL or "filesystem://localhost//")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"visibility_timeout": 300, "socket_connect_timeout": 2}
if CELERY_BROKER_URL.startswith("filesystem"):
    _broker = VAR / "broker"
    for _folder in ("messages", "control", "processed"):
        (_broker / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "messages"),
        "data_folder_out": str(_broker / "messages"),
        "control_folder": str(_broker / "control"),
        "processed_folder": str(_broker / "processed"),
        "store_processed": False,
    }
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TASK_DEFAULT_QUEUE = "sweep"
CELERY_TASK_ROUTES = {
    "journal.tasks.*": {"queue": "mail"},
    "calendars.tasks.*": {"queue": "files"},
    "territories.tasks.load_waiting": {"queue": "files"},
    "reporting.exports.*": {"queue": "files"},
    "issues.tables.*": {"queue": "files"},
    "akim_meetings.tasks.make_training": {"queue": "files"},
}
CELERY_TIMEZONE = TIME_ZONE

# Where the ledger of duties learns its facts: functions of the contract in `deadlines/services/facts.py`, called
# by every sweep; a later one speaks for a line in the stead of an earlier one.
DUTY_SOURCES = ["calendars.duties.facts", "issues.duties.facts"]
# Meetings whose duties change only because days have passed, by functions (since, today, years); or EVERYTHING.
DUTY_DAYS = ["calendars.duties.come_near", "calendars.duties.quarters_begin"]
# Who names what duties are about: functions of the contract in `deadlines/subjects.py`.
DUTY_SUBJECTS = ["calendars.duties.named", "issues.duties.named"]

# -- Mail ---------------------------------------------------------------------------------------
# EMAIL_URL: smtp://user:password@relay:25, smtp+tls://…, smtp+ssl://…; empty writes .eml files.
EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_BACKEND = "journal.backend.OutboxBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="kezdesu@localhost")
# Every key and its default: journal/conf.py.
OUTBOX: dict[str, object] = {
    "transport": "smtp" if EMAIL_URL else "file",
    "doubt": env("OUTBOX_DOUBT", default="reconcile" if env("OUTBOX_RELAY_LOG", default="") else "resend"),
    "relay_log": env("OUTBOX_RELAY_LOG", default=""),
    "relay_log_format": env("OUTBOX_RELAY_LOG_FORMAT", default="postfix"),
    "doubt_wait_seconds": env.int("OUTBOX_DOUBT_WAIT", default=600),
    "ca_file": env("OUTBOX_CA_FILE", default=""),
    "epoch": env("OUTBOX_EPOCH", default=""),
}
# Whom `manage.py watch` tells when something stands still, and the outside address that it asks while all is well.
OPERATOR_EMAILS = env.list("OPERATOR_EMAILS", default=[])
WATCH_PING_URL = env("WATCH_PING_URL", default="")
# How a page limits rows of the journal and of the outbox to what the reader's post covers.
SCOPE_FOR = "territories.scope.path_filter"
# The journal's verbs in words, for all rooms.
JOURNAL_WORDS = "akim_meetings.journal_words"

# -- Rules of the house, not of the law ---------------------------------------------------------
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=True)
ACKNOWLEDGE_LINK_DAYS = env.int("ACKNOWLEDGE_LINK_DAYS", default=60)
# The notice goes to the region's maslikhat; raion maslikhats may get copies.
MASLIKHAT_COPIES_TO_RAIONS = env.bool("MASLIKHAT_COPIES_TO_RAIONS", default=False)
# Names and contacts of askers are deleted so many days after the request, or after its issue was closed.
PERSONAL_DATA_DAYS = env.int("PERSONAL_DATA_DAYS", default=365)
# Addresses of citizens leave the letters of the outbox so many days after these were written.
LETTER_ADDRESS_DAYS = env.int("LETTER_ADDRESS_DAYS", default=30)
# Addresses whose owner never pressed the link that confirms the wish to follow.
UNCONFIRMED_DAYS = env.int("UNCONFIRMED_DAYS", default=7)
# Tables of requests, issues, plans and progress that were brought and that nobody took in.
TABLE_DAYS = env.int("TABLE_DAYS", default=1)
# Excel files of calendars; a preview that nobody took over by then is given up.
IMPORT_FILE_DAYS = env.int("IMPORT_FILE_DAYS", default=90)
# Steps in a calendar can be undone by who made them for so long.
UNDO_DAYS = env.int("UNDO_DAYS", default=90)
# Files that were taken out: summaries, letters, archives; the row that tells of them stays.
EXPORT_DAYS = env.int("EXPORT_DAYS", default=30)
# A program may send a request with its Idempotency-Key again for so long.
IDEMPOTENCY_DAYS = env.int("IDEMPOTENCY_DAYS", default=7)
# Letters that were written as files, where EMAIL_URL is empty.
LETTER_FILE_DAYS = env.int("LETTER_FILE_DAYS", default=30)
# Failed background work is shown to the administrator and kept so many days.
TASK_FAILURE_DAYS = env.int("TASK_FAILURE_DAYS", default=90)
# The copy for training that an administrator took out is deleted after so many days.
TRAINING_COPY_DAYS = env.int("TRAINING_COPY_DAYS", default=30)
# The public form of a meeting: so many questions an hour from one address, and for one meeting from everybody.
ASK_PER_ADDRESS = env.int("ASK_PER_ADDRESS", default=30)
ASK_PER_MEETING = env.int("ASK_PER_MEETING", default=600)
# Following by mail: so many requests an hour from one network, and for one mailbox.
FOLLOW_PER_ADDRESS = env.int("FOLLOW_PER_ADDRESS", default=30)
FOLLOW_PER_MAILBOX = env.int("FOLLOW_PER_MAILBOX", default=5)
# The form by which an asker says that his issue is not solved takes so many an hour from one network and for one issue.
DISPUTE_PER_ADDRESS = env.int("DISPUTE_PER_ADDRESS", default=20)
DISPUTE_PER_ISSUE = env.int("DISPUTE_PER_ISSUE", default=60)

# -- API ----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "territories.tokens.TokenAuthentication",
        "territories.tokens.PageSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["territories.tokens.HoldsPost"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "akim_meetings.schema.Documented",
    "DEFAULT_THROTTLE_CLASSES": ["territories.tokens.PostRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"post": env("API_RATE", default="600/min")},
    "EXCEPTION_HANDLER": "territories.api_errors.handle",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Meetings of akims with the population",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "akim_meetings.schema.as_answered",
    ],
    # Several resources have a state; each is named after its own.
    "ENUM_NAME_OVERRIDES": {
        "IssueStateEnum": "issues.models.IssueState",
        "PlanItemStateEnum": "issues.models.ItemState",
        "MeetingStateEnum": "calendars.models.MeetingState",
        "DutyStateEnum": "deadlines.models.DutyState",
        "ExportStateEnum": "reporting.exports.models.ExportState",
        "ExportLanguageEnum": "reporting.summaries.model.LANGUAGES",
        "RequestLanguageEnum": "issues.models.requests.Language",
    },
}
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

# "line" for people, "json" for a collector: one object a line, with the ids of the request and of the task.
LOG_FORMAT = env("LOG_FORMAT", default="line")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"ids": {"()": "akim_meetings.logs.Ids"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s %(task_id)s",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
            "json_ensure_ascii": False,
        },
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["ids"]},
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
# Word for the reader of /metrics from another machine; empty: only this machine reads it.
METRICS_TOKEN = secret("METRICS_TOKEN")
