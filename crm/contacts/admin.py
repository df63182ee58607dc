"""Lists that profile contacts, and a look at the contacts themselves."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Area, Category, Contact, ProductGroup
from crm.records.admin import ListItemAdmin, ReadOnlyAdmin, custom_facts

admin.site.register([Category, Area, ProductGroup], ListItemAdmin)


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    """To be read: changes go through the card, which keeps history, code and search right."""

    list_display = ("name", "number", "type", "stage", "city", "owner", "updated_at", "card")
    list_filter = ("type", "stage", "is_restricted", "language", "team")
    list_select_related = ("owner",)
    search_fields = ("search",)
    search_help_text = _("Name, alias, code, tax id, e-mail or phone.")
    ordering = ("-pk",)
    show_full_result_count = False
    fields: ClassVar[Any] = (
        ("number", "type", "stage"),
        "name",
        "aliases",
        ("owner", "team"),
        ("is_restricted", "viewers"),
        "tags",
        ("vat_id", "tax_code"),
        custom_facts,
        ("created_at", "created_by"),
        ("updated_at", "version"),
        ("trashed_at", "trashed_by"),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Contact], search_term: str
    ) -> tuple[Any, bool]:
        rows: Any = queryset
        return rows.matching(search_term), False

    def view_on_site(self, contact: Contact) -> str:
        return contact.get_absolute_url()

    @admin.display(description=_("card"))
    def card(self, contact: Contact) -> str:
        return format_html('<a href="{}">{}</a>', contact.get_absolute_url(), _("Open"))
