"""Cache, queue, and the clock that rings for what is owed."""

from django.utils.translation import gettext_lazy as _

from crm.settings.environment import env

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
# Name: task, seconds between two rings, what administrators read. A ring nobody heard is worth
# nothing after the next one.
CLOCK = {
    "heartbeat": ("crm.records.tasks.note_heartbeat", 30, _("Show that the scheduler lives")),
    "outbox": ("crm.mail.tasks.deliver_outbox", 30, _("Send e-mails that are due")),
    "notices": ("crm.mail.tasks.mail_owed_notifications", 60, _("Write e-mails with news")),
    "old mail": (
        "crm.mail.tasks.empty_old_messages",
        60 * 60,
        _("Empty e-mails sent long ago"),
    ),
    "reminders": ("activities.tasks.deliver_due_reminders", 60, _("Send reminders that are due")),
    "coming reminders": (
        "activities.tasks.plan_coming_reminders",
        60 * 60,
        _("Write down the next reminders of what repeats"),
    ),
    "series": (
        "activities.tasks.move_series_on",
        60 * 60,
        _("Show of each series the date that comes next"),
    ),
    "agenda": ("activities.tasks.mail_daily_agendas", 60, _("Mail each person the day's agenda")),
    "unsent reminders": (
        "activities.tasks.tell_of_unsent_reminders",
        10 * 60,
        _("Tell administrators of reminders that were not sent"),
    ),
    "old reminders": (
        "activities.tasks.forget_settled_reminders",
        24 * 60 * 60,
        _("Forget reminders sent long ago"),
    ),
    "jobs": ("crm.records.tasks.run_waiting_jobs", 15, _("Start background jobs that wait")),
    "expired files": (
        "crm.records.tasks.delete_expired_files",
        60 * 60,
        _("Delete expired files of background jobs"),
    ),
    "thumbnails": (
        "crm.documents.tasks.make_missing_thumbnails",
        5 * 60,
        _("Make missing previews of documents"),
    ),
    "custom fields": (
        "crm.records.tasks.keep_custom_indexes",
        60 * 60,
        _("Keep custom fields quick to search"),
    ),
    "removed fields": (
        "crm.records.tasks.clear_removed_fields",
        60,
        _("Take deleted custom fields out of the records"),
    ),
    "trash": (
        "crm.records.tasks.purge_expired_trash",
        60 * 60,
        _("Delete for good what was in the trash long enough"),
    ),
    "documents": (
        "crm.documents.tasks.purge_expired_documents",
        60 * 60,
        _("Delete for good documents that were in the trash long enough"),
    ),
    "files": (
        "crm.documents.tasks.delete_unclaimed_files",
        60 * 60,
        _("Delete files that belong to nothing"),
    ),
    "duplicates": (
        "crm.contacts.tasks.find_duplicates",
        24 * 60 * 60,
        _("Look for companies and people that are there twice"),
    ),
    "merges": (
        "crm.contacts.tasks.end_old_merges",
        60 * 60,
        _("End for good what was merged long enough ago"),
    ),
    "old imports": (
        "crm.exchange.tasks.forget_imports",
        60 * 60,
        _("Delete files of imports that cannot be undone any more"),
    ),
    "old traces": (
        "crm.records.tasks.forget_old_traces",
        24 * 60 * 60,
        _("Forget old news and who looked at what"),
    ),
}
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for name, (task, seconds, _title) in CLOCK.items()
}
