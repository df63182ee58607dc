"""The start page: what is to do, what is mine, where I was, what is new."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.accounts.http import UserRequest
from crm.accounts.models import User
from crm.records.models import Favourite, Notification, RecentView, record_kinds
from crm.records.news import told_to, with_details
from crm.records.pointed import ASKED, seen_among
from crm.ui.navigation import widgets_for

SHOWN = 10


@require_safe
@never_cache
def home(request: UserRequest) -> HttpResponse:
    user = request.user
    favourites = Favourite.objects.filter(user=user).order_by("-at")[:ASKED]
    recent = RecentView.objects.filter(user=user).order_by("-at")[:ASKED]
    latest = with_details(Notification.objects.filter(user=user)).order_by("-created_at", "-pk")[
        :ASKED
    ]
    context: dict[str, Any] = {
        "widgets": [(widget.template, widget.context(user)) for widget in widgets_for(user)],
        "favourites": seen_among(user, favourites)[:SHOWN],
        "recent": seen_among(user, recent)[:SHOWN],
        "news": told_to(user, latest)[:SHOWN],
    }
    context["is_new_here"] = not context["recent"] and not _sees_anything(user)
    return render(request, "records/home.html", context)


def _sees_anything(user: User) -> bool:
    return any(model.objects.visible_to(user).exists() for model in record_kinds().values())
