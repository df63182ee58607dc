"""What django-axes asks of us: whose attempts these are, and the page that says "wait"."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.accounts.models import User


def attempted_username(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """One person, one count of attempts: by user name, by e-mail, in whatever case typed."""
    typed = (credentials or {}).get("username") or request.POST.get("login", "")
    typed = str(typed).strip()
    known = (
        User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed, email__gt=""))
        .values_list("username", flat=True)
        .first()
    )
    return known or typed.lower()[:150]


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)


def client_ip(request: HttpRequest) -> str:
    """The browser's address, also behind the proxy settings speak of."""
    return get_adapter(request).get_client_ip(request)
