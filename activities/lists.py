"""The list of events and tasks (F1.4, F3.13)."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.bulk import VERBS
from activities.cells import (
    customer_cell,
    put_customers,
    responsible_cell,
    status_chip,
    subject_cell,
    type_words,
    when_of,
)
from activities.models import (
    OPEN_CATEGORIES,
    Activity,
    ActivityStatus,
    ActivityType,
    Slot,
    catalog,
)
from activities.models.access import colleagues
from activities.models.timed import MIDNIGHT
from activities.periods import period
from activities.recurrence import instant_of
from crm.accounts.models import User
from crm.contacts.customer_lists import CustomerRecordFilter, contacts_seen
from crm.records.lists import (
    AnyOfFilter,
    Column,
    Preset,
    RecordList,
    Tab,
    Way,
    code_column,
    date_column,
    person_column,
    tags_column,
    text_column,
)
from crm.records.lists.filters import everybody
from crm.records.models import RecordQuerySet
from crm.ui.choices import ANY
from crm.ui.paging import Sort
from crm.ui.pickers import MultiPicker
from crm.ui.renderer import isolated
from crm.ui.templatetags.ui import teller

OPEN = Q(category__in=OPEN_CATEGORIES)
SOONEST, NEWEST = Sort("ends_at"), Sort("starts_at", descending=True)
LONGEST_LATE = Sort("late_at")
PERIODS = [
    ("today", _("Today")),
    ("tomorrow", _("Tomorrow")),
    ("week", _("This week")),
    ("next-week", _("Next week")),
    ("month", _("This month")),
]


class ActivityCustomerFilter(AnyOfFilter):
    """All that belongs to one of them: as customer, further one, contact person or guest."""

    def filter(self, rows: Any, chosen: Any) -> RecordQuerySet:
        return rows.of(*chosen) if chosen else rows


class ActivityFilter(CustomerRecordFilter):
    nature = django_filters.ChoiceFilter(
        label=_("Kind"),
        choices=[("event", _("Events")), ("task", _("Tasks"))],
        method="filter_nature",
        empty_label=ANY,
    )
    type = AnyOfFilter(
        label=_("Type"),
        queryset=ActivityType.objects.all(),
        widget=forms.CheckboxSelectMultiple,
    )
    status = AnyOfFilter(
        label=_("Status"),
        queryset=ActivityStatus.objects.all(),
        widget=forms.CheckboxSelectMultiple,
    )
    when = django_filters.ChoiceFilter(
        label=_("When"), choices=PERIODS, method="filter_when", empty_label=ANY
    )
    overdue = django_filters.BooleanFilter(
        label=_("Overdue"), method="filter_overdue", widget=forms.CheckboxInput
    )
    open = django_filters.BooleanFilter(
        label=_("Still open"), method="filter_open", widget=forms.CheckboxInput
    )
    my_teams = django_filters.BooleanFilter(
        label=_("My teams'"), method="filter_my_teams", widget=forms.CheckboxInput
    )
    participant = AnyOfFilter(
        label=_("Takes part"),
        field_name="participants",
        queryset=everybody,
        widget=MultiPicker("person-ever"),
    )
    customer = ActivityCustomerFilter(
        label=_("Customer"), queryset=contacts_seen, widget=MultiPicker("customer")
    )
    priority = django_filters.MultipleChoiceFilter(
        label=_("Priority"),
        choices=Activity.Priority,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )

    class Meta:
        model = Activity
        fields: list[str] = []

    def filter_nature(self, rows: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        return rows.filter(is_task=value == "task")

    def filter_when(self, rows: Any, name: str, value: str) -> RecordQuerySet:
        """In the reader's zone: what begins, goes on or is due in these days."""
        since, before = period(value, timezone.localdate())
        zone = timezone.get_current_timezone()
        start, end = (instant_of(day, MIDNIGHT, zone) for day in (since, before))
        return rows.between(start, end)

    def filter_overdue(self, rows: Any, name: str, value: bool) -> RecordQuerySet:
        return rows.overdue() if value else rows

    def filter_open(self, rows: Any, name: str, value: bool) -> RecordQuerySet:
        return rows.open() if value else rows

    def filter_mine(self, rows: RecordQuerySet, name: str, value: bool) -> RecordQuerySet:
        """What one is responsible for or takes part in."""
        if not value:
            return rows
        return rows.filter(pk__in=Slot.objects.filter(person=self.request.user).values("activity"))

    def filter_my_teams(self, rows: RecordQuerySet, name: str, value: bool) -> RecordQuerySet:
        if not value:
            return rows
        user = self.request.user
        return rows.filter(Q(team__in=user.team_ids) | Q(owner__in=colleagues(user)))


