"""What calendars, lists and cards do with an activity by a single post.

The calendar asks for JSON (its answers are in the contract of static/js/calendar.js); everything
else is led back to where it came from, with a sentence.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from activities import actions
from activities.actions import Reach, planned_at
from activities.clashes import clashes, refusal
from activities.models import Activity, catalog
from activities.models.slot import people_on
from activities.views.asked import (
    day_in,
    occurrence_in,
    people_in,
    reach_in,
    version_in,
    wants_json,
    when_in,
)
from activities.when import period_words, when_words
from crm.accounts.http import UserRequest
from crm.accounts.models import User
from crm.accounts.rights import can
from crm.records.actions import restore_record, trash_record
from crm.records.errors import ActionRefused, Outdated
from crm.records.fetch import fetch
from crm.records.refusals import refusals_as_messages
from crm.ui.keys import key_in

STALE = gettext_lazy("Somebody changed it meanwhile. Look at it again.")


@dataclass(frozen=True)
class Done:
    text: str
    undo: str = ""
    version: int | None = None  # of what was changed, if it is still the same one


class Clashing(Exception):
    """It would meet something, and nobody has said yet that it may."""


Deed = Callable[[UserRequest, int], Done]


def deed(change: Deed) -> Callable[[UserRequest, int], HttpResponse]:
    """A view of what is Done, or raises ActionRefused, Outdated or Clashing."""

    @wraps(change)
    @require_POST
    def view(request: UserRequest, pk: int) -> HttpResponse:
        done, error, status = Done(""), "", 200
        try:
            done = change(request, pk)
        except Outdated:
            done = Done(str(STALE))
            error, status = "stale", 409
        except Clashing as clash:
            done, error, status = Done(str(clash)), "overlap", 409
        except ActionRefused as refusal:
            done, error, status = Done(str(refusal)), "refused", 422
        if wants_json(request):
            facts = {"error": error} if error else {}
            answer = {"text": done.text, "undo": done.undo, "version": done.version} | facts
            return JsonResponse(answer, status=status)
        level = messages.ERROR if error else messages.SUCCESS
        messages.add_message(request, level, done.text, extra_tags=done.undo)
        return redirect(_back(request, pk, request.POST.get("next", "")))

    return view


def _back(request: UserRequest, pk: int, asked: str) -> Any:
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
        return asked
    seen = Activity.objects.visible_to(request.user).filter(pk=pk).first()
    return seen or "calendar"


def _undo(pk: int, **facts: Any) -> str:
    return f"{reverse('activity_undo', args=[pk])}?{urlencode(facts)}"


def _undo_of(
    activity: Activity, changed: Activity, reach: Reach | None, before: dict[str, Any]
) -> str:
    """Of a single one, what it was `before`; of what was taken out of a series, to be part of it
    again; of more of a series, nothing."""
    if reach is Reach.ONE and changed != activity:
        return _undo(changed.pk, rejoin=changed.version)
    return _undo(changed.pk, **before) if reach is None and before else ""


def _look(request: UserRequest, planned: Activity, people: Callable[[], Iterable[int]]) -> None:
    if request.POST.get("sure") == "1":
        return
    found = User.objects.filter(pk__in=people())
    if why := refusal(planned, found, request.user):
        raise ActionRefused(why)
    met = clashes(planned, found, request.user)
    if met:
        raise Clashing(_("At the same time: %(what)s.") % {"what": "; ".join(map(str, met))})


@deed
def activity_move(request: UserRequest, pk: int) -> Done:
    activity = fetch(request.user, "change", Activity, pk)
    when, on = when_in(request.POST, request.user), occurrence_in(request.POST, activity)
    reach, people = reach_in(request.POST), people_in(request.POST)
    version = version_in(request.POST)
    if version not in (None, activity.version):
        raise Outdated  # before anybody is asked whether it may meet something
    _look(request, planned_at(activity, when, on), lambda: _people_then(activity, people))
    before = _where(activity, on, request.user, people)
    moved = actions.move_activity(
        activity,
        when,
        actor=request.user,
        on=on,
        reach=reach,
        people=people,
        expected_version=version,
    )
    undo = _undo_of(
        activity, moved, reach if on else None, before if not people or people[0] else {}
    )
    stays = str(before["start"]) == request.POST["start"]
    is_stretched = stays and str(before["end"]) != request.POST["end"]
    words = period_words(moved) if is_stretched else when_words(moved)
    return Done(_("Moved: %(when)s.") % {"when": words}, undo, moved.version)


def _people_then(activity: Activity, people: tuple[User | None, User] | None) -> set[int]:
    if not people:
        return people_on(activity)
    giver, taker = people
    return (people_on(activity) - {giver.pk if giver else 0}) | {taker.pk}


def _where(
    activity: Activity,
    on: dt.date | None,
    reader: User,
    people: tuple[User | None, User] | None,
) -> dict[str, Any]:
    """What brings it back."""
    moved = (on or activity.anchor) - activity.anchor
    facts: dict[str, Any]
    if activity.is_all_day:
        first = activity.ends_on if activity.is_task else activity.starts_on
        facts = {"start": first + moved, "end": activity.ends_on + moved, "all_day": 1}
    else:
        start, end = activity.instants(on)
        local = (moment.astimezone(reader.tz).isoformat()[:16] for moment in (start, end))
        facts = dict(zip(("start", "end"), local, strict=True))
    if people and people[0]:
        facts |= {"from_person": people[1].pk, "to_person": people[0].pk}
    return facts


@deed
def activity_copy(request: UserRequest, pk: int) -> Done:
    activity = fetch(request.user, "view", Activity, pk)
    if not can(request.user, "change", Activity.kind):
        raise PermissionDenied(_("You may not create this."))
    when, on = when_in(request.POST, request.user), occurrence_in(request.POST, activity)
    people = people_in(request.POST)
    owner = people[1] if people else activity.owner
    planned = planned_at(activity, when, on)
    planned.pk = planned.series_id = None
    _look(request, planned, lambda: [owner.pk] if owner else [])
    made = actions.copy_activity(activity, when, actor=request.user, on=on, owner=owner)
    return Done(_("Copied: %(when)s.") % {"when": when_words(made)}, _undo(made.pk, made=1))


@deed
def activity_status(request: UserRequest, pk: int) -> Done:
    activity = fetch(request.user, "change", Activity, pk)
    status = catalog().statuses.get(key_in(request.POST.get("status", "")) or 0)
    if status is None:
        raise Http404
    on, reach = occurrence_in(request.POST, activity), reach_in(request.POST)
    changed = actions.set_status(
        activity,
        status,
        actor=request.user,
        on=on,
        reach=reach,
        expected_version=version_in(request.POST),
    )
    undo = _undo_of(activity, changed, reach if on else None, {"status": activity.status_id})
    return Done(_("Shown as: %(status)s.") % {"status": status}, undo, changed.version)


@deed
def activity_take(request: UserRequest, pk: int) -> Done:
    activity = fetch(request.user, "view", Activity, pk)
    actions.take_activity(activity, actor=request.user)
    return Done(_("It is yours now."))


@deed
def activity_remove(request: UserRequest, pk: int) -> Done:
    activity = fetch(request.user, "delete", Activity, pk)
    on, reach = occurrence_in(request.POST, activity), reach_in(request.POST)
    actions.remove_activity(
        activity,
        actor=request.user,
        on=on,
        reach=reach,
        expected_version=version_in(request.POST),
    )
    if on is None or reach is Reach.ALL:
        return Done(_("Moved to the trash."), _undo(pk, trashed=1))
    undo = _undo(pk, back=on) if reach is Reach.ONE else ""
    return Done(_("Taken out."), undo)


@require_POST
def activity_undo(request: UserRequest, pk: int) -> HttpResponse:
    """What a note offers to take back; the address says what that means. Asks for the rights
    anew."""
    with refusals_as_messages(request):
        try:
            messages.success(request, _take_back(request, pk))
        except Outdated:
            raise ActionRefused(str(STALE)) from None
    if "made" in request.GET:
        return redirect("calendar")  # what was made is gone, and so may be the page of it
    return redirect(_back(request, pk, request.headers.get("Referer", "")))


def _take_back(request: UserRequest, pk: int) -> str:
    asked, user = request.GET, request.user
    if "trashed" in asked:
        restore_record(fetch(user, "delete", Activity, pk, trashed=True), actor=user)
    elif "made" in asked:
        trash_record(fetch(user, "delete", Activity, pk), actor=user)
    elif "back" in asked:
        day = day_in(asked["back"])
        if day is None:
            raise Http404
        actions.put_back(fetch(user, "delete", Activity, pk), day, actor=user)
    elif "rejoin" in asked:
        _rejoin(user, pk, key_in(asked["rejoin"]))
    elif "status" in asked:
        status = catalog().statuses.get(key_in(asked["status"]) or 0)
        if status is None:
            raise Http404
        actions.set_status(fetch(user, "change", Activity, pk), status, actor=user)
    else:
        activity = fetch(user, "change", Activity, pk)
        people = people_in(asked)
        actions.move_activity(activity, when_in(asked, user), actor=user, people=people)
    return _("Taken back.")


def _rejoin(user: User, pk: int, version: int | None) -> None:
    one = fetch(user, "change", Activity, pk)
    if one.series_id:
        fetch(user, "change", Activity, one.series_id)
    actions.rejoin(one, actor=user, expected_version=version)
