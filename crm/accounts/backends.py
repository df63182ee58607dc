from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from crm.accounts.models import User


class AccountsBackend(AuthenticationBackend):
    """Signs in by user name or e-mail; loads the person, role and teams in one query."""

    def get_user(self, user_id: Any) -> User | None:
        # Asked on every request, so whoever is deactivated is out with their next click.
        teams = User.teams.through.objects.filter(user_id=OuterRef("pk")).order_by("team_id")
        people = User.objects.active().select_related("role")
        rows = people.annotate(loaded_teams=ArraySubquery(teams.values("team_id")))
        user = rows.filter(pk=user_id).first()
        if user is not None:
            user.team_ids = user.loaded_teams
        return user
