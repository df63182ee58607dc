"""The link in an invitation: signed, valid for seven days, good for one use."""

from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from crm.accounts.models import User

SALT = "crm.accounts.invitations"
VALID_FOR = timedelta(days=7)


class Trouble(Enum):
    """Why a link does not work."""

    BROKEN = "broken"
    EXPIRED = "expired"
    USED = "used"


def invitation_token(user: User) -> str:
    return signing.dumps([user.pk, _state(user)], salt=SALT)


def invitation_url(user: User) -> str:
    return settings.SITE_URL + reverse("user_activate", args=[invitation_token(user)])


def read_invitation(token: str) -> User | Trouble:
    try:
        pk, state = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.SignatureExpired:
        return Trouble.EXPIRED
    except (signing.BadSignature, ValueError):
        return Trouble.BROKEN
    user = User.objects.active().filter(pk=pk, invited_at__isnull=False).first()
    if user is None or not constant_time_compare(state, _state(user)):
        return Trouble.USED
    return user


def _state(user: User) -> str:
    """Changes as soon as the person sets a password, signs in, or is invited again."""
    facts = (user.pk, user.password, user.last_login, user.invited_at, user.email)
    return salted_hmac(SALT, repr(facts)).hexdigest()[:32]
