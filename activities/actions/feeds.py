"""Private addresses of calendars: made, ended, read (E12)."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Feed
from activities.models.feed import hashed, new_token
from crm.accounts.models import Team, User
from crm.records.errors import ActionRefused

NOTED_EVERY = dt.timedelta(minutes=5)


@transaction.atomic
def make_feed(team: Team | None, *, actor: User) -> tuple[Feed, str]:
    """Of one's own calendar, or of a team's that one belongs to: the feed, and its token, which is
    not to be had again. One that there was before ends.

    Raises ActionRefused for a team of others.
    """
    if team is not None and team.pk not in actor.team_ids:
        raise ActionRefused(_("Only somebody of the team can do this."))
    # Whoever makes two at once makes them one after the other.
    User.objects.select_for_update().get(pk=actor.pk)
    Feed.objects.alive().filter(user=actor, team=team).update(revoked_at=timezone.now())
    token = new_token()
    return Feed.objects.create(user=actor, team=team, token_hash=hashed(token)), token


def revoke_feed(feed: Feed, *, actor: User) -> None:
    """Whoever reads it gets nothing from now on. Raises ActionRefused for one of others."""
    if feed.user_id != actor.pk:
        raise ActionRefused(_("Only whose feed it is can end it."))
    Feed.objects.alive().filter(pk=feed.pk).update(revoked_at=timezone.now())


def note_reading(feed: Feed) -> None:
    """Not at each: programs come every few minutes."""
    now = timezone.now()
    is_old = Q(read_at__isnull=True) | Q(read_at__lt=now - NOTED_EVERY)
    Feed.objects.filter(is_old, pk=feed.pk).update(read_at=now)
