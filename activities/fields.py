"""Fields that the forms of events and tasks choose with."""

from django import forms

from crm.ui.pickers import HeldChoice, HeldChoices, MultiPicker, Picker


class TimeInput(forms.TimeInput):
    """The browser's own, in steps of five minutes."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M", attrs={"step": "300"})


class CustomerChoice(HeldChoice):
    """Companies and people: the customer of an activity may be either."""

    widget = Picker("customer", creates=True)


class ContactPersonChoice(HeldChoice):
    widget = Picker("contact-person", creates=True, of="customer")


class CustomersChoice(HeldChoices):
    widget = MultiPicker("customer")


class GuestsChoice(HeldChoices):
    widget = MultiPicker("contact-person", creates=True)
