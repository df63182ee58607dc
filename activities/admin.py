"""Types and statuses, which an administrator edits, and a look at the activities themselves."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, ActivityStatus, ActivityType
from crm.records.admin import ListItemAdmin, ReadOnlyAdmin, custom_facts
from crm.records.models.choices import NAME_FIELDS

NAMES = (
    _("Name"),
    {"fields": NAME_FIELDS, "description": _("An empty one is shown in another.")},
)


@admin.register(ActivityType)
class ActivityTypeAdmin(ListItemAdmin):
    list_display = ("name", "nature", "overlap", "minutes", "icon", "position", "is_active")
    list_editable = ("overlap", "position", "is_active")
    list_filter = ("nature", "is_active")
    fieldsets = (
        NAMES,
        (None, {"fields": ("nature", "icon", "overlap", "minutes", "position", "is_active")}),
    )


@admin.register(ActivityStatus)
class ActivityStatusAdmin(ListItemAdmin):
    list_display = ("name", "nature", "category", "position", "is_active")
    list_editable = ("position", "is_active")
    list_filter = ("nature", "category", "is_active")
    fieldsets = (
        NAMES,
        (None, {"fields": ("nature", "category", "position", "is_active")}),
    )


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    """To be read: changes go through the card, which keeps history, calendars and mail right."""

    list_display = ("subject", "number", "type", "status", "starts_at", "owner", "card")
    list_filter = ("is_task", "category", "type", "is_restricted", "team")
    list_select_related = ("owner", "type", "status")
    search_fields = ("subject", "number")
    ordering = ("-pk",)
    show_full_result_count = False
    fields: ClassVar[Any] = (
        ("number", "is_task", "type", "status"),
        "subject",
        ("starts_on", "start_time", "ends_on", "end_time", "zone"),
        "rule",
        ("owner", "team"),
        ("is_restricted", "viewers"),
        "tags",
        custom_facts,
        ("created_at", "created_by"),
        ("updated_at", "version"),
        ("trashed_at", "trashed_by"),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Activity], search_term: str
    ) -> tuple[Any, bool]:
        rows: Any = queryset
        return rows.matching(search_term), False

    def view_on_site(self, activity: Activity) -> str:
        return activity.get_absolute_url()

    @admin.display(description=_("card"))
    def card(self, activity: Activity) -> str:
        return format_html('<a href="{}">{}</a>', activity.get_absolute_url(), _("Open"))
