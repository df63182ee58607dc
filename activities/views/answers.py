"""Answering an invitation: by the link in its mail, and ours on the card, too (B24)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activities.actions.answering import answer_invitation, invited_by, refuse_late
from activities.actions.letters import language_for, zone_for
from activities.ical import organizer_of
from activities.invitations import repeat_words, when_words, zone_words
from activities.models import Activity, Attendee
from activities.views.changes import Done, deed
from crm.accounts.http import UserRequest
from crm.records.errors import ActionRefused
from crm.records.fetch import fetch

PAGE = "activities/answer.html"
ANSWERS = (Attendee.Answer.ACCEPTED, Attendee.Answer.TENTATIVE, Attendee.Answer.DECLINED)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing: programs that examine mails open every link in them."""
    guest = invited_by(token)
    if guest is None:
        return render(request, PAGE, {"trouble": "unknown"}, status=404)
    language = language_for(guest.person, guest.activity)
    with override(language), timezone.override(zone_for(guest.person, guest.activity)):
        answer = _answer(request, guest)
    answer.headers["Content-Language"] = language
    return answer


def _answer(request: HttpRequest, guest: Attendee) -> HttpResponse:
    try:
        refuse_late(guest.activity)
        if request.method != "POST":
            return render(request, PAGE, _context(guest))
        answer = request.POST.get("answer", "")
        if answer not in ANSWERS:
            context = _context(guest) | {"error": _("Choose one of the answers.")}
            return render(request, PAGE, context, status=422)
        comment = request.POST.get("comment", "").replace("\x00", "")
        answer_invitation(guest, answer, actor=guest.user, comment=comment)
    except ActionRefused as refusal:
        context = _context(guest) | {"trouble": "late", "refusal": str(refusal)}
        return render(request, PAGE, context, status=410)
    messages.success(request, _("Thank you. Your answer has been passed on."))
    return redirect(request.path)


def _context(guest: Attendee) -> dict[str, Any]:
    """What a guest may know, and no more."""
    activity, zone = guest.activity, zone_for(guest.person, guest.activity)
    on = activity.next_date(timezone.localdate(timezone=activity.tz))
    return {
        "guest": guest,
        "subject": activity.subject,
        "when": when_words(activity, on, zone),
        "zone": zone_words(activity, on, zone),
        "repeats": repeat_words(activity),
        "place": activity.place,
        "organizer": organizer_of(activity).name,
        "answered": guest.answer if guest.answer in ANSWERS else "",
    }


@deed
def activity_answer(request: UserRequest, pk: int) -> Done:
    activity = fetch(request.user, "view", Activity, pk)
    row = activity.attendees.filter(user=request.user).first()
    if row is None:
        raise PermissionDenied(_("You are not invited to this."))
    answer = request.POST.get("answer", "")
    if answer not in ANSWERS:
        raise ActionRefused(_("Choose one of the answers."))
    comment = request.POST.get("comment", "").replace("\x00", "")
    answer_invitation(row, answer, actor=request.user, comment=comment)
    return Done(_("Your answer has been passed on."))
