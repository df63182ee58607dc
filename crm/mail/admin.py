"""The outbox for administrators: what left, what waits and why, and another try."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.accounts.http import actor_of
from crm.mail.actions import retry_message
from crm.mail.models import OutboundMessage, OutboundPart
from crm.records.errors import ActionRefused


class LateFilter(admin.SimpleListFilter):
    title = _("late")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Waiting for more than 10 minutes"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.late() if self.value() else queryset


class PartInline(admin.TabularInline):
    model = OutboundPart
    fields = readonly_fields = ("role", "name", "content_type")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("content")


@admin.register(OutboundMessage)
class OutboundMessageAdmin(admin.ModelAdmin):
    list_display = ("subject", "addressees", "state", "attempts", "created_at", "sent_at")
    list_filter = ("state", LateFilter, "created_at")
    search_fields = ("subject", "message_id", "user__username", "user__email")
    search_help_text = _("Subject, Message-ID, or user name of the person notified")
    date_hierarchy = "created_at"
    actions = ("try_again",)
    show_full_result_count = False
    inlines = (PartInline,)
    fieldsets = (
        (None, {"fields": ("state", "last_error", "attempts", "not_before", "sent_at")}),
        (_("Envelope"), {"fields": ("from_address", "to", "cc", "bcc", "reply_to", "subject")}),
        (_("Content"), {"fields": ("text", "html", "headers", "message_id", "emptied_at")}),
        (_("About"), {"fields": ("user", "refusals", "recipients", "created_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        is_list = getattr(request.resolver_match, "url_name", "") == self._list_name
        return rows.defer("text", "html", "headers") if is_list else rows

    @property
    def _list_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_changelist"

    @admin.display(description=_("to"))
    def addressees(self, row: OutboundMessage) -> str:
        return ", ".join([*row.to, *row.cc, *row.bcc])

    @admin.action(description=_("Try again"), permissions=["change"])
    def try_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        count = 0
        for row in queryset:
            try:
                retry_message(row, actor=actor_of(request))
            except ActionRefused as refusal:
                messages.warning(request, f"{row}: {refusal}")
            else:
                count += 1
        if count:
            text = ngettext("%(n)s mail is tried again.", "%(n)s mails are tried again.", count)
            messages.success(request, text % {"n": count})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.opts.get_fields() if getattr(field, "column", None)]
