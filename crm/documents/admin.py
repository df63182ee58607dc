from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from crm.documents.models import Document, DocumentVersion
from crm.records.admin import record_link


class ReadOnly:
    """Changes go through the actions: they know the files, the history and the rights."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VersionInline(ReadOnly, admin.TabularInline):
    model = DocumentVersion
    fields = ("number", "original_name", "content_type", "size", "uploaded_at", "uploaded_by")


@admin.register(Document)
class DocumentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", record_link, "created_by", "created_at", "trashed_at")
    list_filter = (
        ("content_type", admin.RelatedOnlyFieldListFilter),
        ("trashed_at", admin.EmptyFieldListFilter),
        "created_at",
    )
    list_select_related = ("created_by",)
    search_fields = ("name", "versions__original_name")
    date_hierarchy = "created_at"
    fields: ClassVar[Any] = (
        *("name", record_link, "created_at", "created_by"),
        *("trashed_at", "trashed_by"),
    )
    inlines = (VersionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return super().get_queryset(request).prefetch_related("record")
