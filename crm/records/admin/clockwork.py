"""What the scheduler rings for: when it last did, switched on and off, rung by hand.

When each rings is written in the settings and put back whenever the scheduler starts; whether it
rings at all is the administrator's.
"""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_celery_beat.models import PeriodicTasks

from crm.accounts.http import actor_of
from crm.accounts.ledger import note_change
from crm.records.admin.traces import ReadOnlyAdmin
from crm.records.models import ScheduledTask
from crm.ui.wake import wake


@admin.register(ScheduledTask)
class ScheduledTaskAdmin(ReadOnlyAdmin):
    list_display = ("what", "name", "how_often", "is_on", "last_rung", "times")
    list_filter = ("enabled",)
    list_select_related = ("interval", "crontab", "solar", "clocked")
    search_fields = ("name", "task")
    ordering = ("name",)
    actions = ("run_now", "switch_on", "switch_off")
    fields = ("what", "name", "task", "how_often", "is_on", "last_rung", "times")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScheduledTask]:
        """Without what Celery does for itself."""
        return super().get_queryset(request).exclude(task__startswith="celery.")

    @admin.display(description=_("what it does"), ordering="name")
    def what(self, row: ScheduledTask) -> str:
        known = settings.CLOCK.get(row.name)
        return str(known[2]) if known else row.name

    @admin.display(description=_("how often"), ordering="interval__every")
    def how_often(self, row: ScheduledTask) -> str:
        if row.interval is None:
            return str(row.schedule)
        return every(int(row.schedule.run_every.total_seconds()))

    @admin.display(description=_("on"), boolean=True, ordering="enabled")
    def is_on(self, row: ScheduledTask) -> bool:
        return bool(row.enabled)

    @admin.display(description=_("last run"), ordering="last_run_at", empty_value="–")
    def last_rung(self, row: ScheduledTask) -> Any:
        return row.last_run_at

    @admin.display(description=_("runs"), ordering="total_run_count")
    def times(self, row: ScheduledTask) -> int:
        return int(row.total_run_count)

    def has_switch_permission(self, request: HttpRequest) -> bool:
        return super().has_view_permission(request)

    @admin.action(description=_("Run now"), permissions=["switch"])
    def run_now(self, request: HttpRequest, queryset: QuerySet[ScheduledTask]) -> None:
        names = set(queryset.values_list("task", flat=True))
        for name in sorted(names):
            wake(name)
        text = ngettext(
            "%(n)s task runs as soon as a worker is free.",
            "%(n)s tasks run as soon as a worker is free.",
            len(names),
        )
        messages.success(request, text % {"n": len(names)})

    @admin.action(description=_("Switch on"), permissions=["switch"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[ScheduledTask]) -> None:
        self._switch(request, queryset, is_on=True)

    @admin.action(description=_("Switch off"), permissions=["switch"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[ScheduledTask]) -> None:
        self._switch(request, queryset, is_on=False)

    def _switch(
        self, request: HttpRequest, queryset: QuerySet[ScheduledTask], *, is_on: bool
    ) -> None:
        rows = list(queryset.exclude(enabled=is_on))
        queryset.update(enabled=is_on)
        PeriodicTasks.update_changed()  # the scheduler reads its rows again
        note_change(rows, "on", actor=actor_of(request))
        said = ngettext("%(n)s task was changed.", "%(n)s tasks were changed.", len(rows))
        messages.success(request, said % {"n": len(rows)})


def every(seconds: int) -> str:
    """In the largest unit that says it exactly."""
    if seconds % 86400 == 0:
        n = seconds // 86400
        return ngettext("every %(n)s day", "every %(n)s days", n) % {"n": n}
    if seconds % 3600 == 0:
        n = seconds // 3600
        return ngettext("every %(n)s hour", "every %(n)s hours", n) % {"n": n}
    if seconds % 60 == 0:
        n = seconds // 60
        return ngettext("every %(n)s minute", "every %(n)s minutes", n) % {"n": n}
    return ngettext("every %(n)s second", "every %(n)s seconds", seconds) % {"n": seconds}
