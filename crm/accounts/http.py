from typing import TYPE_CHECKING

from django.http import HttpRequest

from crm.accounts.models import User

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


def actor_of(request: HttpRequest) -> User | None:
    """Who asks, where Django's own pages do not promise that it is one of ours."""
    return request.user if isinstance(request.user, User) else None


class UserRequest(HttpRequest):
    """A request behind the sign-in: its user is one of ours. For annotations."""

    user: User
    htmx: "HtmxDetails"
