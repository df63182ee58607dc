from activities.actions.planning import (
    When,
    copy_activity,
    move_activity,
    planned_at,
    set_status,
    take_activity,
)
from activities.actions.series import (
    Reach,
    change_activity,
    remove_activity,
    settle,
)
from activities.actions.taking_back import put_back, rejoin

__all__ = [
    "Reach",
    "When",
    "change_activity",
    "copy_activity",
    "move_activity",
    "planned_at",
    "put_back",
    "rejoin",
    "remove_activity",
    "set_status",
    "settle",
    "take_activity",
]
