"""Pages of one event or task."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from activities.actions import Reach, settle
from activities.actions.series import exception_of, rest_of
from activities.forms import ActivityForm, EventForm, TaskForm, form_for
from activities.lists import ActivityList
from activities.models import Activity, Attendee, catalog
from activities.occasions import Occasion
from activities.recurrence import described, next_dates
from activities.reminder_rows import offset_words
from activities.repeat_fields import RepeatFields
from activities.views.asked import day_in, keys_in, occurrence_in, reach_in, start_and_end
from crm.accounts.http import UserRequest
from crm.accounts.models import User
from crm.accounts.rights import can
from crm.contacts.models import Contact
from crm.contacts.prefill import prefilled
from crm.records.card import card_context, card_rows
from crm.records.editing import edit_page, fetch_to_edit
from crm.records.fetch import fetch
from crm.records.giving_back import gives_back
from crm.records.held import hold
from crm.records.lists import list_page
from crm.records.models import Record, record_kinds
from crm.ui.keys import key_in

FORM = "activities/activity_form.html"
HALF_HOUR = dt.timedelta(minutes=30)
FOLLOW_UPS = 20  # shown on a card
COPIED = ("tags", "viewers", "other_customers", "participants", "guests")


def activity_list(request: UserRequest) -> HttpResponse:
    return list_page(request, ActivityList)


@require_safe
def activity_detail(request: UserRequest, pk: int) -> HttpResponse:
    rows = Activity.objects.select_related("owner", "team", "created_by", "series")
    activity = fetch(request.user, "view", Activity, pk, queryset=card_rows(rows, request.user))
    hold(activity, ("tags", "reminders", "other_customers"))
    on, today = occurrence_in(request.GET, activity), timezone.localdate()
    people = attendees_seen(activity, request.user)
    context = card_context(request, activity) | {
        "activity": activity,
        "on": on,
        "edit_url": _address("activity_edit", activity, on),
        "move_url": _address("activity_edit", activity, on),
        "occasion": Occasion(activity, on or activity.next_date(today), timezone.now()),
        "statuses": statuses_for(activity),
        "people": people,
        "my_place": next((row for row in people if row.user_id == request.user.pk), None),
        "type": catalog().types.get(activity.type_id),
        "answers": Attendee.Answer.choices[1:],
        "contacts": contacts_seen(activity, request.user),
        "about": about_seen(activity, request.user),
        "follow_ups": follow_ups_seen(activity, request.user),
        "may_create": can(request.user, "change", Activity.kind),
        "can_take": activity.is_unclaimed and activity.team_id in request.user.team_ids,
        "reminders": [
            f"{offset_words(row.minutes)} · {row.get_channel_display()}"
            for row in activity.rows_of("reminders")
        ],
    }
    if rule := activity.repeats:
        context |= {
            "repeats": described(rule, activity.anchor),
            "next_dates": [
                day
                for day in next_dates(rule, activity.anchor, 12, since=today)
                if day not in activity.left_out
            ],
        }
    context["has_facts"] = _has_facts(activity, context, request.user)
    return render(request, "activities/activity_detail.html", context)


def _has_facts(activity: Activity, context: dict[str, Any], reader: User) -> bool:
    """Is there anything for the panel of details?"""
    known = ("about", "repeats", "reminders", "custom")
    is_booked_by_another = activity.created_by_id not in (None, activity.owner_id)
    return (
        activity.is_task
        or bool(activity.place or activity.notes or activity.outcome or activity.team_id)
        or bool(context["contacts"]["person"] or context["contacts"]["others"])
        or any(context.get(name) for name in known)
        or is_booked_by_another
        or activity.zone != reader.time_zone
    )


def _address(name: str, activity: Activity, on: dt.date | None) -> str:
    query = f"?{urlencode({'on': on.isoformat()})}" if on else ""
    return reverse(name, args=[activity.pk]) + query


def statuses_for(activity: Activity) -> list[Any]:
    return [
        row
        for row in catalog().statuses.values()
        if row.is_active and row.fits(is_task=activity.is_task)
    ]


def attendees_seen(activity: Activity, reader: User) -> list[Attendee]:
    """Ours, and those outside whom the reader knows of (E11)."""
    rows = list(activity.attendees.select_related("user", "contact"))
    seen = Contact.objects.visible_to(reader)
    known = set(
        seen.filter(pk__in=[row.contact_id for row in rows if row.contact_id]).values_list(
            "pk", flat=True
        )
    )
    return [row for row in rows if row.user_id or row.contact_id in known]


def contacts_seen(activity: Activity, reader: User) -> dict[str, Any]:
    others = [row.pk for row in activity.rows_of("other_customers")]
    keys = {activity.customer_id, activity.contact_person_id, *others}
    known = Contact.objects.visible_to(reader).in_bulk([key for key in keys if key])
    return {
        "customer": known.get(activity.customer_id or 0),
        "person": known.get(activity.contact_person_id or 0),
        "others": [known[key] for key in others if key in known],
    }


def about_seen(activity: Activity, reader: User) -> Record | None:
    """What it belongs to, if the reader sees that (E11)."""
    model = record_kinds().get(activity.about_kind)
    return model.objects.visible_to(reader).filter(pk=activity.about_id).first() if model else None


def follow_ups_seen(activity: Activity, reader: User) -> list[Activity]:
    kind = ContentType.objects.get_for_model(Activity)
    seen = Activity.objects.visible_to(reader).filter(about_type=kind, about_id=activity.pk)
    return list(seen.order_by("-starts_at", "-pk")[:FOLLOW_UPS])


def activity_create(request: UserRequest) -> HttpResponse:
    """Where a calendar leads to: ?task=1 for a task."""
    return task_create(request) if request.GET.get("task") == "1" else event_create(request)


@gives_back(EventForm)
def event_create(request: UserRequest) -> HttpResponse:
    start = _next_half_hour(request.user)
    facts = {
        "starts_on": start.date(),
        "start_time": start.time(),
        "ends_on": (start + 2 * HALF_HOUR).date(),
        "end_time": (start + 2 * HALF_HOUR).time(),
        "all_day": False,
    }
    return _create(request, EventForm, facts | start_and_end(request))


@gives_back(TaskForm)
def task_create(request: UserRequest) -> HttpResponse:
    today = timezone.localdate()
    facts = {"starts_on": today, "ends_on": today} | start_and_end(request)
    # From a calendar the day of a task is the one it is due on; it is given today.
    facts["starts_on"] = min(today, facts["ends_on"])
    return _create(request, TaskForm, facts)


@require_POST
def activity_repeats(request: UserRequest) -> HttpResponse:
    """What a form that is being filled in says of its repetitions: in words, and the next dates
    (B8)."""
    form = RepeatFields(request.POST)
    anchor = "ends_on" if request.POST.get("task") == "1" else "starts_on"
    first = day_in(request.POST.get(anchor, ""))
    context: dict[str, Any] = {}
    if first and form.is_valid():
        try:
            chosen = form.rule_from(first)
        except ValidationError as problem:
            context["problem"] = " ".join(problem.messages)
        else:
            if chosen:
                rule, first = chosen
                dates = next_dates(rule, first, 12)
                context |= {"words": described(rule, first), "dates": dates}
    return render(request, "activities/_repeats.html", context)


def _next_half_hour(user: User) -> dt.datetime:
    now = timezone.localtime(timezone=user.tz).replace(second=0, microsecond=0)
    return now.replace(minute=0) + HALF_HOUR * (1 if now.minute < 30 else 2)


def _create(request: UserRequest, form: type[ActivityForm], facts: dict[str, Any]) -> HttpResponse:
    facts |= prefilled(request)
    facts["subject"] = request.GET.get("name", "")[:200]
    if (owner := key_in(request.GET.get("owner", ""))) is not None:
        facts["owner"] = owner
    if people := keys_in(request.GET.get("people", "")):
        facts["participants"] = User.objects.active().filter(pk__in=people)
    if about := request.GET.get("about"):
        facts["about"] = about
    activity = Activity(is_task=form.is_task, zone=request.user.time_zone)
    return edit_page(request, form, activity, template=FORM, initial=facts)


@gives_back(EventForm, TaskForm)
def activity_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Of a series first asks which of it: ?on= the occurrence, ?reach= how much from there."""
    activity = fetch_to_edit(request, Activity, pk)
    form = form_for(activity)
    on = occurrence_in(request.GET, activity)
    if on is None:
        return edit_page(request, form, activity, template=FORM)
    if "reach" not in request.GET:
        choices = [(reach, f"?on={on.isoformat()}&reach={reach}") for reach in Reach]
        context = {"record": activity, "on": on, "choices": choices}
        return render(request, "activities/reach.html", context)
    reach = reach_in(request.GET)
    if reach is Reach.ALL:
        return edit_page(request, form, activity, template=FORM, context={"reach": reach})
    return _edit_part(request, form, activity, on, reach)


def _edit_part(
    request: UserRequest,
    form: type[ActivityForm],
    series: Activity,
    on: dt.date,
    reach: Reach,
) -> HttpResponse:
    made = exception_of(series, on) if reach is Reach.ONE else rest_of(series, on)
    facts: dict[str, Any] = {name: list(getattr(series, name).all()) for name in COPIED}
    facts["owner"] = series.owner_id or ""

    def after(record: Record) -> None:
        settle(made, series, on, actor=request.user)

    make: Callable[..., ActivityForm] = form
    return edit_page(
        request,
        make,
        made,
        template=FORM,
        initial=facts,
        context={"reach": reach, "on": on, "series": series},
        after=after,
    )
