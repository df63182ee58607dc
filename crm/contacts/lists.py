"""The list of companies and people: columns, tabs, filters."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Language
from crm.contacts.hints import hints
from crm.contacts.models import Area, Category, Channel, Contact, ProductGroup
from crm.exchange.filters import ImportedFilter
from crm.records.lists import (
    AnyOfFilter,
    Column,
    FoundGroup,
    Hint,
    RecordFilter,
    RecordList,
    Tab,
    Way,
    code_column,
    date_column,
    person_column,
    tags_column,
    text_column,
)
from crm.ui.choices import ANY
from crm.ui.paging import Sort
from crm.ui.pickers import MultiPicker
from crm.ui.renderer import isolated
from crm.ui.templatetags.ui import status

TABS = {"lead": "leads", "customer": "customers", "supplier": "suppliers", "former": "former"}
STAGE_LOOK = {"lead": "waiting", "customer": "active", "supplier": "done", "former": "off"}


def name_cell(contact: Contact) -> str:
    second = " · ".join(contact.aliases[:3])
    return SafeString(
        f'<a class="row-title" href="{contact.get_absolute_url()}">{isolated(contact.name)}</a>'
        + (f'<span class="secondary">{isolated(second)}</span>' if second else "")
    )


def stage_chip(contact: Contact) -> str:
    return status(contact.get_stage_display(), STAGE_LOOK[contact.stage])


class ContactFilter(RecordFilter):
    stage = django_filters.MultipleChoiceFilter(
        label=_("Stage"),
        choices=Contact.Stage,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    categories = AnyOfFilter(
        label=_("Category"), queryset=Category.objects.active(), widget=MultiPicker("category")
    )
    areas = AnyOfFilter(label=_("Area"), queryset=Area.objects.active(), widget=MultiPicker("area"))
    product_groups = AnyOfFilter(
        label=_("Products and services"),
        queryset=ProductGroup.objects.active(),
        widget=MultiPicker("product-group"),
    )
    city = django_filters.CharFilter(label=_("City"), lookup_expr="istartswith")
    language = django_filters.ChoiceFilter(label=_("Language"), choices=Language, empty_label=ANY)
    preferred_channel = django_filters.ChoiceFilter(
        label=_("Preferred way of contact"), choices=Channel, empty_label=ANY
    )
    imported = ImportedFilter(Contact.kind, label=_("Came in with"))

    class Meta:
        model = Contact
        fields: list[str] = []


class ContactList(RecordList):
    model = Contact
    filterset = ContactFilter
    url_name = "contact_list"
    title = _("Companies & contacts")
    create_url_name = "company_create"
    empty_text = _("Companies and people you sell to, buy from or hope to win will be here.")
    default_sort = Sort("sort_name")
    found_groups = (
        FoundGroup(_("Companies"), {"type": "company"}),
        FoundGroup(_("People"), {"type": "person"}),
    )
    columns = (
        Column("name", _("Name"), name_cell, lambda row: row.name, sort="sort_name", css="first"),
        code_column(),
        text_column("city", _("City"), sort="city"),
        text_column("phone", _("Phone"), css="nowrap wide-only"),
        tags_column("categories", _("Category")),
        Column(
            "stage",
            _("Stage"),
            stage_chip,
            lambda row: row.get_stage_display(),
            css="status-column",
            is_default=False,
        ),
        person_column("owner", _("Owner")),
        date_column("updated_at", _("Last change")),
        text_column("email", _("E-mail"), is_default=False),
        text_column("vat_id", _("VAT id"), is_default=False),
        tags_column("areas", _("Area"), is_default=False),
        tags_column("product_groups", _("Products and services"), is_default=False),
        tags_column("tags", _("Tags"), is_default=False),
        Column(
            "aliases",
            _("Also known as"),
            lambda row: ", ".join(row.aliases),
            lambda row: ", ".join(row.aliases),
            is_default=False,
        ),
        date_column("created_at", _("Created"), is_default=False, css="nowrap"),
    )
    ways = (
        Way(_("Duplicates"), "duplicate_list", "people"),
        Way(_("Import"), "import_create", "upload", needs="change"),
        Way(_("Export"), "export_page", "download", needs="export", is_rare=True),
    )
    verbs = (Way(_("Merge…"), "contact_merge"),)
    tabs = (
        Tab("customers", _("Customers"), Q(type="company", stage="customer")),
        Tab("leads", _("Leads"), Q(stage="lead")),
        Tab("suppliers", _("Suppliers"), Q(type="company", stage="supplier")),
        Tab("former", _("Former"), Q(stage="former")),
        Tab("people", _("People"), Q(type="person")),
    )

    @classmethod
    def hints(cls, seen: Any, rows: Sequence[Contact], text: str) -> dict[int, Hint]:
        return hints(seen, rows, text)

    @classmethod
    def tab_of(cls, record: Contact) -> str:
        return "people" if record.is_person else TABS[record.stage]
