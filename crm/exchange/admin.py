from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.exchange.fields import exchange_of
from crm.exchange.importing.shown import counted
from crm.exchange.models import ExportLog, Import
from crm.records.admin import ReadOnlyAdmin
from crm.records.admin.asked import columns_asked, filters_asked
from crm.records.admin.kinds import KindFilter, kind_name


@admin.register(ExportLog)
class ExportLogAdmin(ReadOnlyAdmin):
    """It says what left the house."""

    list_display = ("at", "user", kind_name, "rows", "format")
    list_filter = (KindFilter, "format", "at")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__first_name", "user__last_name", "query")
    date_hierarchy = "at"
    fields: ClassVar[Any] = (
        *("at", "user", kind_name, "format", "rows", filters_asked, columns_asked),
    )


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    """It says what came into the house, and by whom."""

    list_display = ("created_at", "user", "file_name", kind_name, "type_name", "step", "rows")
    list_filter = (KindFilter, "step", "created_at")
    list_select_related = ("user", "job")
    search_fields = ("user__username", "user__first_name", "user__last_name", "file_name")
    date_hierarchy = "created_at"
    fields: ClassVar[Any] = (
        *("created_at", "user", "page", kind_name, "type_name", "step", "rows"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        return super().get_queryset(request).defer("head", "mapping")

    @admin.display(description=_("type"), ordering="type")
    def type_name(self, batch: Import) -> str:
        return str(exchange_of(batch.kind).type_named(batch.type).label)

    @admin.display(description=_("file"))
    def page(self, batch: Import) -> SafeString:
        return format_html('<a href="{}"><bdi>{}</bdi></a>', batch.get_absolute_url(), batch)

    @admin.display(description=_("rows"), empty_value="–")
    def rows(self, batch: Import) -> SafeString | None:
        """How many were created, updated …"""
        lines = [
            (label, number_format(n, force_grouping=True))
            for label, _look, n in counted(batch)["counts"]
        ]
        return format_html_join("", "<div>{}: <bdi>{}</bdi></div>", lines) or None
