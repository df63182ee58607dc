"""Rows of other tables inside the form of a contact: how to reach it, and where it works."""

from typing import Any, cast

from django import forms
from django.forms import inlineformset_factory
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from crm.accounts.models import User
from crm.contacts.models import Address, Contact, Email, Employment, Phone
from crm.records.held import BoundedRows, RowsInPlace
from crm.ui.choices import field_in_words
from crm.ui.pickers import HeldChoice, Picker
from crm.ui.widgets import FixedChoice, FixedSelect


def rows(model: type, fields: list[str], fk: str = "contact", **options: Any) -> Any:
    """In-place rows of a contact; an empty one is offered in the browser."""
    options.setdefault("formset", RowsInPlace)
    options.setdefault("formfield_callback", field_in_words)
    return inlineformset_factory(
        Contact,
        model,
        fields=fields,
        fk_name=fk,
        extra=0,
        max_num=50,
        absolute_max=500,
        validate_max=True,
        **options,
    )


def _inputs(**types: str) -> dict[str, forms.Widget]:
    return {name: forms.TextInput({"type": kind}) for name, kind in types.items()}


class CountryChoice(FixedChoice):
    def valid_value(self, value: Any) -> bool:
        """Without walking through them."""
        return bool(countries.alpha2(value) == value)


class AddressRow(forms.ModelForm):
    country = Address._meta.get_field("country").formfield(
        choices_form_class=CountryChoice, widget=FixedSelect("countries")
    )


Addresses = rows(
    Address,
    ["use", "street", "postal_code", "city", "region", "country"],
    form=AddressRow,
)
Emails = rows(Email, ["use", "address"])
Phones = rows(Phone, ["use", "number"], widgets=_inputs(number="tel"))


class CompanyChoice(HeldChoice):
    widget = Picker("company", creates=True)


class EmploymentRow(forms.ModelForm):
    company = CompanyChoice(label=_("Company"), queryset=Contact.objects.none())

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["company"]).queryset = Contact.objects.visible_to(
            actor
        ).companies()

    class Meta:
        model = Employment
        fields = ["company", "function", "role", "preferred_channel"]
        formfield_callback = field_in_words


class VisibleEmployments(BoundedRows):
    """Only of companies that the actor sees: the others are neither shown nor touched (E11)."""

    def __init__(self, data: Any = None, *, form_kwargs: dict[str, Any], **kwargs: Any) -> None:
        companies = Contact.objects.visible_to(form_kwargs["actor"])
        seen = Employment.objects.filter(company__in=companies)
        super().__init__(data, queryset=seen, form_kwargs=form_kwargs, **kwargs)


Employments = rows(
    Employment,
    ["company", "function", "role", "preferred_channel"],
    "person",
    form=EmploymentRow,
    formset=VisibleEmployments,
)
