"""Settings, all from the environment (.env.example names every variable)."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from crm.settings.clockwork import *  # noqa: F403  a part of the settings
from crm.settings.environment import *  # noqa: F403  a part of the settings
from crm.settings.environment import BASE_DIR, DEBUG, env
from crm.settings.people import *  # noqa: F403  a part of the settings
from crm.settings.security import *  # noqa: F403  a part of the settings

SECRET_KEY = env.str("SECRET_KEY", "insecure-development-key" if DEBUG else "")
if not SECRET_KEY or (not DEBUG and SECRET_KEY.startswith(("insecure", "change-me"))):
    raise ImproperlyConfigured("Set SECRET_KEY to a long random value (DEBUG is off).")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# --- Applications, highest first: imports go downwards only -------------------------------
INSTALLED_APPS = [
    "crm.demo",
    "crm.reports",
    "activities",
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
    "crm.accounts.apps.SessionsConfig",  # allauth.usersessions
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

# --- Database -----------------------------------------------------------------------------
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL", "postgres://localhost/crm", conn_max_age=600, conn_health_checks=True
    )
}
DATABASES["default"].setdefault("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

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
        else "crm.ui.static.HashedStorage"
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
UNDO_DAYS = env.int("UNDO_DAYS", 30)  # as long are imports and merges undone

# --- Mail: everything goes through the outbox; the worker delivers with EMAIL_URL ---------
EMAIL_BACKEND = "crm.mail.backend.OutboxBackend"
DELIVERY_EMAIL = env.dj_email_url("EMAIL_URL", "console:")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Bottega <bottega@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_KEEP_DAYS = env.int("MAIL_KEEP_DAYS", 30)

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
