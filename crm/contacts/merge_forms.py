"""With whom a contact is to be merged."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.contacts.merging.merge import mergeable
from crm.contacts.models import Contact
from crm.ui.layout import helper
from crm.ui.pickers import HeldChoice, Picker

LOOKUPS = {Contact.Type.COMPANY: "company", Contact.Type.PERSON: "contact-person"}


class MergeWithForm(forms.Form):
    other = HeldChoice(
        Contact.objects.none(),
        label=_("The same as"),
        error_messages={"invalid_choice": _("Choose another one that you may change.")},
    )

    def __init__(self, *args: Any, contact: Contact, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other = cast(forms.ModelChoiceField, self.fields["other"])
        other.widget = Picker(LOOKUPS[Contact.Type(contact.type)])
        other.queryset = mergeable(actor).filter(type=contact.type).exclude(pk=contact.pk)
        self.helper = helper("other")
