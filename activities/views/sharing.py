"""Who sees my calendar, and when several people are free at once (E12, F3.12)."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.free import FreeForm, free_slots
from activities.models import Calendar
from activities.sharing_forms import SharingForm
from crm.accounts.http import UserRequest


def calendar_sharing(request: UserRequest) -> HttpResponse:
    with transaction.atomic():
        own, _made = Calendar.objects.select_for_update().get_or_create(user=request.user)
        form = SharingForm(request.POST or None, instance=own)
        if request.method == "POST" and form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect("calendar_sharing")
    status = 422 if request.method == "POST" else 200
    return render(request, "activities/sharing.html", {"form": form}, status=status)


@require_safe
def calendar_free(request: UserRequest) -> HttpResponse:
    """The next times at which all who were chosen are free within their working hours."""
    asked = "people" in request.GET or "minutes" in request.GET
    form = FreeForm(request.GET if asked else None, actor=request.user)
    context: dict[str, Any] = {"form": form, "is_asked": asked}
    if asked and form.is_valid():
        people, minutes = list(form.cleaned_data["people"]), form.cleaned_data["minutes"]
        found = free_slots(people, minutes, form.cleaned_data["day"], reader=request.user)
        context |= {
            "found": [
                (start, start + dt.timedelta(minutes=minutes), _address(start, minutes, people))
                for start in (timezone.localtime(slot.start) for slot in found.slots)
            ],
            "silent": found.silent,
            "is_known": found.is_known,
        }
    status = 422 if asked and form.errors else 200
    return render(request, "activities/free.html", context, status=status)


def _address(start: dt.datetime, minutes: int, people: list[Any]) -> str:
    """The form of an event at that time, with all of them."""
    end = start + dt.timedelta(minutes=minutes)
    facts = {
        "start": start.isoformat()[:16],
        "end": end.isoformat()[:16],
        "owner": people[0].pk,
        "people": ",".join(str(person.pk) for person in people[1:]),
    }
    return f"{reverse('event_create')}?{urlencode(facts)}"
