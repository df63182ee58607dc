"""Activities and e-mails in one list, by when they were (F1.4).

E-mails are the lines of this sort in the histories of records that the reader sees.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.cells import put_customers, status_chip, when_of
from activities.dated import dates_of_series
from activities.fields import CustomerChoice
from activities.models import Activity, Slot
from activities.models.activity import card_address
from activities.models.timed import DAY, FIRST_DAY, LAST_DAY, MIDNIGHT
from activities.recurrence import instant_of
from crm.accounts.models import User
from crm.contacts.models import Contact, CustomerRecord
from crm.records.custom_forms import DateInput
from crm.records.forms import PersonChoice
from crm.records.models import Event, record_kinds
from crm.records.models.row_sql import RowWhere
from crm.records.pointed import place_of, records_at
from crm.ui.layout import helper
from crm.ui.paging import Page, Sort, Wanted, read_cursor, rows_of, write_cursor
from crm.ui.renderer import isolated
from crm.ui.templatetags.ui import avatar, icon, status, teller

SIZE, LONGEST = 50, 200
ROW = (
    '<li class="row-item">{}<span><a class="row-title covers" href="{}">{} {}</a>'
    '<span class="secondary">{}</span></span><span class="end">{} {}</span></li>'
)
# Row by row and never gathered first: for a page of rows among millions.
LOOKED_UP = "EXISTS(SELECT FROM ({seen}) AS seen WHERE seen.pk = {row}.object_id OFFSET 0)"
MAIL = 1  # what is left of the key of an e-mail's line divided by two; of an activity's, 0


class StreamForm(forms.Form):
    """Slices of the list; `initial` is what is shown before anything was chosen."""

    q = forms.CharField(label=_("Words"), max_length=LONGEST, required=False)
    what = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[
            ("", pgettext_lazy("activities and e-mails", "Everything")),
            ("event", _("Events")),
            ("task", _("Tasks")),
            ("email", pgettext_lazy("messages", "E-mails")),
        ],
    )
    customer = CustomerChoice(label=_("Customer"), required=False, queryset=Contact.objects.none())
    person = PersonChoice(label=_("Person"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=DateInput())
    until = forms.DateField(label=_("Until"), required=False, widget=DateInput())

    def __init__(self, data: Any, *, reader: User) -> None:
        super().__init__(data or None, initial={"until": timezone.localdate()})
        customer: Any = self.fields["customer"]
        customer.queryset = Contact.objects.visible_to(reader)
        self.helper = helper("q", "what", "customer", "person", "since", "until")

    def clean_since(self) -> dt.date | None:
        return _possible(self.cleaned_data["since"])

    def clean_until(self) -> dt.date | None:
        return _possible(self.cleaned_data["until"])

    def clean(self) -> dict[str, Any]:
        """What was chosen is shown again, and need not be read again for that."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("customer", "person"):
            if row := cleaned.get(name):
                field: Any = self.fields[name]
                field.held = {str(row.pk): row}
        return cleaned

    @property
    def asked(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_bound else {**self.initial}


def _possible(day: dt.date | None) -> dt.date | None:
    """No activity is before or after."""
    return day and max(FIRST_DAY, min(LAST_DAY, day))


@dataclass(frozen=True)
class Line:
    """What a list of both can be paged by."""

    moment: dt.datetime
    pk: int  # even of activities, odd of e-mails
    record: Any
    event: Event | None = None  # the e-mail
    on: dt.date | None = None  # the date of a series

    def cells(self, tell: Callable[[dt.date], str]) -> tuple[str, ...]:
        """What the page shows of it, as HTML: status, address, icon, title, beside, who, when."""
        title = isolated(self.record)
        if self.event:
            url = self.record.get_absolute_url()
            said = isolated(Truncator(self.event.text).chars(LONGEST))
            who, when = avatar(self.event.actor), tell(self.moment)
            return status(_("E-mail")), url, icon("envelope"), title, said, who, when
        activity: Activity = self.record
        url = card_address(activity.pk, self.on)
        whose = self.record.seen_customer
        beside = [isolated(word) for word in (whose and whose.name, activity.place) if word]
        return (
            *(status_chip(activity), url, icon(activity.symbol), title),
            *(" · ".join(beside), avatar(activity.owner or activity.team)),
            tell(when_of(activity)),
        )


def rows_html(lines: Iterable[Line]) -> SafeString:
    """Put into place at once: a template for each takes three times as long."""
    tell = teller()
    return SafeString("".join(ROW.format(*line.cells(tell)) for line in lines))


def page_of_stream(reader: User, asked: dict[str, Any], cursor: str) -> Page:
    """Of Lines, newest first. Raises BadCursor where the cursor names no place."""
    wanted = Wanted(Activity.objects.none(), Sort("moment", descending=True), cursor, SIZE)
    is_backwards, _place = read_cursor(cursor)
    what = asked.get("what", "")
    lines = [] if what == "email" else _activities(reader, asked, cursor)
    if what in ("", "email"):
        lines += _mails(reader, asked, cursor)
    lines.sort(key=lambda line: (line.moment, line.pk), reverse=not is_backwards)
    return wanted.page(lines)


def _activities(reader: User, asked: dict[str, Any], cursor: str) -> list[Line]:
    rows = Activity.objects.visible_to(reader).select_related("owner", "team")
    rows = rows.matching(asked.get("q") or "")
    if what := asked.get("what"):
        rows = rows.filter(is_task=what == "task")
    if customer := asked.get("customer"):
        rows = rows.of(customer)
    if person := asked.get("person"):
        rows = rows.filter(pk__in=Slot.objects.filter(person=person).values("activity"))
    dates = dates_of_series(rows, asked, *read_cursor(cursor), SIZE + 1)
    single = rows.filter(_on_these_days(asked))
    if dates is not None:  # else each series stands there once
        single = single.filter(rule="")
    found = _asked(single, "starts_at", cursor, 0)
    lines = [Line(row.starts_at, 2 * row.pk, row) for row in found]
    lines += [Line(one.starts_at, 2 * one.pk, one, on=on) for one, on in dates or ()]
    put_customers([line.record for line in lines], reader)
    return lines


def _mails(reader: User, asked: dict[str, Any], cursor: str) -> list[Line]:
    rows = Event.objects.filter(entry=Event.Entry.EMAIL).select_related("actor")
    rows = rows.filter(_of_seen(reader, asked.get("customer")), _period("happened_at", asked))
    for word in (asked.get("q") or "").split():
        rows = rows.filter(text__icontains=word)
    if person := asked.get("person"):
        rows = rows.filter(actor=person)
    found = _asked(rows, "happened_at", cursor, MAIL)
    records = records_at(reader, found)
    return [
        Line(row.happened_at, 2 * row.pk + MAIL, records[place_of(row)], row)
        for row in found
        if place_of(row) in records  # it may have gone out of sight between two statements
    ]


def _of_seen(reader: User, customer: Contact | None) -> Q:
    """On what the reader sees, of any kind; or on a customer and on what belongs to them."""
    places = Q(pk__in=())
    for model in record_kinds().values():
        seen: Any = model.objects.visible_to(reader)
        kind = ContentType.objects.get_for_model(model)
        if customer is None:
            sql, params = seen.values("pk").query.sql_with_params()
            places |= Q(
                RowWhere(LOOKED_UP.format(seen=sql, row="{row}"), *params), content_type=kind
            )
        elif issubclass(model, CustomerRecord):
            places |= Q(object_id__in=seen.of(customer).values("pk"), content_type=kind)
        elif model is Contact:
            places |= Q(object_id__in=seen.filter(pk=customer.pk).values("pk"), content_type=kind)
    return places


def _period(field: str, asked: dict[str, Any]) -> Q:
    """Days of the reader's zone, both included."""
    zone, when = timezone.get_current_timezone(), Q()
    if since := asked.get("since"):
        when &= Q(**{f"{field}__gte": instant_of(since, MIDNIGHT, zone)})
    if until := asked.get("until"):
        when &= Q(**{f"{field}__lt": instant_of(until + DAY, MIDNIGHT, zone)})
    return when


def _on_these_days(asked: dict[str, Any]) -> Q:
    """What has a time by the reader's days, whole days by their own, wherever that is."""
    timed = Q(end_time__isnull=False) & _period("starts_at", asked)
    days = {
        f"__{bound}": asked[name]
        for name, bound in (("since", "gte"), ("until", "lte"))
        if asked.get(name)
    }
    due = Q(
        end_time__isnull=True, is_task=True, **{f"ends_on{on}": day for on, day in days.items()}
    )
    long = Q(end_time__isnull=True, is_task=False)
    long &= Q(**{f"starts_on{on}": day for on, day in days.items()})
    about = {"since": -DAY, "until": DAY}  # the index knows moments; no zone is a day away
    wider = {name: asked[name] + by for name, by in about.items() if asked.get(name)}
    return _period("starts_at", wider) & (timed | due | long)


def _asked(rows: QuerySet, field: str, cursor: str, rest: int) -> list[Any]:
    """What could stand on the page of one sort: its keys are every second one of the lines'."""
    is_backwards, place = read_cursor(cursor)
    if place:
        moment, pk = place
        beside = (pk - rest) // 2 if is_backwards else -((rest - pk) // 2)
        cursor = write_cursor("b" if is_backwards else "a", moment, beside)
    wanted = {"": Wanted(rows, Sort(field, descending=True), cursor, SIZE)}
    return rows_of(wanted, read=lambda asked: asked)[""]