class ActivityList(RecordList):
    model = Activity
    filterset = ActivityFilter
    url_name = "activity_list"
    title = _("Activities")
    create_url_name = "event_create"
    empty_text = _("Meetings, calls, visits and tasks, yours and your colleagues', will be here.")
    default_sort = Sort("starts_at")
    found_sort = Sort("starts_at", descending=True)
    columns = (
        Column(
            "subject",
            _("Subject"),
            subject_cell,
            lambda row: row.subject,
            css="first",
        ),
        Column(
            "starts_at",
            _("When"),
            when_of,
            when_of,
            sort="starts_at",
            css="nowrap on-top",
            writer=teller,
        ),
        Column("type", _("Type"), lambda row: isolated(type_words(row)), type_words),
        Column(
            "status",
            _("Status"),
            status_chip,
            lambda row: str(row.chip.label) if row.chip else "",
            css="status-column",
        ),
        Column(
            "customer",
            _("Customer"),
            customer_cell,
            lambda row: row.seen_customer.name if row.seen_customer else "",
        ),
        Column(
            "owner",
            _("Responsible"),
            responsible_cell,
            lambda row: str(row.owner or row.team or ""),
            select=("owner", "team"),
        ),
        Column(
            "priority",
            _("Priority"),
            lambda row: isolated(row.get_priority_display()) if row.is_task else "",
            lambda row: row.get_priority_display() if row.is_task else "",
            is_default=False,
        ),
        date_column("ends_at", _("Until"), is_default=False, css="nowrap"),
        code_column(is_default=False),
        text_column("place", _("Place"), is_default=False),
        tags_column("tags", _("Tags"), is_default=False),
        person_column("created_by", _("Booked by"), is_default=False),
        date_column("updated_at", _("Last change"), is_default=False, css="nowrap"),
    )
    ways = (Way(_("Find a time"), "calendar_free", "search"),)
    template = "activities/activity_list.html"
    tabs = (
        Tab("coming", _("Coming up"), OPEN & Q(ends_at__gte=Now()), SOONEST),
        Tab("overdue", _("Overdue"), OPEN & Q(late_at__lt=Now()), LONGEST_LATE),
        Tab("tasks", _("Tasks"), OPEN & Q(is_task=True), SOONEST),
        Tab("closed", _("Closed"), ~Q(category__in=OPEN_CATEGORIES), NEWEST),
        Tab("all", pgettext_lazy("activities", "All"), Q(), NEWEST),
    )
    bulk = VERBS
    presets = (
        Preset(_("Due this week"), "tab=all&when=week&open=on"),
        Preset(pgettext_lazy("activities", "Mine"), "tab=coming&mine=on"),
        Preset(_("My teams'"), "tab=coming&my_teams=on"),
        Preset(_("Mine and overdue"), "tab=overdue&mine=on"),
    )

    @classmethod
    def all_presets(cls) -> list[Preset]:
        """And what is planned of each type of event: calls, meetings …"""
        planned = [
            Preset(_("Planned: %(type)s") % {"type": row}, f"tab=coming&type={row.pk}")
            for row in catalog().types.values()
            if row.is_active and row.fits(is_task=False)
        ]
        return [*cls.presets, *planned]

    @classmethod
    def complete(cls, rows: Sequence[Any], columns: Sequence[Column], user: User) -> None:
        super().complete(rows, columns, user)
        put_customers(rows, user)

    @classmethod
    def tab_of(cls, record: Activity) -> str:
        return "all"
