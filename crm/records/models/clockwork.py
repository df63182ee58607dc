"""What the scheduler rings for, as administrators see it."""

from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import PeriodicTask


class ScheduledTask(PeriodicTask):
    """The scheduler's own row under a name of ours: when it rings is written in the settings."""

    class Meta:
        proxy = True
        verbose_name = _("scheduled task")
        verbose_name_plural = _("scheduled tasks")
        ordering = ("name",)
