"""Who can see this, and why."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.accounts.http import UserRequest
from crm.records.access import people_with_access
from crm.records.fetch import allows, fetch, model_of


@require_safe
@never_cache
def record_access(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    model = model_of(kind)
    rows = model.objects.select_related("owner", "team")
    record = fetch(request.user, "view", model, pk, queryset=rows)
    context = {
        "record": record,
        "people": people_with_access(record),
        "can_change": allows(request.user, "change", record),
    }
    return render(request, "records/access.html", context)
