"""Work behind the pages: whose, how far, what went wrong, and another try."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
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
    list_display = ("title", "work", "person", "state", "progress", "started", "ended", "said")
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

    @admin.display(description=_("progress"))
    def progress(self, job: Job) -> str:
        return f"{job.done} / {job.total} ({job.percent}%)" if job.total else str(job.done or "–")

    @admin.display(description=_("attempts"))
    def tries(self, job: Job) -> int:
        return job.attempts

    @admin.display(description=_("started"), ordering="started_at", empty_value="–")
    def started(self, job: Job) -> Any:
        return job.started_at

    @admin.display(description=_("ended"), ordering="finished_at", empty_value="–")
    def ended(self, job: Job) -> Any:
        return job.finished_at

    @admin.display(description=_("message"))
    def said(self, job: Job) -> str:
        return job.message

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
