"""Calendars for other programs: the page that makes their addresses, and what is there (E12)."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from activities.actions.feeds import make_feed, note_reading, revoke_feed
from activities.feeds import read_feed
from activities.models import Feed
from crm.accounts.http import UserRequest
from crm.accounts.models import Team
from crm.ui.keys import key_in


@login_not_required
@require_safe
def calendar_ics(request: HttpRequest, token: str) -> HttpResponse:
    """Unknown, ended, of somebody who is not active any more: all the same answer."""
    feed = Feed.objects.at(token).select_related("user__role", "team").first()
    if feed is None:
        return _nothing()
    with override(feed.user.language), timezone.override(feed.user.tz):
        contents = read_feed(feed)
        if contents is None:
            return _nothing()
        note_reading(feed)
        etag = f'"{contents.stamp}"'
        answer = get_conditional_response(request, etag=etag)
        if answer is None:
            answer = HttpResponse(contents.text(), content_type="text/calendar; charset=utf-8")
            answer.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
        answer.headers["ETag"] = etag
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def _nothing() -> HttpResponse:
    answer = HttpResponse("There is no calendar here.\n", "text/plain; charset=utf-8", 404)
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


@require_safe
def calendar_feeds(request: UserRequest) -> HttpResponse:
    return _page(request)


@never_cache
@require_POST
def calendar_feed_make(request: UserRequest) -> HttpResponse:
    """The address is in the answer and nowhere else, so it leads to no other page."""
    team = None
    if request.POST.get("team"):
        key = key_in(request.POST["team"])
        team = get_object_or_404(Team, pk=key or 0)
        if team.pk not in request.user.team_ids:
            raise Http404
    feed, token = make_feed(team, actor=request.user)
    address = settings.SITE_URL + reverse("calendar_ics", args=[token])
    return _page(request, made=feed, address=address)


@require_POST
def calendar_feed_revoke(request: UserRequest, pk: int) -> HttpResponse:
    feed = get_object_or_404(Feed.objects.alive(), pk=pk, user=request.user)
    revoke_feed(feed, actor=request.user)
    messages.success(request, _("The address does not work any more."))
    return redirect("calendar_feeds")


def _page(request: UserRequest, **made: Any) -> HttpResponse:
    feeds = {feed.team_id: feed for feed in Feed.objects.alive().filter(user=request.user)}
    teams = Team.objects.filter(pk__in=request.user.team_ids)
    calendars = [(None, feeds.get(None)), *((team, feeds.get(team.pk)) for team in teams)]
    return render(request, "activities/feeds.html", {"calendars": calendars, **made})
