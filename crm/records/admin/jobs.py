"""Work behind the pages: whose, how far, what went wrong, and another try."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.accounts.http import actor_of
from crm.records.admin.traces import ReadOnlyAdmin
from crm.records.errors import ActionRefused
from crm.records.jobs import kinds_of_work, retry_job
from crm.records.models import Job


class WorkFilter(admin.SimpleListFilter):
    title = _("kind of work")
    parameter_name = "task"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(kinds_of_work().items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(task=self.value()) if self.value() else queryset


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("title", "said", "person", "how_far", "started", "ended")
    list_filter = ("state", WorkFilter, "created_at")
    list_select_related = ("user",)
    list_per_page = 50
    search_fields = (
        "title",
        "message",
        "error",
        "user__username",
        "user__first_name",
        "user__last_name",
    )
    search_help_text = _("Title, message, or name of the person")
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    actions = ("try_again",)
    fieldsets = (
        (None, {"fields": ("title", "work", "person", "state", "progress", "tries")}),
        (None, {"fields": ("created_at", "started", "ended", "said", "went_wrong")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        """Without what a job was asked: the keys of thousands of records may stand there."""
        return super().get_queryset(request).defer("params")

    @admin.display(description=_("kind of work"), ordering="task")
    def work(self, job: Job) -> str:
        return kinds_of_work().get(job.task, job.task)

    @admin.display(description=_("person"), ordering="user__first_name")
    def person(self, job: Job) -> str:
        return job.user.name

    @admin.display(description=_("state"), ordering="state")
    def how_far(self, job: Job) -> str:
        """In one column, so that the message has room beside it."""
        state = job.get_state_display()
        is_all = job.state == Job.State.DONE
        return f"{state} · {self.progress(job)}" if job.total and not is_all else state

    @admin.display(description=_("progress"))
    def progress(self, job: Job) -> str:
        return f"{job.done} / {job.total} ({job.percent}%)" if job.total else str(job.done or "–")

    @admin.display(description=_("attempts"))
    def tries(self, job: Job) -> int:
        return job.attempts

    @admin.display(description=_("started"), ordering="started_at", empty_value="–")
    def started(self, job: Job) -> str | None:
        return _short(job.started_at)

    @admin.display(description=_("ended"), ordering="finished_at", empty_value="–")
    def ended(self, job: Job) -> str | None:
        return _short(job.finished_at)

    @admin.display(description=_("message"))
    def said(self, job: Job) -> SafeString:
        return format_html("<bdi>{}</bdi>", job.message)

    @admin.display(description=_("error"), empty_value="–")
    def went_wrong(self, job: Job) -> str | None:
        return job.error or None

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return super().has_view_permission(request)

    @admin.action(description=_("Try again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        count = 0
        for job in queryset:
            try:
                retry_job(job, actor=actor_of(request))
            except ActionRefused as refusal:
                messages.warning(request, f"{job}: {refusal}")
            else:
                count += 1
        if count:
            text = ngettext("%(n)s job is tried again.", "%(n)s jobs are tried again.", count)
            messages.success(request, text % {"n": count})


def _short(moment: datetime | None) -> str | None:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else None
