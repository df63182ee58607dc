"""Settings, all from the environment (.env.example names every variable)."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "insecure-development-key" if DEBUG else "")
if not SECRET_KEY or (not DEBUG and SECRET_KEY.startswith(("insecure", "change-me"))):
    raise ImproperlyConfigured("Set SECRET_KEY to a long random value (DEBUG is off).")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")

# --- Applications, highest first: imports go downwards only -------------------------------
INSTALLED_APPS = [
    "crm.demo",
    "crm.reports",
    "crm.contacts",
    "crm.exchange",
    "crm.mail",
    "crm.documents",
    "crm.records",
    "crm.accounts",
    "crm.ui",
    "crm.accounts.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "crispy_forms",
    "django_celery_beat",
    "django_countries",
    "django_filters",
    "django_htmx",
]
MIDDLEWARE = [
    "crm.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "crm.accounts.middleware.PreferencesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "crm.ui.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "crm.ui.renderer.QuickRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bottega"
CRISPY_TEMPLATE_PACK = "bottega"
CRISPY_FAIL_SILENTLY = False
FRAME_RIGHTS = "crm.accounts.rights.can"
FRAME_UNREAD = "crm.records.models.notification.unread_count"

# --- Database, cache, queue ---------------------------------------------------------------
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL", "postgres://localhost/crm", conn_max_age=600, conn_health_checks=True
    )
}
DATABASES["default"].setdefault("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "redis://localhost:6379/0")


def _redis_db(number: int) -> str:
    """The same server, another database: unix sockets take ?db=, TCP a path."""
    base = REDIS_URL.split("?")[0].rstrip("/")
    if base.startswith("unix:"):
        return f"{base}?db={number}"
    scheme, _sep, rest = base.partition("://")
    return f"{scheme}://{rest.split('/')[0]}/{number}"


CACHES = {
    "default": {
        "BACKEND": "crm.ui.cache.ForgivingRedisCache",
        "LOCATION": _redis_db(1),
        "KEY_PREFIX": "bottega",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"


def _broker() -> str:
    if REDIS_URL.startswith("unix://"):
        return (
            "redis+socket://" + REDIS_URL.split("?")[0].removeprefix("unix://") + "?virtual_host=0"
        )
    return REDIS_URL


CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", _broker())
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 60 * 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page that wakes a worker must not wait for a dead broker: kombu would try for six seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
# Name: task, seconds between two rings. A ring nobody heard is worth nothing after the next one.
CLOCK = {
    "heartbeat": ("crm.records.tasks.note_heartbeat", 30),
    "outbox": ("crm.mail.tasks.deliver_outbox", 30),
    "notices": ("crm.mail.tasks.mail_owed_notifications", 60),
    "old mail": ("crm.mail.tasks.empty_old_messages", 60 * 60),
    "jobs": ("crm.records.tasks.run_waiting_jobs", 30),
    "expired files": ("crm.records.tasks.delete_expired_files", 60 * 60),
    "thumbnails": ("crm.documents.tasks.make_missing_thumbnails", 5 * 60),
    "custom fields": ("crm.records.tasks.keep_custom_indexes", 60 * 60),
    "trash": ("crm.records.tasks.purge_expired_trash", 60 * 60),
    "documents": ("crm.documents.tasks.purge_expired_documents", 60 * 60),
    "files": ("crm.documents.tasks.delete_unclaimed_files", 60 * 60),
    "old traces": ("crm.records.tasks.forget_old_traces", 24 * 60 * 60),
}
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for name, (task, seconds) in CLOCK.items()
}

# --- People -------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "crm.accounts.backends.AccountsBackend",
]
ACCOUNT_ADAPTER = "crm.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.partition(":")[0]
ACCOUNT_FORMS = {
    "login": "crm.accounts.forms.SignInForm",
    "reset_password": "crm.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "crm.accounts.forms.ResetPasswordKeyForm",
    "change_password": "crm.accounts.forms.ChangePasswordForm",
    "set_password": "crm.accounts.forms.SetFirstPasswordForm",
    "add_email": "crm.accounts.forms.AddEmailForm",
    "reauthenticate": "crm.accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "crm.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Bottega"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "crm.accounts.forms.CodeForm",
    "reauthenticate": "crm.accounts.forms.CodeAgainForm",
    "activate_totp": "crm.accounts.forms.ActivateTOTPForm",
}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "crm.accounts.lockout.attempted_username"
AXES_LOCKOUT_CALLABLE = "crm.accounts.lockout.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

# --- Languages, zones ---------------------------------------------------------------------
LANGUAGE_CODE = env.str("LANGUAGE_CODE", "en")
LANGUAGES = [("en", "English"), ("it", "Italiano"), ("ro", "Română"), ("he", "עברית")]
FORMAT_MODULE_PATH = "crm.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Europe/Rome")
USE_I18N = USE_TZ = True

# --- Files --------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = env.bool("STATIC_FINDERS", DEBUG)
# Files are served straight from static/ with finders; else from what collectstatic gathered.
STATIC_ROOT = None if WHITENOISE_USE_FINDERS else BASE_DIR / "static_collected"
WHITENOISE_MAX_AGE = 3600 if not DEBUG else 0
MEDIA_ROOT = Path(env.str("FILES_DIR", str(BASE_DIR / "var" / "files")))
STORAGE_BACKEND = env.str("STORAGE_BACKEND", "folder")
if STORAGE_BACKEND == "s3":
    _files = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("AWS_STORAGE_BUCKET_NAME"),
            "access_key": env.str("AWS_ACCESS_KEY_ID"),
            "secret_key": env.str("AWS_SECRET_ACCESS_KEY"),
            "endpoint_url": env.str("AWS_S3_ENDPOINT_URL", None),
            "region_name": env.str("AWS_S3_REGION_NAME", None),
            "default_acl": None,
            "querystring_auth": True,
        },
    }
else:
    _files = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
STORAGES = {
    "default": _files,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MAX_UPLOAD_MB = env.int("MAX_UPLOAD_MB", 25)
FILE_UPLOAD_HANDLERS = [
    "crm.documents.uploads.LongFilesHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
TRASH_DAYS = env.int("TRASH_DAYS", 30)
EXPORT_DAYS = env.int("EXPORT_DAYS", 3)

# --- Mail: everything goes through the outbox; the worker delivers with EMAIL_URL ----------
EMAIL_BACKEND = "crm.mail.backend.OutboxBackend"
DELIVERY_EMAIL = env.dj_email_url("EMAIL_URL", "console:")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Bottega <bottega@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_KEEP_DAYS = env.int("MAIL_KEEP_DAYS", 30)

# --- Security -----------------------------------------------------------------------------
HTTPS = env.bool("HTTPS", not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
X_FRAME_OPTIONS = "SAMEORIGIN"
# W019 asks for DENY; our own pages show previews of documents in a frame.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    AXES_CLIENT_IP_CALLABLE = "crm.accounts.lockout.client_ip"
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")
}

# --- Logs ---------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "crm.ui.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": env.str("LOG_FORMAT", "text")}
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "WARNING"},
        "django.server": {"handlers": [], "propagate": True},
    },
}
