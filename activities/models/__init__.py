from activities.models.activity import Activity
from activities.models.attendee import Attendee, Invitee
from activities.models.booking import Booking
from activities.models.calendar import Calendar, Grant, Sharing
from activities.models.catalog import (
    OPEN_CATEGORIES,
    ActivityStatus,
    ActivityType,
    Category,
    Nature,
    catalog,
)
from activities.models.feed import Feed
from activities.models.reminder import Reminder, Wanted
from activities.models.slot import Slot

__all__ = [
    "OPEN_CATEGORIES",
    "Activity",
    "ActivityStatus",
    "ActivityType",
    "Attendee",
    "Booking",
    "Calendar",
    "Category",
    "Feed",
    "Grant",
    "Invitee",
    "Nature",
    "Reminder",
    "Sharing",
    "Slot",
    "Wanted",
    "catalog",
]
