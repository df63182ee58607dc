"""Forms of companies and people."""

from collections.abc import Sequence
from typing import Any, cast

import stdnum.exceptions
from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import get_cc_module

from crm.accounts.models import User
from crm.contacts.actions import tell_companies
from crm.contacts.duplicates import Likely, Traits, keep_apart, likely_same
from crm.contacts.form_rows import Addresses, Emails, Employments, Phones
from crm.contacts.models import Area, Category, Contact, Employment, ProductGroup
from crm.records.forms import RecordForm
from crm.records.layout import Rows, custom_rows
from crm.records.models import Record
from crm.ui.choices import field_in_words
from crm.ui.layout import Fields, More, Section, helper
from crm.ui.pickers import HeldChoice, HeldChoices, MultiPicker, Picker


class LinesField(SimpleArrayField):
    """Several short values, one a line."""

    def __init__(self, base_field: forms.Field, **kwargs: Any) -> None:
        super().__init__(base_field, delimiter="\n", widget=forms.Textarea({"rows": 2}), **kwargs)

    def to_python(self, value: Any) -> list[Any]:  # type: ignore[override]  # the stubs call it text
        if isinstance(value, str):
            value = "\n".join(line.strip() for line in value.splitlines() if line.strip())
        return list(dict.fromkeys(super().to_python(value)))


class ContactForm(RecordForm):
    aliases = LinesField(
        forms.CharField(max_length=200),
        label=_("Also known as"),
        required=False,
        help_text=_("One a line. Searching any of them finds it."),
    )
    websites = LinesField(
        forms.URLField(max_length=300, assume_scheme="https"),
        label=_("Web"),
        required=False,
        help_text=_("One address a line."),
    )
    categories = HeldChoices(
        Category.objects.all(),
        label=_("Categories"),
        required=False,
        widget=MultiPicker("category"),
    )
    areas = HeldChoices(
        Area.objects.all(), label=_("Geographic areas"), required=False, widget=MultiPicker("area")
    )
    product_groups = HeldChoices(
        ProductGroup.objects.all(),
        label=_("Products and services"),
        required=False,
        widget=MultiPicker("product-group"),
    )
    formset_classes = {"phones": Phones, "emails": Emails, "addresses": Addresses}
    who: tuple[Any, ...] = ()
    rows_before: tuple[Any, ...] = ()
    likely: Sequence[Likely] = ()  # who is here already, of a new one

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        custom = [Section(_("Our own fields"), custom_rows(self.custom))] if self.custom else []
        self.helper = helper(
            "version",
            "seen",
            Section(_("Who"), *self.who),
            *self.rows_before,
            Rows("phones", _("Phones"), _("Add a phone"), ("use", 4), ("number", 8), compact=True),
            Rows(
                "emails", _("E-mails"), _("Add an e-mail"), ("use", 4), ("address", 8), compact=True
            ),
            Rows(
                "addresses",
                _("Addresses"),
                _("Add an address"),
                *(("use", 4), ("street", 8), ("postal_code", 3), ("city", 5)),
                *(("region", 4), ("country", 12)),
            ),
            *custom,
            More(
                Fields("owner", "team"),
                "tags",
                "is_restricted",
                "viewers",
                title=_("Who looks after it, and who sees it"),
            ),
            More(
                "aliases",
                Fields("vat_id", "tax_code"),
                "websites",
                Fields("preferred_channel", "language"),
                "categories",
                "areas",
                "product_groups",
                "notes",
                title=_("More about it"),
            ),
        )

    def clean(self) -> dict[str, Any]:
        """A new one that looks like one that is here is saved only when the person says so."""
        cleaned = super().clean()
        if self.was_new:
            found = likely_same(self.actor, Traits.sent(self.instance.type, self.data))
            self.likely = [likely for likely in found if likely.is_strong]
            if self.likely and "not_same" not in self.data:
                self.add_error(None, _("It looks as if this one is here already."))
        return cleaned

    def write(self, record: Record) -> None:
        super().write(record)
        if self.likely:
            others = [likely.contact for likely in self.likely]
            keep_apart(cast(Contact, record), others, actor=self.actor)

    def warnings(self) -> list[str]:
        """What looks wrong but does not stop anybody (tax ids)."""
        number = self.instance.vat_id.replace(" ", "").upper()
        country = number[:2] if number[:2].isalpha() else self._country()
        module = get_cc_module(country.lower(), "vat") if country and number else None
        if module is None:
            return []
        try:
            module.validate(number)
        except stdnum.exceptions.ValidationError:
            return [str(_("The VAT id does not look right: please check it."))]
        return []

    def _country(self) -> str:
        first = self.instance.addresses.first() if self.instance.pk else None
        return str(first.country) if first else ""


COMMON = [
    "stage",
    "owner",
    "team",
    "tags",
    "aliases",
    "vat_id",
    "tax_code",
    "websites",
    "preferred_channel",
    "language",
    "categories",
    "areas",
    "product_groups",
    "is_restricted",
    "viewers",
    "notes",
]
AREAS = {"notes": forms.Textarea({"rows": 3})}


class CompanyForm(ContactForm):
    who = ("name", "stage")

    class Meta:
        model = Contact
        fields = ["name", *COMMON]
        widgets = AREAS
        formfield_callback = field_in_words


class PersonForm(ContactForm):
    formset_classes = {**ContactForm.formset_classes, "employments": Employments}
    who = (Fields("first_name", "last_name"), "stage")
    rows_before = (
        Rows(
            "employments",
            _("Works for"),
            _("Add a company"),
            *(("company", 12), ("function", 4), ("role", 4), ("preferred_channel", 4)),
        ),
    )

    class Meta:
        model = Contact
        fields = ["first_name", "last_name", *COMMON]
        widgets = AREAS
        formfield_callback = field_in_words

    def _row_kwargs(self, prefix: str) -> dict[str, Any]:
        return {"actor": self.actor} if prefix == "employments" else {}

    def write(self, record: Record) -> None:
        """The companies' cards tell, too, who came and who went."""
        changed = [row for row in self.formsets["employments"].forms if row.has_changed()]
        keys = {row.initial.get("company") for row in changed}
        keys |= {row.instance.company_id for row in changed}
        super_write = super().write
        tell_companies(filter(None, keys), actor=self.actor, change=lambda: super_write(record))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not (cleaned.get("first_name") or cleaned.get("last_name")):
            self.add_error("last_name", ValidationError(_("Give at least one of the two names.")))
        return cleaned


class PersonChoice(HeldChoice):
    widget = Picker("contact-person", creates=True)


class StaffForm(forms.ModelForm):
    """A person of a company, added or changed from the company's card."""

    person = PersonChoice(label=_("Person"), queryset=Contact.objects.none())

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["person"]).queryset = Contact.objects.visible_to(
            actor
        ).people()
        if self.instance.pk:
            del self.fields["person"]

    class Meta:
        model = Employment
        fields = ["person", "function", "role", "preferred_channel"]
        formfield_callback = field_in_words
