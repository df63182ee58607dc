from typing import TYPE_CHECKING

from django.http import HttpRequest

from crm.accounts.models import User

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class UserRequest(HttpRequest):
    """A request behind the sign-in: its user is one of ours. For annotations."""

    user: User
    htmx: "HtmxDetails"
