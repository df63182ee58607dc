"""Forms of events and tasks."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.actions.series import follow, rename
from activities.clashes import Clash, clashes, refusal
from activities.fields import (
    ContactPersonChoice,
    CustomerChoice,
    CustomersChoice,
    GuestsChoice,
    TimeInput,
)
from activities.models import Activity
from activities.models.timed import validate_day
from activities.offering import TIES, OfferingForm
from activities.reminder_rows import Reminders
from activities.repeat_fields import NAMES, RepeatFields, repeat_initial
from crm.contacts.models import Contact
from crm.records.custom_forms import DateInput
from crm.records.forms import PeopleChoice
from crm.records.held import release
from crm.records.layout import Rows, custom_rows
from crm.records.models import Record
from crm.records.record_choice import RecordChoice
from crm.ui.choices import field_in_words
from crm.ui.layout import Fields, More, Section, helper

MOVING = (
    *("type", "status", "owner", "participants", "all_day", "starts_on", "start_time"),
    *("ends_on", "end_time", "repeat", "every", "weekdays"),
)
LONGEST = dt.timedelta(days=366)
REMINDER_ROWS = Rows(
    "reminders",
    _("Reminders"),
    _("Add a reminder"),
    *(("minutes", 6), ("channel", 6)),
    compact=True,
)


class ActivityForm(RepeatFields, OfferingForm):
    customer = CustomerChoice(label=_("Customer"), required=False, queryset=Contact.objects.none())
    contact_person = ContactPersonChoice(
        label=_("Contact person"), required=False, queryset=Contact.objects.none()
    )
    other_customers = CustomersChoice(
        label=_("Further customers"),
        required=False,
        queryset=Contact.objects.none(),
        help_text=_("It shows in the history of every one of them."),
    )
    about = RecordChoice(
        label=_("Belongs to"),
        required=False,
        help_text=_("Any record: what this is a follow-up of, or done for."),
    )
    participants = PeopleChoice(
        label=_("Further people"),
        required=False,
        help_text=_("It is on their calendars, too."),
    )
    formset_classes: ClassVar[Any] = {"reminders": Reminders}
    clashes: Sequence[Clash] = ()
    who: ClassVar[tuple[Any, ...]]
    when: ClassVar[tuple[Any, ...]]
    more: ClassVar[tuple[Any, ...]]

    def __init__(self, *args: Any, repeats: bool = True, **kwargs: Any) -> None:
        record: Activity = kwargs["instance"]
        record.is_task = self.is_task
        # Part of a series takes over its reminders as they are.
        is_part = record._state.adding and bool(record.series_id or record.cut_from)
        kwargs["initial"] = self._facts(record) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if is_part:
            del self.formsets["reminders"]
        self.repeats = repeats and record.series_id is None
        self.was_repeating = (rule, record.anchor) if (rule := record.repeats) else None
        if not self.repeats:
            for name in NAMES:
                del self.fields[name]
        self.fields["owner"].label = _("Responsible")
        for name in ("starts_on", "ends_on"):  # before what is reckoned with them, as in the model
            self.fields[name].validators.append(validate_day)
        self.offer_items(record)
        self.offer_contacts()
        self.offer_about(record)
        self.helper = helper("version", "seen", *self._pieces())

    def _facts(self, record: Activity) -> dict[str, Any]:
        """What is asked otherwise than it is stored."""
        return repeat_initial(record.repeats) if record.rule else {}

    def _pieces(self) -> list[Any]:
        custom = [Section(_("Our own fields"), custom_rows(self.custom))] if self.custom else []
        pieces = [
            Section(_("What and when"), "subject", Fields("type", "status"), *self.when),
            Section(_("People"), Fields("owner", "team"), *self.who),
            Section(_("For whom"), *(name for name in TIES if name in self.fields)),
            Section(_("Notes"), "notes", "outcome"),
            *custom,
        ]
        if self.repeats:
            pieces.insert(1, More(*self._repeat_pieces(), title=_("Repeats")))
        if self.formsets:
            pieces.insert(-1, REMINDER_ROWS)
        return [*pieces, More(*self.more, "tags", "is_restricted", "viewers", title=_("More"))]

    def _repeat_pieces(self) -> list[Any]:
        return [
            Fields("repeat", "every"),
            "weekdays",
            Fields("monthly_by", "month_end"),
            Fields("repeat_end", "repeat_until", "repeat_count"),
        ]

    def clean_about(self) -> Record | None:
        about: Record | None = self.cleaned_data["about"]
        if about is not None and about == self.instance:
            raise forms.ValidationError(_("It cannot belong to itself."))
        return about

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "about" in cleaned:
            self.instance.about = cleaned["about"]
        for name, keys in self.unseen.items():
            if keys and name in cleaned:
                cleaned[name] = [*cleaned[name], *Contact.objects.filter(pk__in=keys)]
        is_nobody_s = not (cleaned.get("owner") or cleaned.get("team"))
        if is_nobody_s and not self.errors.keys() & {"owner", "team"}:
            self.add_error("owner", _("Say who is responsible: a person or a team."))
        self._clean_when(cleaned)
        if self.repeats and not self.errors:
            self._clean_repeats()
        return cleaned

    def _post_clean(self) -> None:
        """What it would meet is said before it is saved, and saved all the same if one says so;
        what cannot be, at once."""
        super()._post_clean()  # type: ignore[misc]  # not in the stubs
        is_moved = self.was_new or any(
            name in self.fields and self._is_other(name) for name in MOVING
        )
        if self.errors or not is_moved:
            return
        people = [self.cleaned_data.get("owner"), *self.cleaned_data.get("participants", ())]
        people = [person for person in people if person]
        if why := refusal(self.instance, people, self.actor):
            self.add_error(None, why)
            return
        self.clashes = clashes(self.instance, people, self.actor)
        if self.clashes and "sure" not in self.data:
            self.add_error(None, _("Somebody has something else at that time."))

    def _clean_when(self, cleaned: dict[str, Any]) -> None:
        raise NotImplementedError

    def _clean_repeats(self) -> None:
        """A start that the rule does not give is moved to the first date that it does (B30)."""
        record: Activity = self.instance
        try:
            chosen = self.rule_from(self._anchor())
        except forms.ValidationError as problem:
            self.add_error(None, problem)
            return
        if chosen is None:
            record.rule = ""
            return
        rule, first = chosen
        self._shift(first - self._anchor())
        if self.was_repeating:
            follow(record, self.was_repeating, chosen)
        record.rule = rule.text(first)

    def _anchor(self) -> dt.date:
        day: dt.date = self.cleaned_data["ends_on" if self.is_task else "starts_on"]
        return day

    def _shift(self, by: dt.timedelta) -> None:
        for name in ("starts_on", "ends_on"):
            self.cleaned_data[name] += by

    def warnings(self) -> list[str]:
        """Who cannot be invited is named: nobody would notice otherwise."""
        silent = [str(guest) for guest in self.cleaned_data.get("guests", ()) if not guest.email]
        if not silent or "guests" not in self.changed_data:
            return []
        told = _("No invitation went to who has no e-mail address: %(names)s.")
        return [told % {"names": ", ".join(silent)}]

    def write(self, record: Record) -> None:
        super().write(record)
        if not self.was_new:
            rename(cast(Activity, record).exceptions.all(), cast(Activity, record).moved_dates)
        # Who is responsible takes part anyway.
        cast(Activity, record).attendees.filter(user=record.owner_id).delete()
        release(record, "participants")


COMMON = [
    *("subject", "type", "status", "starts_on", "ends_on", "end_time", "owner", "team"),
    *("customer", "contact_person", "other_customers", "participants"),
    *("notes", "outcome", "estimate", "tags", "is_restricted", "viewers"),
]
WIDGETS: dict[str, forms.Widget] = {
    "starts_on": DateInput(),
    "ends_on": DateInput(),
    "start_time": TimeInput(),
    "end_time": TimeInput(),
    "notes": forms.Textarea({"rows": 3}),
    "outcome": forms.Textarea({"rows": 2}),
}


class EventForm(ActivityForm):
    is_task = False
    all_day = forms.BooleanField(label=_("All day"), required=False)
    guests = GuestsChoice(
        label=_("Guests from outside"), required=False, queryset=Contact.objects.none()
    )
    when = (
        "all_day",
        Fields("starts_on", "start_time"),
        Fields("ends_on", "end_time"),
    )
    who = ("participants", "guests", "place")
    more = ("estimate",)

    class Meta:
        model = Activity
        fields = [*COMMON, "start_time", "guests", "place"]
        widgets = WIDGETS
        formfield_callback = field_in_words

    def _facts(self, record: Activity) -> dict[str, Any]:
        is_new = record._state.adding and record.starts_on is None
        return super()._facts(record) | {"all_day": not is_new and record.start_time is None}

    def _clean_when(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("all_day"):
            cleaned["start_time"] = cleaned["end_time"] = None
        else:
            for name in ("start_time", "end_time"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Give a time, or say that it lasts all day."))
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if self.errors or start is None or end is None:
            return
        times = (cleaned["start_time"] or dt.time(0), cleaned["end_time"] or dt.time.max)
        if (end, times[1]) < (start, times[0]):
            self.add_error("ends_on", _("The end is before the start."))
        elif end - start > LONGEST:
            self.add_error("ends_on", _("An activity lasts a year at most."))


class TaskForm(ActivityForm):
    is_task = True
    when = (Fields("starts_on", "priority"), Fields("ends_on", "end_time"))
    who = ("participants",)
    more = ("estimate",)

    class Meta:
        model = Activity
        fields = [*COMMON, "priority"]
        widgets = WIDGETS
        labels = {"ends_on": _("Due date"), "end_time": _("Due time")}
        help_texts = {"end_time": _("Empty: at any time of the day.")}
        formfield_callback = field_in_words

    def _clean_when(self, cleaned: dict[str, Any]) -> None:
        start, due = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and due and due < start:
            self.add_error("ends_on", _("It would be due before it starts."))


def form_for(activity: Activity) -> type[ActivityForm]:
    return TaskForm if activity.is_task else EventForm
