"""What happens when somebody signs in."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from crm.accounts.http import UserRequest


def note_sign_in(sender: Any, *, request: UserRequest, **kwargs: Any) -> None:
    """One more place in the list of them; those that ended leave it, as sessions are kept in the
    database. Which of the others a new password ended, allauth finds when the list is opened."""
    live = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=timezone.now()
    )
    UserSession.objects.filter(~Exists(live), user=request.user).delete()
    UserSession.objects.create_from_request(request)
