"""What follows from a change of an activity, in its transaction."""

from typing import Any

from django.dispatch import receiver

from activities import invitation_receivers  # noqa: F401  listens, too
from activities.actions.reminding import plan_reminders
from activities.models import Activity
from activities.signals import activity_written


@receiver(activity_written, dispatch_uid="reminders_follow_their_activity")
def follow_activity(activity: Activity, **_kwargs: Any) -> None:
    plan_reminders(activity)
