"""Who takes part is told of changes, in their transaction."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from activities.actions.inviting import tell_of_save, tell_of_trash
from activities.models import Activity
from crm.accounts.models import User
from crm.records.signals import record_saved, record_trashed


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
