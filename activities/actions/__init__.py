from activities.actions.planning import (
    When,
    copy_activity,
    move_activity,
    planned_at,
    set_status,
    take_activity,
)
from activities.actions.series import Reach, change_activity, put_back, remove_activity, settle

__all__ = [
    "Reach",
    "When",
    "change_activity",
    "copy_activity",
    "move_activity",
    "planned_at",
    "put_back",
    "remove_activity",
    "set_status",
    "settle",
    "take_activity",
]
