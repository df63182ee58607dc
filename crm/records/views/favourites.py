"""The star on a card."""

from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crm.accounts.http import UserRequest
from crm.records.fetch import fetch, model_of
from crm.records.models import Favourite


@require_POST
def favourite_toggle(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    record = fetch(request.user, "view", model_of(kind), pk)
    place = {
        "user": request.user,
        "content_type": ContentType.objects.get_for_model(record),
        "object_id": record.pk,
    }
    removed, _by_model = Favourite.objects.filter(**place).delete()
    if not removed:
        Favourite.objects.get_or_create(**place)
    if not request.htmx:
        return redirect(record.get_absolute_url())
    context = {"record": record, "kind": kind, "is_favourite": not removed}
    return render(request, "records/_star.html", context)
