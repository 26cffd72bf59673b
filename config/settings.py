"""Django's settings, from the environment.

With ``DEBUG`` off nothing has a default that would be unsafe: what is missing is named and the start is
refused. With ``DEBUG`` on this checkout makes its own secrets and, without ``DATABASE_URL`` or
``REDIS_URL``, starts its own servers. The README lists the variables.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import cast

from django.core.exceptions import ImproperlyConfigured

from config.development import development_secrets, embedded_programs
from config.environment import HASH_KEY_LENGTH, SECRET_LENGTH, Environment
from config.headers import CONTENT_SECURITY_POLICY  # noqa: F401 - django-csp reads it as a setting.
from config.logs import logging_configuration
from config.looks import UNFOLD  # noqa: F401 - Unfold reads it as a setting.

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"

env = Environment(os.environ)

DEBUG = env.boolean("DEBUG", default=False)
if DEBUG:
    env.fall_back_on(development_secrets(LOCAL_DIR) | {"ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]"})

SECRET_KEY = env.secret("SECRET_KEY", SECRET_LENGTH)
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS")
FIELD_ENCRYPTION_KEYS = env.fernet_keys("FIELD_ENCRYPTION_KEYS")
SEARCH_HASH_KEY = env.secret("SEARCH_HASH_KEY", HASH_KEY_LENGTH)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS", allow_http=DEBUG)

# --- Database and broker --------------------------------------------------------------------------

_embedded = None
if DEBUG and not (env.has("DATABASE_URL") and env.has("REDIS_URL")):
    # Imported here because the servers are a development requirement that production does not install.
    from development.embedded import addresses, ensure_running
    from development.embedded.offline import needs_no_server

    _embedded = addresses(LOCAL_DIR) if needs_no_server(sys.argv) else ensure_running(LOCAL_DIR)

_database: dict[str, object]
# Who owns the tables and migrates, by name and password; the application's role owns nothing. Needed by `migrate`,
# `restore` and `grant_application_role` alone.
DATABASE_OWNER: dict[str, str] | None = None
if _embedded and not env.has("DATABASE_URL"):
    _database = {"ENGINE": "django.db.backends.postgresql", **_embedded.database}
    DATABASE_OWNER = {"USER": _embedded.owner, "PASSWORD": ""}
else:
    _database = env.database("DATABASE_URL")
    if env.has("DATABASE_OWNER_URL"):
        _owner = env.database("DATABASE_OWNER_URL")
        DATABASE_OWNER = {"USER": str(_owner["USER"]), "PASSWORD": str(_owner["PASSWORD"])}
# What is read through a cursor is read to its end, such as a list for a file; the server would plan for its first rows
# alone, and take half as long again.
cast(dict[str, object], _database.setdefault("OPTIONS", {})).setdefault("options", "-c cursor_tuple_fraction=1")
DATABASES = {
    "default": {
        **_database,
        # Persistent connections suit threads and worker processes alike: each has its own. The development
        # server makes a thread per request, for which they would pile up.
        "CONN_MAX_AGE": 0 if DEBUG else 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
# Seconds after which PostgreSQL gives up a statement, the wait for a lock, and a transaction in which nothing is asked;
# 0 is never. A person is told after a minute at most. A worker's statement may read a whole region's books, so it
# has no limit; nothing that is well waits for a lock, or thinks between two statements, as long as a worker may.
DATABASE_SECONDS = {
    "web": {
        "statement_timeout": env.whole_number("WEB_STATEMENT_SECONDS", default=60),
        "lock_timeout": env.whole_number("WEB_LOCK_SECONDS", default=10),
        "idle_in_transaction_session_timeout": env.whole_number("WEB_IDLE_SECONDS", default=60),
    },
    "worker": {
        "statement_timeout": env.whole_number("WORKER_STATEMENT_SECONDS", default=0),
        "lock_timeout": env.whole_number("WORKER_LOCK_SECONDS", default=300),
        "idle_in_transaction_session_timeout": env.whole_number("WORKER_IDLE_SECONDS", default=600),
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = _embedded.redis_url if _embedded and not env.has("REDIS_URL") else env.redis("REDIS_URL")

# --- Applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Unfold replaces templates of the admin, of import-export and of simple-history, so it stands before them.
    "config.site.DeskAdmin",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "config.apps.ProjectConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    # WhiteNoise serves static files under every server, also under the development server.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_static",
    "import_export",
    "pgtrigger",
    "simple_history",
    "agency",
    "files",
    "policies",
    "providers",
    "members",
    "accounts",
    "claims",
    "reimbursements",
    "clearing",
    "simulation",
    "monitoring",
    "interface",
    "notes",
    "audit",
    "desk",
    # Beside the product: invented people, and worked cases with what they should come to.
    *env.extra_apps("EXTRA_APPS", ("scenarios", "demo"), all_of_them=DEBUG),
]

MIDDLEWARE = [
    # First: a load balancer asks by address and over plain HTTP, which the ones below would refuse.
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before anything that reads or notes where somebody comes from.
    "config.logins.ClientAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.LanguageMiddleware",
    # Before anything that hands a value of the address or of a cookie to the database.
    "config.queries.QueryMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "agency.middleware.SignInMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    # What was done and shown, once it is known who asks; an answer of those below is on record, too.
    "audit.middleware.AccessMiddleware",
    # Sees what a view raises before anything else does.
    "config.waiting.WaitingMiddleware",
    # Last, as its manual asks: it turns a refused login into its answer.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Staff and their sessions ---------------------------------------------------------------------

AUTH_USER_MODEL = "agency.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "agency.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "agency.passwords.CommonPiecesValidator"},
    {"NAME": "agency.passwords.UsedPasswordValidator"},
]
# So many of somebody's last passwords are not chosen again.
PASSWORDS_REMEMBERED = 8
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# A clerk's working day; closing the browser ends it earlier.
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "agency.sessions"
# So long nobody asks for a page before the session ends; 0 is never.
SESSION_IDLE_MINUTES = env.whole_number("SESSION_IDLE_MINUTES", default=0 if DEBUG else 30)
# Whether the roles that decide, pay or administer need a second factor. The demonstration needs none; `check --deploy`
# refuses an installation without.
SECOND_FACTOR_REQUIRED = env.boolean("SECOND_FACTOR_REQUIRED", default=not DEBUG)

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
# By name and address together: nobody can lock a colleague out from another machine.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# What was refused without looking at the password is no wrong one and lengthens no wait.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Wrong passwords by name, over all addresses: after AXES_FAILURE_LIMIT of them the name waits, each time twice as long.
AXES_ENABLE_ACCESS_FAILURE_LOG = True
LOGIN_WAIT_SECONDS = env.whole_number("LOGIN_WAIT_SECONDS", default=5)
LOGIN_WAIT_AT_MOST_SECONDS = env.whole_number("LOGIN_WAIT_AT_MOST_SECONDS", default=900)
AXES_HANDLER = "config.logins.LoginHandler"
AXES_LOCKOUT_CALLABLE = "config.logins.lockout_response"
# Proxies in front of this site, each of which appends to X-Forwarded-For whom it answers. With 0 the header is ignored:
# anybody could write it.
TRUSTED_PROXY_COUNT = env.whole_number("TRUSTED_PROXY_COUNT", default=0)
AXES_CLIENT_IP_CALLABLE = "config.logins.client_address"

# For how many years the audit log is kept: what was only read, and all else.
AUDIT_KEPT_YEARS = {
    **dict.fromkeys(("opened", "listed", "searched"), env.whole_number("AUDIT_READING_KEPT_YEARS", default=3)),
    "other": env.whole_number("AUDIT_KEPT_YEARS", default=10),
}

# --- Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = env.folder("STATIC_ROOT", BASE_DIR / "staticfiles")
# Development and tests serve the files where they lie; production serves the hashed copies that
# collectstatic makes.
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_USE_FINDERS = DEBUG

# The largest form is a bill of 200 lines with eleven fields each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000
# Bytes of a request without its files, and how many files come with one.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 10
# Megabytes of each kind of file: imports and a bank's answers, papers, settlements. They are counted while they arrive,
# before the handlers below keep them.
UPLOAD_MEGABYTES = {
    "table": env.whole_number("UPLOAD_TABLE_MB", default=20),
    "document": env.whole_number("UPLOAD_DOCUMENT_MB", default=20),
    "settled_file": env.whole_number("UPLOAD_SETTLED_FILE_MB", default=500),
}
FILE_UPLOAD_HANDLERS = [
    "config.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# A program of the office that reads each paper from its input and ends with 0 where it finds nothing, with 1 where it
# does: such as "clamdscan --no-summary -".
UPLOAD_SCAN_COMMAND = env.words("UPLOAD_SCAN_COMMAND")

# What staff upload holds personal data, so it lies where no URL leads and only views with a permission
# check read it.
PRIVATE_MEDIA_ROOT = env.folder("PRIVATE_MEDIA_ROOT", (LOCAL_DIR if DEBUG else BASE_DIR) / "private")
if PRIVATE_MEDIA_ROOT.is_relative_to(STATIC_ROOT) or STATIC_ROOT.is_relative_to(PRIVATE_MEDIA_ROOT):
    raise ImproperlyConfigured("PRIVATE_MEDIA_ROOT overlaps STATIC_ROOT: set it to a folder that is not served.")


def _private(folder: str) -> dict[str, object]:
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": PRIVATE_MEDIA_ROOT / folder,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


_STATIC_BACKEND = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": _private("uploads"),
    # An import waits here between its preview and its confirmation, which another web process may serve.
    "import_export": _private("imports"),
    "staticfiles": {"BACKEND": _STATIC_BACKEND},
}
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.MediaStorage"
IMPORT_EXPORT_USE_TRANSACTIONS = True

# --- Backups --------------------------------------------------------------------------------------

# Where they lie, and the public keys that they are encrypted to; the private ones are kept elsewhere.
BACKUP_FOLDER = env.folder("BACKUP_FOLDER", (LOCAL_DIR if DEBUG else BASE_DIR) / "backups")
BACKUP_RECIPIENTS = env.public_keys("BACKUP_RECIPIENTS")
# The folder of pg_dump and pg_restore; the ones on the path where none is named.
POSTGRES_PROGRAMS = env.folder("POSTGRES_PROGRAMS", embedded_programs() if DEBUG else Path())

# --- Transport ------------------------------------------------------------------------------------

_YEAR = int(timedelta(days=365).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = _YEAR
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_HSTS_SECONDS = env.whole_number("SECURE_HSTS_SECONDS", default=0 if DEBUG else _YEAR)
# The header in which a trusted proxy reports the scheme; set only behind one that always overwrites it.
if env.has("SECURE_PROXY_SSL_HEADER"):
    SECURE_PROXY_SSL_HEADER = (env.header("SECURE_PROXY_SSL_HEADER"), "https")

# W021 asks to preload HSTS, which commits the whole registrable domain; an office's host is a name below one.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# --- Background work ------------------------------------------------------------------------------

# No result backend: a job's outcome is in the database, and nobody waits for a task. With one, whoever sends a message
# would first listen for its result, which without a broker takes some twenty seconds to fail; like this an approval is
# answered at once, and the clock sends its message when the broker is back.
CELERY_BROKER_URL = env.celery_address(REDIS_URL)
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# A task is taken only when it can be started: a long one never sits on others. acks_late is each task's decision.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 5}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
if DEBUG:
    CELERY_BEAT_SCHEDULE_FILENAME = str(LOCAL_DIR / "beat-schedule")

# --- The office's own habits, which no law sets -----------------------------------------------------

# So many days ahead home says which agreements and registrations end.
EXPIRY_NOTICE_DAYS = env.whole_number("EXPIRY_NOTICE_DAYS", default=60)

# --- Messages of providers' systems ----------------------------------------------------------------

# How far a provider's clock may be from ours: an older message may have been listened to, and is signed anew.
INTERFACE_CLOCK_SECONDS = env.whole_number("INTERFACE_CLOCK_SECONDS", default=300)
# A visit is registered so many days after it began at the latest; what is older comes as a file.
INTERFACE_LATE_DAYS = env.whole_number("INTERFACE_LATE_DAYS", default=31)
# Of one provider; and how many that no known key has signed are kept.
INTERFACE_MESSAGES_A_MINUTE = env.whole_number("INTERFACE_MESSAGES_A_MINUTE", default=3_000)
INTERFACE_REFUSALS_A_MINUTE = env.whole_number("INTERFACE_REFUSALS_A_MINUTE", default=60)

# --- Logs; the admin's looks are in config.looks --------------------------------------------------

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", frozenset({"DEBUG", "INFO", "WARNING", "ERROR"}))
LOGGING = logging_configuration(LOG_LEVEL)
