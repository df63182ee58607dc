"""What the forms of events and tasks offer, and what they keep without naming it (E11)."""

from typing import Any, ClassVar, cast

from django import forms

from activities.models import Activity, ActivityStatus, ActivityType, catalog
from crm.contacts.models import Contact
from crm.records.forms import RecordForm
from crm.records.record_choice import RecordChoice
from crm.ui.pickers import HeldChoices

FOR_WHOM = ("customer", "contact_person", "other_customers")
OF_CONTACTS = (*FOR_WHOM, "guests")
TIES = (*FOR_WHOM, "about")


class OfferingForm(RecordForm):
    is_task: ClassVar[bool]

    def offer_items(self, record: Activity) -> None:
        """As the catalog has them: no statement more for a form."""
        known = catalog()
        for name, rows, model in (
            ("type", known.types, ActivityType),
            ("status", known.statuses, ActivityStatus),
        ):
            held = getattr(record, f"{name}_id")
            offered = [
                row
                for row in rows.values()
                if row.pk == held or (row.is_active and row.fits(is_task=self.is_task))
            ]
            field = cast(forms.ModelChoiceField, self.fields[name])
            field.empty_label = None
            if self.is_bound:
                field.queryset = model.objects.filter(pk__in=[row.pk for row in offered])
            field.choices = [(row.pk, str(row)) for row in offered]
            if held is None and offered:
                self.initial.setdefault(name, offered[0].pk)

    def offer_contacts(self) -> None:
        """Only those that the actor sees; others that it has stay, and are not named (E11)."""
        seen = Contact.objects.visible_to(self.actor)
        self.unseen: dict[str, list[int]] = {}
        for name in OF_CONTACTS:
            if name not in self.fields:
                continue
            field = cast(Any, self.fields[name])
            if name == "contact_person" or name == "guests":
                field.queryset = seen.people()
            else:
                field.queryset = seen
            held = {int(key) for key in field.held}
            if not held:
                continue
            known = set(seen.filter(pk__in=held).values_list("pk", flat=True))
            self.unseen[name] = sorted(held - known)
            field.held = {key: row for key, row in field.held.items() if int(key) in known}
            if self.unseen[name] and not isinstance(field, HeldChoices):
                del self.fields[name]

    def offer_about(self, record: Activity) -> None:
        """What it belongs to stays, and is not named, where the actor does not see it (E11)."""
        field = cast(RecordChoice, self.fields["about"])
        field.actor = self.actor
        if not record.about_id:
            return
        held = field.record(f"{record.about_kind}:{record.about_id}")
        if held is None:
            del self.fields["about"]
            return
        field.held = held
        self.initial.setdefault("about", held)
