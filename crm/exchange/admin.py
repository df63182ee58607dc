from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from crm.exchange.models import ExportLog
from crm.records.admin.asked import columns_asked, filters_asked
from crm.records.admin.kinds import KindFilter, kind_name


@admin.register(ExportLog)
class ExportLogAdmin(admin.ModelAdmin):
    """To be read only: it says what left the house."""

    list_display = ("at", "user", kind_name, "rows", "format")
    list_filter = (KindFilter, "format", "at")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__first_name", "user__last_name", "query")
    date_hierarchy = "at"
    fields: ClassVar[Any] = (
        *("at", "user", kind_name, "format", "rows", filters_asked, columns_asked),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
