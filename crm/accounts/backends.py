from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from crm.accounts.models import User


class AccountsBackend(AuthenticationBackend):
    """Signs in by user name or e-mail; loads the person and their role in one query."""

    def get_user(self, user_id: Any) -> User | None:
        # Asked on every request, so whoever is deactivated is out with their next click.
        return User.objects.active().select_related("role").filter(pk=user_id).first()
