"""What follows from a change of an activity, in its transaction."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from activities.actions.inviting import tell_of_save, tell_of_trash
from activities.actions.reminding import plan_reminders
from activities.models import Activity
from activities.signals import activity_written
from crm.accounts.models import User
from crm.records.signals import record_saved, record_trashed


@receiver(activity_written, dispatch_uid="reminders_follow_their_activity")
def follow_activity(activity: Activity, **_kwargs: Any) -> None:
    plan_reminders(activity)


@receiver(record_saved, sender=Activity, dispatch_uid="those_who_take_part_are_told")
def tell(
    record: Activity,
    actor: User | None,
    is_new: bool,
    changes: Sequence[dict[str, Any]],
    **_kwargs: Any,
) -> None:
    tell_of_save(record, actor=actor, is_new=is_new, changes=changes)


@receiver(record_trashed, sender=Activity, dispatch_uid="those_who_take_part_are_told_of_trash")
def tell_trashed(record: Activity, actor: User | None, **_kwargs: Any) -> None:
    tell_of_trash(record, actor=actor)
