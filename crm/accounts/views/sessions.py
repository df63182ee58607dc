from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.accounts import actions
from crm.accounts.http import UserRequest


@require_POST
def session_end(request: UserRequest, pk: int) -> HttpResponse:
    """One of one's own, elsewhere. Whoever means this one is shown the way out."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.session_key == request.session.session_key:
        return redirect("account_logout")
    actions.end_session(session, actor=request.user)
    messages.success(request, _("You are signed out there."))
    return redirect("usersessions_list")
