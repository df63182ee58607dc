"""Does what is owed leave (B4)? For administrators."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities import alarm
from crm.accounts.http import UserRequest


@never_cache
@require_safe
def health(request: UserRequest) -> HttpResponse:
    if not request.user.is_administrator:
        raise PermissionDenied
    return render(request, "activities/health.html", {"health": alarm.health()})
