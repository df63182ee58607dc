"""What the house wrote down by itself: numbers, tombstones, saved views. Mostly to be read."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.records.admin.asked import columns_asked, filters_asked
from crm.records.admin.kinds import KindFilter, kind_name
from crm.records.belongings import pointers
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
    fields: ClassVar[Any] = (
        kind_name,
        "number",
        "created_at",
        "purged_at",
        "purged_by",
        "went_too",
    )

    @admin.display(description=_("what went with it"), empty_value="–")
    def went_too(self, tombstone: Tombstone) -> str | None:
        names = {model._meta.model_name: model._meta.verbose_name_plural for model in pointers()}
        told = [f"{names[key]} ({n})" for key, n in tombstone.counts.items() if key in names]
        return ", ".join(told) or None


@admin.register(SavedView)
class SavedViewAdmin(admin.ModelAdmin):
    """An administrator renames, shares and clears up; what a view shows is changed in its list."""

    list_display = ("name", kind_name, "owner", "team", "is_default")
    list_filter = (KindFilter, "team", "is_default")
    list_select_related = ("owner", "team")
    search_fields = ("name", "owner__username", "owner__first_name", "owner__last_name")
    readonly_fields: ClassVar[Any] = (
        *(kind_name, "owner", "is_default", filters_asked, columns_asked),
    )
    fields: ClassVar[Any] = ("name", kind_name, "owner", "team", *readonly_fields[2:])

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedView]:
        """Without those that have no name: they remember the columns somebody chose last."""
        return super().get_queryset(request).exclude(name="")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
