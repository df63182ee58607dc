"""Lists, forms and cards of the two kinds, as an app of its own would have them."""

from typing import Any

from django.shortcuts import render
from django.urls import path

from crm.contacts.customer_lists import CustomerRecordFilter
from crm.contacts.models import Contact
from crm.contacts.prefill import prefilled
from crm.records.card import card_context, card_rows
from crm.records.editing import edit_page
from crm.records.fetch import fetch
from crm.records.forms import RecordForm
from crm.records.lists import Column, RecordList, list_page
from crm.ui.pickers import Picker
from crm.ui.renderer import isolated
from crm.urls import urlpatterns as of_the_product
from tests.kinds.models import MODELS, Offer, Visit


def declare(record_type: type[Visit | Offer]) -> list[Any]:
    """A list, a form and the addresses of a kind."""
    kind = record_type.kind

    class Filter(CustomerRecordFilter):
        class Meta:
            model: Any = record_type
            fields: list[str] = []

    class Listed(RecordList):
        filterset = Filter
        url_name = f"{kind}_list"
        title = f"{kind}s"
        create_url_name = f"{kind}_create"
        columns = (Column("title", "Title", title_cell, str, css="first"),)

    Listed.model = record_type

    class Form(RecordForm):
        class Meta:
            model: Any = record_type
            fields = ("title", "customer", "contact_person", "owner", "team", "tags", "viewers")
            widgets = {"customer": Picker("company"), "contact_person": Picker("contact-person")}

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            for name in ("customer", "contact_person"):
                self.fields[name].queryset = Contact.objects.visible_to(self.actor)

    def detail(request: Any, pk: int) -> Any:
        rows = card_rows(record_type.objects.select_related("owner", "team"), request.user)
        record = fetch(request.user, "view", record_type, pk, queryset=rows)
        context = card_context(request, record) | {"edit_url": "/"}
        return render(request, "records/card.html", context)

    def create(request: Any) -> Any:
        start = prefilled(request)
        return edit_page(
            request, Form, record_type(), template="contacts/contact_form.html", initial=start
        )

    return [
        path(f"{kind}s/", lambda request: list_page(request, Listed), name=f"{kind}_list"),
        path(f"{kind}s/new/", create, name=f"{kind}_create"),
        path(f"{kind}s/<int:pk>/", detail, name=f"{kind}_detail"),
    ]


def title_cell(record: Any) -> str:
    return f'<a class="row-title" href="{record.get_absolute_url()}">{isolated(record)}</a>'


urlpatterns = [*of_the_product, *(route for model in MODELS for route in declare(model))]
