"""What the house wrote down by itself: numbers, tombstones, saved views. Mostly to be read."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from crm.records.admin.kinds import KindFilter, kind_name
from crm.records.models import NumberSeries, SavedView, Tombstone, VoidNumber


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyAdmin):
    """Numbers have no gaps and are never used twice (E8): nobody sets them by hand."""

    list_display = (kind_name, "series", "period", "next_value")
    list_filter = (KindFilter,)
    search_fields = ("kind", "series", "period")
    ordering = ("kind", "series", "period")


@admin.register(VoidNumber)
class VoidNumberAdmin(ReadOnlyAdmin):
    list_display = ("number", kind_name, "voided_at", "voided_by")
    list_filter = (KindFilter,)
    list_select_related = ("voided_by",)
    search_fields = ("number",)
    ordering = ("-voided_at", "-pk")


@admin.register(Tombstone)
class TombstoneAdmin(ReadOnlyAdmin):
    list_display = (kind_name, "number", "created_at", "purged_at", "purged_by")
    list_filter = (KindFilter, "purged_at")
    list_select_related = ("purged_by",)
    search_fields = ("number",)
    fields: ClassVar[Any] = (kind_name, "number", "created_at", "purged_at", "purged_by", "counts")


@admin.register(SavedView)
class SavedViewAdmin(admin.ModelAdmin):
    """An administrator renames, shares and clears up; what a view shows is changed in its list."""

    list_display = ("name", kind_name, "owner", "team", "is_default")
    list_filter = (KindFilter, "team", "is_default")
    list_select_related = ("owner", "team")
    search_fields = ("name", "owner__username", "owner__first_name", "owner__last_name")
    fields: ClassVar[Any] = ("name", kind_name, "owner", "team", "is_default", "query", "columns")
    readonly_fields: ClassVar[Any] = (kind_name, "owner", "is_default", "query", "columns")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedView]:
        """Without those that have no name: they remember the columns somebody chose last."""
        return super().get_queryset(request).exclude(name="")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
