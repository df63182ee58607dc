"""The bell: a panel loaded when it opens, a dot kept up to date, and the page of all news."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from crm.accounts.http import UserRequest
from crm.accounts.models import User
from crm.records.actions import read_notifications
from crm.records.models import Notification
from crm.records.models.notification import unread_count
from crm.records.news import News, hidden_among, told_to, with_details
from crm.ui.paging import Sort, page_asked_for

PAGE_SIZE = 30
PANEL_SIZE = 8
NEWEST = Sort("created_at", descending=True)


@require_safe
@never_cache
def notification_list(request: UserRequest) -> HttpResponse:
    """All news, or what is unread, newest first."""
    is_all = request.GET.get("show") == "all"
    rows = request.user.notifications.all() if is_all else request.user.notifications.unread()
    page = page_asked_for(request, with_details(rows), NEWEST, size=PAGE_SIZE)
    context = {
        "news": _shown(request.user, page.rows),
        "newer": page.newer,
        "older": page.older,
        "is_all": is_all,
        "unread": unread_count(request.user),
    }
    return render(request, "records/notifications.html", context)


@require_GET
@never_cache
def notification_panel(request: UserRequest) -> HttpResponse:
    """The newest few, for the bell."""
    return _panel(request)


@require_GET
@never_cache
def notification_unread(request: UserRequest) -> HttpResponse:
    """Asked every minute by every open page: one counted index, and 204 when nothing changed."""
    unread = unread_count(request.user)
    if request.GET.get("shown") == str(unread):
        return HttpResponse(status=204)
    return render(request, "ui/bell_dot.html", {"unread": unread})


@require_safe
@never_cache
def notification_open(request: UserRequest, pk: int) -> HttpResponse:
    """To the record; on the way the news becomes read, also when it came by mail."""
    notification = get_object_or_404(request.user.notifications.select_related("event"), pk=pk)
    read_notifications(request.user.notifications.filter(pk=pk))
    news = told_to(request.user, [notification])
    if not news:
        raise Http404(_("There is nothing here, or it is not for you."))
    return redirect(news[0].record.get_absolute_url())


@require_POST
def notification_read_all(request: UserRequest) -> HttpResponse:
    read_notifications(request.user.notifications.all())
    if request.htmx:
        return _panel(request)
    messages.success(request, _("All notifications are marked as read."))
    return redirect("notification_list")


def _panel(request: UserRequest) -> HttpResponse:
    newest = request.user.notifications.order_by("-created_at", "-pk")[:PANEL_SIZE]
    rows = list(with_details(newest))
    context: dict[str, Any] = {
        "news": _shown(request.user, rows),
        "unread": unread_count(request.user),
    }
    return render(request, "records/notifications_panel.html", context)


def _shown(reader: User, rows: list[Notification]) -> list[News]:
    """What `reader` still sees of `rows`; the rest is settled, so that no dot points to nothing."""
    news = told_to(reader, rows)
    hidden = [row.pk for row in hidden_among(rows, news) if row.read_at is None]
    if hidden:
        read_notifications(reader.notifications.filter(pk__in=hidden))
    return news
